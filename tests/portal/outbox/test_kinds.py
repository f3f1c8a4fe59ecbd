"""Every kind of message in every language: says the same as text and HTML, and nothing about anybody in the subject."""

import html
import re
from itertools import product
from pathlib import Path

import allauth
import pytest
from django.conf import settings

from portal.outbox.account_mail import MAILS
from portal.outbox.enums import TRANSITIONS, Channel, MessageState
from portal.outbox.kinds import KINDS, Kind
from portal.outbox.plain_text import plain_text
from portal.outbox.rendering import render
from tests.portal.outbox.letters import LINK, PLANTED, context_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVERY = list(product(KINDS.values(), LANGUAGES))


def _name(value: object) -> str:
    return value.code if isinstance(value, Kind) else str(value)


def _words_of_html(source: str) -> list[str]:
    """The words that a mail program shows, by another way than the portal's own."""
    body = source.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^>]+>", " ", body)).split()


@pytest.mark.parametrize(("kind", "language"), EVERY, ids=_name)
def test_text_and_html_say_the_same(kind: Kind, language: str) -> None:
    drawn = render(kind, Channel.MAIL, context_of(kind), language, "https://portal.example/stop/")
    addresses = re.findall(r'href="([^"]+)"', drawn.html)
    text = drawn.text
    for address in map(html.unescape, addresses):
        assert f":\n{address}\n" in text  # a link is its words and, on the next line, its address
        text = text.replace(f":\n{address}\n", "\n", 1)
    words = [word for word in text.split() if word != "-"]
    assert words == _words_of_html(drawn.html)
    assert "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}" not in text


@pytest.mark.parametrize(("kind", "language"), EVERY, ids=_name)
def test_the_subject_is_the_same_whatever_the_message_is_about(kind: Kind, language: str) -> None:
    context = context_of(kind)
    empty = {name: "x" if isinstance(value, str) else value for name, value in context.items()}
    subject = render(kind, Channel.MAIL, context, language).subject
    assert subject
    assert subject == render(kind, Channel.MAIL, empty, language).subject
    assert len(subject) <= 78
    assert not [part for part in PLANTED if part.lower() in subject.lower()]


@pytest.mark.parametrize("kind", KINDS.values(), ids=_name)
def test_each_language_has_words_of_its_own(kind: Kind) -> None:
    drawn = [render(kind, Channel.MAIL, context_of(kind), language) for language in LANGUAGES]
    assert len({one.subject for one in drawn}) == len(LANGUAGES)
    assert len({one.text for one in drawn}) == len(LANGUAGES)
    for one, language in zip(drawn, LANGUAGES, strict=True):
        assert f'<html lang="{language}">' in one.html


@pytest.mark.parametrize("kind", KINDS.values(), ids=_name)
def test_a_mail_needs_no_images_and_fetches_nothing(kind: Kind) -> None:
    source = render(kind, Channel.MAIL, context_of(kind), "fi").html
    assert not re.findall(r"<(?:img|link|script|iframe|object|form)\b|\bsrc=|url\(|@import|@font-face", source)
    assert '<meta name="color-scheme" content="light dark">' in source
    assert "prefers-color-scheme: dark" in source


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if Channel.SMS in kind.channels], ids=_name)
def test_a_text_message_is_short_and_says_nothing_about_the_person(kind: Kind, language: str) -> None:
    drawn = render(kind, Channel.SMS, context_of(kind), language)
    assert (drawn.subject, drawn.html) == ("", "")
    assert LINK in drawn.text  # not escaped: nobody reads HTML here
    assert len(drawn.text) - len(LINK) <= 160
    assert not [part for part in PLANTED if part in drawn.text]


def test_what_people_write_is_escaped_in_html_and_not_in_text() -> None:
    kind = KINDS["new_device"]
    drawn = render(kind, Channel.MAIL, {**context_of(kind), "browser": "<b>O'Brien</b> & co"}, "en")
    assert "&lt;b&gt;O&#x27;Brien&lt;/b&gt; &amp; co" in drawn.html
    assert "<b>O'Brien</b> & co" in drawn.text


def test_the_plain_text_reads_as_a_letter() -> None:
    source = (
        "<html><head><title>no</title><style>p {}</style></head><body><h1>Hello</h1>\n<p>One\n two<br>three "
        '<a href="https://a.example/?x=1&amp;y=2">here</a> four.</p><ul><li>first</li><li>second</li></ul>'
        '<p>At <a href="mailto:x@a.example">x@a.example</a></p></body></html>'
    )
    assert plain_text(source) == (
        "Hello\n\nOne two\nthree here:\nhttps://a.example/?x=1&y=2\nfour.\n\n- first\n- second\n\nAt x@a.example\n"
    )


# --- The tables ------------------------------------------------------------------------------------------------------
NOT_IN_USE = {
    "account/email/login_code": "sign-in by a code from a mail is off",
    "account/email/password_reset_code": "passwords are made anew by a link",
    "account/email/email_confirm": "a template that nothing sends",
}


def test_every_mail_of_allauth_has_a_kind() -> None:
    package = Path(allauth.__file__).parent
    sources = [path for room in ("account", "mfa", "usersessions") for path in (package / room).rglob("*.py")]
    asked = {
        name
        for path in sources
        if "tests" not in path.parts
        for name in re.findall(r'"((?:account|mfa)/email/\w+)"', path.read_text(encoding="utf-8"))
    }
    assert asked
    assert not asked - set(MAILS) - set(NOT_IN_USE)


def test_every_kind_of_the_sign_in_is_there() -> None:
    assert not {mail.kind for mail in MAILS.values()} - set(KINDS)


def test_only_what_can_be_left_out_is_optional() -> None:
    assert not [mail.kind for mail in MAILS.values() if KINDS[mail.kind].optional]


def test_the_table_of_transitions_speaks_of_every_state() -> None:
    assert set(TRANSITIONS) == set(MessageState)
    assert not TRANSITIONS[MessageState.SENT]
    assert not TRANSITIONS[MessageState.WITHDRAWN]
