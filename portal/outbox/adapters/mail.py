"""Mail by the backend that EMAIL_URL names."""

import smtplib
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from portal.outbox.adapters import Answer, Letter, NotNow, Refused
from portal.outbox.adapters.smtp import AnsweringBackend

_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_PERMANENT: Final = range(500, 600)


class MailAdapter:
    """Plain text with HTML beside it, over one connection a batch."""

    name = "mail"

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, letter: Letter) -> Answer:
        """Hand a mail over. Before the server has been given the text, every trouble is one of the moment."""
        backend = self._open()
        try:
            backend.send_messages([self._message(letter, backend)])
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise _not_taken(code, reply) from error
        except smtplib.SMTPResponseException as error:
            raise _not_taken(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            if isinstance(backend, AnsweringBackend) and not backend.handed_over:
                self.close()
                raise NotNow(type(error).__name__) from error
            raise
        return Answer(backend.last_answer if isinstance(backend, AnsweringBackend) else "")

    def close(self) -> None:
        """Let the connection go; a server that has gone already is no trouble."""
        connection, self._connection = self._connection, None
        if connection is not None:
            _close(connection)

    def _open(self) -> BaseEmailBackend:
        if self._connection is None:
            connection: BaseEmailBackend = (
                AnsweringBackend() if settings.EMAIL_BACKEND == _SMTP else get_connection(settings.EMAIL_BACKEND)
            )
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                _close(connection)
                raise NotNow(_words(error)) from error
            self._connection = connection
        return self._connection

    def _message(self, letter: Letter, backend: BaseEmailBackend) -> EmailMultiAlternatives:
        headers = {
            "Message-ID": f"<{letter.reference}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
            **letter.headers,
        }
        mail = EmailMultiAlternatives(
            letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.address], headers=headers
        )
        mail.connection = backend
        if letter.html:
            mail.attach_alternative(letter.html, "text/html")
        return mail


def _close(connection: BaseEmailBackend) -> None:
    """End a connection, whatever state it is in."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _domain() -> str:
    """The sender's domain: a Message-ID says where it comes from, not on which machine it was made."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip(" >") or "localhost"


def _not_taken(code: int, reply: Any) -> NotNow | Refused:
    text = f"{code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"
    return Refused(text) if code in _PERMANENT else NotNow(text)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"
    return type(error).__name__
