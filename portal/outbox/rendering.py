"""A message of a kind in a language: subject, HTML and the plain text of it, or the few words of a text message."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from portal.outbox.enums import Channel
from portal.outbox.kinds import Kind
from portal.outbox.plain_text import plain_text


@dataclass(frozen=True)
class Rendered:
    """What a message says."""

    subject: str
    text: str
    html: str


class WrongContext(Exception):
    """The context given does not fit the kind's templates."""


def render(
    kind: Kind, channel: Channel | str, context: Mapping[str, object], language: str, unsubscribe: str = ""
) -> Rendered:
    """Draw the templates of a kind. Raises WrongContext where names are missing or too many.

    `unsubscribe` is the address at which the reader says that no more of these are wanted.
    """
    if differing := kind.needs.symmetric_difference(context):
        raise WrongContext(f"{kind.code} needs {sorted(kind.needs)}; missing or too many: {sorted(differing)}")
    with translation.override(language):
        shown = {"site_url": settings.SITE_URL.rstrip("/"), "unsubscribe": unsubscribe, **context}
        if channel == Channel.SMS:
            return Rendered("", _one_line(_plain(f"outbox/{kind.code}/sms.txt", shown)), "")
        subject = _one_line(_plain(f"outbox/{kind.code}/subject.txt", shown))
        html = get_template(f"outbox/{kind.code}/body.html").render({**shown, "subject": subject})
    return Rendered(subject, plain_text(html), html)


def _plain(template: str, context: Mapping[str, object]) -> str:
    """A template of plain text: an apostrophe stays an apostrophe."""
    return str(get_template(template).template.render(Context(dict(context), autoescape=False)))  # type: ignore[attr-defined]


def _one_line(text: str) -> str:
    return " ".join(text.split())
