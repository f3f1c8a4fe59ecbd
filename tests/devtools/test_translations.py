"""The check of Finnish and Swedish: every text of code and templates, in every shape that gettext knows."""

import gettext
from pathlib import Path

import pytest

from portal.devtools import translations

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Vacancies")
MONTH = pgettext("month", "May")
FOUND = ngettext("%(count)s match", "%(count)s matches", 2)
SHOWN = f"{TITLE}: {_('remote') if MONTH else 1}"
"""
TEMPLATE = """{% load i18n %}
<p title="it's (odd">
  {% translate "Sign in" %}
      {% blocktranslate trimmed with name=user.name %}
        Hello,
        {{ name }}
      {% endblocktranslate %}
   {{ value|default:_("No reason given") }}
</p>
"""
ENTRIES = {
    "Vacancies": "Avoimet työpaikat",
    "Sign in": "Kirjaudu",
    "Hello, %(name)s": "Hei, %(name)s",
    "No reason given": "Syytä ei ole kerrottu",
    "remote": "etänä",
}
PLURAL = """msgid "%(count)s match"
msgid_plural "%(count)s matches"
msgstr[0] "%(count)s osuma"
msgstr[1] "%(count)s osumaa\""""
CONTEXT = 'msgctxt "month"\nmsgid "May"\nmsgstr "toukokuu"'
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
)


def _write(checkout: Path, language: str, entries: dict[str, str], *others: str) -> Path:
    simple = [f'msgid "{msgid}"\nmsgstr "{translation}"' for msgid, translation in entries.items()]
    file = translations.catalog_files(checkout)[language]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join([HEADER, *simple, *others]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project whose texts are all translated."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "models.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('_("Only in a test")\n', encoding="utf-8")
    for language in translations.LANGUAGES:
        _write(tmp_path, language, ENTRIES, PLURAL, CONTEXT)
    return tmp_path


def test_complete_translations_pass(checkout: Path) -> None:
    assert translations.check(checkout) == []


def test_every_kind_of_text_is_found_where_it_stands(checkout: Path) -> None:
    found = {(text.msgid, text.context): text for text in translations.texts(checkout)}
    assert set(found) == {(msgid, None) for msgid in ENTRIES} | {("%(count)s match", None), ("May", "month")}
    assert found["Sign in", None].place == "templates/page.html:3"
    assert found["Vacancies", None].place == "app/models.py:4"


@pytest.mark.parametrize("msgid", ENTRIES)
def test_missing_and_empty_translations_are_told(checkout: Path, msgid: str) -> None:
    rest = {key: value for key, value in ENTRIES.items() if key != msgid}
    _write(checkout, "sv", rest, PLURAL, CONTEXT)
    _write(checkout, "fi", rest | {msgid: ""}, PLURAL, CONTEXT)
    fi, sv = translations.check(checkout)
    assert fi.startswith(f"fi: not translated: {msgid!r} (")
    assert sv.startswith(f"sv: missing: {msgid!r} (")


@pytest.mark.parametrize(
    ("others", "problem"),
    [
        ([PLURAL], "fi: missing: 'May'"),
        ([PLURAL, CONTEXT.replace('msgctxt "month"\n', "")], "fi: missing: 'May'"),
        ([CONTEXT], "fi: missing: '%(count)s match'"),
        ([CONTEXT, 'msgid "%(count)s match"\nmsgstr "%(count)s osuma"'], "fi: has no plural form: '%(count)s match'"),
        (
            [CONTEXT, PLURAL.replace("%(count)s osumaa", "%(luku)s osumaa")],
            "fi: placeholders differ in '%(luku)s osumaa'",
        ),
        ([f"#, fuzzy\n{CONTEXT}", PLURAL], "fi: fuzzy: 'May'"),
    ],
)
def test_contexts_plurals_and_fuzzy_marks_are_looked_at(checkout: Path, others: list[str], problem: str) -> None:
    _write(checkout, "fi", ENTRIES, *others)
    assert [found.startswith(problem) for found in translations.check(checkout)] == [True]


def test_changed_placeholder_is_told(checkout: Path) -> None:
    _write(checkout, "fi", ENTRIES | {"Hello, %(name)s": "Hei, %(nimi)s"}, PLURAL, CONTEXT)
    (problem,) = translations.check(checkout)
    assert problem.startswith("fi: placeholders differ")


def test_language_without_a_file_is_told(checkout: Path) -> None:
    translations.catalog_files(checkout)["sv"].unlink()
    assert translations.check(checkout) == ["sv: there is no locale/sv/LC_MESSAGES/django.po."]


def test_compiled_texts_are_found_by_gettext_and_written_once(checkout: Path) -> None:
    written = translations.compile_catalogs(checkout)
    assert {path.suffix for path in written} == {".mo"}
    assert len(written) == 2
    assert translations.to_compile(checkout) == []
    finnish = gettext.translation("django", checkout / "locale", ["fi"])
    assert finnish.gettext("Vacancies") == "Avoimet työpaikat"
    assert finnish.ngettext("%(count)s match", "%(count)s matches", 2) == "%(count)s osumaa"
    assert finnish.pgettext("month", "May") == "toukokuu"
