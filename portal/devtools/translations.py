"""Finnish and Swedish texts: compiled at set-up, and checked against every text that the code and the templates use.

`python -m portal.devtools.translations --compile` and `--check` run in the virtual environment (Babel, Django).
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from portal.devtools.paths import CHECKOUT

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("fi", "sv")
_NOT_OURS = {".venv", ".state", ".git", "node_modules", "staticfiles", "tests", "migrations", "devtools"}
_CONTEXT_FIRST = ((1, "c"), 2)
_CONTEXT_PLURAL = ((1, "c"), 2, 3)
_KEYWORDS = {
    **dict.fromkeys(("_", "_gettext", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT_FIRST),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)|%[sd]|\{\w*")  # of % and of str.format, without the width and precision


@dataclass(frozen=True)
class Text:
    """One text that people see, as the source asks for it."""

    msgid: str
    plural: str | None
    context: str | None
    place: str


def catalog_files(checkout: Path) -> dict[str, Path]:
    """Language -> its .po file."""
    return {language: checkout / "locale" / language / "LC_MESSAGES" / "django.po" for language in LANGUAGES}


def to_compile(checkout: Path) -> list[Path]:
    """The .po files whose .mo is missing or older."""
    sources = [path for path in catalog_files(checkout).values() if path.exists()]
    return [path for path in sources if _compiled_at(path) < path.stat().st_mtime]


def _compiled_at(source: Path) -> float:
    target = source.with_suffix(".mo")
    return target.stat().st_mtime if target.exists() else 0.0


def compile_catalogs(checkout: Path) -> list[Path]:
    """Compile what is out of date; fuzzy translations are left out. The .mo files written."""
    from babel.messages.mofile import write_mo

    written = []
    for source in to_compile(checkout):
        catalog = _read(source)
        half = source.with_suffix(".mo.new")
        with open(half, "wb") as file:
            write_mo(file, catalog)
        written.append(half.replace(source.with_suffix(".mo")))
    return written


def _read(source: Path) -> "Catalog":
    from babel.messages.pofile import read_po

    with open(source, "rb") as file:
        return read_po(file, locale=source.parents[1].name, domain="django", abort_invalid=True)


def texts(checkout: Path) -> Iterator[Text]:
    """Every text of the Python code and the templates."""
    for path in sorted(checkout.rglob("*")):
        place = path.relative_to(checkout)
        if _NOT_OURS.intersection(place.parts) or not path.is_file():
            continue
        if path.suffix == ".py":
            code = path.read_bytes()
            yield from _extracted(code, place)
            yield from _inside_fstrings(code, place)
        elif path.suffix in (".html", ".txt") and "templates" in place.parts:
            yield from _extracted(_template_as_code(path.read_text(encoding="utf-8"), place), place)


def _template_as_code(source: str, place: Path) -> bytes:
    """A template as calls of gettext, by Django's own reader; not indented, which Python would take seriously."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    code: str = templatize(source, origin=str(place))
    return "\n".join(line.lstrip() for line in code.split("\n")).encode()


def _extracted(code: bytes, place: Path, first_line: int = 1) -> Iterator[Text]:
    from babel.messages.extract import extract

    for number, message, _comments, context in extract(
        "python", io.BytesIO(code), keywords=_KEYWORDS, options={"encoding": "utf-8"}
    ):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        yield Text(singular, plural, context, f"{place}:{number + first_line - 1}")


def _inside_fstrings(code: bytes, place: Path) -> Iterator[Text]:
    """Texts asked for within the braces of an f-string, which before Python 3.12 is one token to Babel."""
    if b"f'" not in code and b'f"' not in code:
        return
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FormattedValue):
            yield from _extracted(ast.unparse(node.value).encode(), place, node.lineno)


def check(checkout: Path) -> list[str]:
    """What is missing or wrong, a line each: no translation, a fuzzy one, changed placeholders, no plural form."""
    wanted: dict[tuple[str | None, str], Text] = {}
    for text in texts(checkout):
        # An entry with plural forms serves the same singular text too, but not the other way round.
        if text.msgid and (text.plural or (text.context, text.msgid) not in wanted):
            wanted[text.context, text.msgid] = text
    problems = []
    for language, source in catalog_files(checkout).items():
        if not source.exists():
            problems.append(f"{language}: there is no {source.relative_to(checkout)}.")
            continue
        catalog = _read(source)
        for text in wanted.values():
            problem = _problem(text, catalog)
            if problem:
                problems.append(f"{language}: {problem}: {text.msgid!r} ({text.place})")
    return problems


def _problem(text: Text, catalog: "Catalog") -> str | None:
    message = catalog.get(text.msgid, text.context)
    if message is None:
        return "missing"
    if message.fuzzy:
        return "fuzzy"
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    forms = [form or "" for form in strings]
    if not all(forms):
        return "not translated"
    if text.plural and len(forms) < catalog.num_plurals:
        return "has no plural form"
    asked = _placeholders(text.msgid) | _placeholders(text.plural or "")
    for form in forms:
        given = _placeholders(form)
        # A form for exactly one may say it in words; no form may name what is not there.
        if given - asked or (asked - given and not text.plural):
            return f"placeholders differ in {form!r}"
    return None


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def main(arguments: Sequence[str]) -> int:
    """Compile or check; 1 when a text lacks its translation."""
    parser = argparse.ArgumentParser(description="Translations of the portal.")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")
    action.add_argument("--check", action="store_true", help="every text must have its Finnish and Swedish translation")
    if parser.parse_args(arguments).compile:
        compile_catalogs(CHECKOUT)
        return 0
    problems = check(CHECKOUT)
    print("\n".join(problems) or "Every text has its Finnish and Swedish translation.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
