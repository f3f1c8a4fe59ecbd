"""Django's SMTP backend that keeps what the server said, and knows whether the server has been given the text.

Until the text itself is sent a lost connection means that nothing was taken; from then on, that nobody knows.
"""

import smtplib
from collections.abc import Sequence
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

_COMMAND: Final = "data\r\n"


class _Conversation:
    """What is noted of a conversation with a server; mixed into smtplib's classes."""

    handed_over = False
    last_answer = ""
    _in_data = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Give the server the text, and keep its answer to it."""
        self._in_data = True
        try:
            code, reply = super().data(msg)  # type: ignore[misc]
        finally:
            self._in_data = False
        self.last_answer = f"{code} {reply.decode('utf-8', 'replace')}"
        return code, reply

    def send(self, s: Any) -> None:
        """Within DATA the first thing sent is the command, the second the text."""
        if self._in_data and s != _COMMAND:
            self.handed_over = True
        super().send(s)  # type: ignore[misc]


class _Smtp(_Conversation, smtplib.SMTP):
    """Plain or STARTTLS."""


class _SmtpSsl(_Conversation, smtplib.SMTP_SSL):
    """TLS from the beginning."""


class AnsweringBackend(EmailBackend):
    """Sends one mail at a time over a connection that stays open; `last_answer` is the server's answer to it."""

    connection: "_Smtp | _SmtpSsl | None"

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.connection is not None:
            self.connection.handed_over = False
        return super().send_messages(email_messages)

    @property
    def handed_over(self) -> bool:
        """Whether the server was given the text of the last mail."""
        return self.connection is not None and self.connection.handed_over

    @property
    def last_answer(self) -> str:
        return self.connection.last_answer if self.connection is not None else ""
