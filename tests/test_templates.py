"""Our templates: nothing inline that the CSP would block, nothing unescaped, none left over."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines

from portal.outbox.kinds import KINDS
from tests.own_code import ROOT, committed_files, templates

FORBIDDEN = {
    "a style of one element (use a class)": r"<[^>]*\sstyle\s*=",
    "a style sheet in the page": r"<style\b",
    "a script in the page": r"<script\b(?![^>]*\ssrc\s*=)",
    "a script in an attribute": r"<[^>]*\son[a-z]+\s*=|\bhx-on\b|javascript:|[\"']js:",
    "text that is not escaped": r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off",
}
ALLOWED = {
    ("mfa/totp/form.html", "text that is not escaped"): "the QR code, drawn by allauth as SVG",
    ("outbox/mail.html", "a style sheet in the page"): "a mail, not a page: it brings its styles along",
}
# Loaded by Django itself.
LOADED_BY_DJANGO = frozenset({"400.html", "403.html", "403_csrf.html", "404.html", "500.html"})

ALL = templates()


def _name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def _without_comments(source: str) -> str:
    source = re.sub(r"{%\s*comment\b.*?endcomment\s*%}", "", source, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", source)


@pytest.mark.parametrize("path", ALL, ids=_name)
def test_nothing_is_inline_and_nothing_unescaped(path: Path) -> None:
    source = _without_comments(path.read_text(encoding="utf-8"))
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, source, re.IGNORECASE | re.DOTALL)]
    assert not [what for what in found if (_name(path), what) not in ALLOWED]


@pytest.mark.parametrize("path", ALL, ids=_name)
def test_every_template_compiles(path: Path) -> None:
    assert engines["django"].get_template(_name(path))


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ('<p style="color: red">', True),
        ("<p STYLE = 'x'>", True),
        ("<script>alert(1)</script>", True),
        ('<script src="/static/x.js" defer></script>', False),
        ('<a onclick="x()">', True),
        ('<button hx-on:click="x()">', True),
        ("{{ text|safe }}", True),
        ("{{ text | safe }}", True),
        ("{{ is_safe }}", False),
        ('<p class="style">once = twice</p>', False),
        ('<meta content="light dark">', False),
    ],
)
def test_what_counts_as_inline(source: str, caught: bool) -> None:
    found = any(re.search(pattern, source, re.IGNORECASE | re.DOTALL) for pattern in FORBIDDEN.values())
    assert found is caught


def _of_a_package(name: str) -> bool:
    """Whether a package has a template of this name, which ours then takes the place of."""
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs() if "site-packages" in app.path]
    return any((folder / name).is_file() for folder in [*folders, *_form_templates()])


def _of_a_message(name: str) -> bool:
    """Whether it is a template of a kind of messages: `portal.outbox.rendering` finds those by the kind's code."""
    folder, _slash, file = name.removeprefix("outbox/").partition("/")
    return name.startswith("outbox/") and folder in KINDS and file in ("subject.txt", "body.html", "sms.txt")


def _form_templates() -> list[Path]:
    import django.forms

    return [Path(django.forms.__file__).parent / "templates"]


def test_no_template_is_left_over() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in committed_files()
        if path.suffix in (".py", ".html", ".txt") and "tests" not in path.relative_to(ROOT).parts
    ]
    text = "\n".join(sources)
    unused = [
        name
        for name in map(_name, ALL)
        if name not in LOADED_BY_DJANGO
        and not _of_a_package(name)
        and not _of_a_message(name)
        and not re.search(rf"[\"']{re.escape(name)}[\"'#]", text)
    ]
    assert not unused
