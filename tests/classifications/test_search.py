"""What people type finds what they mean: three languages, typing errors, compounds, beginnings of words, codes."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.classifications.enums import Scheme
from portal.classifications.importers.esco import import_esco
from portal.classifications.models import Label
from portal.classifications.search import concepts, search_occupations, search_skills
from portal.classifications.search.folding import fold
from portal.classifications.search.index import Kind, current_index
from tests.classifications import esco_folder as small

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> None:
    call_command("import_esco", scheme="demo", stdout=StringIO())


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = small.write_esco(tmp_path / "esco-v1")
    import_esco(folder)
    return folder


def names(text: str, language: str = "fi", scheme: Scheme = Scheme.DEMO, limit: int = 10) -> list[str]:
    return [getattr(one.concept, f"name_{language}") for one in search_occupations(text, scheme, language, limit)]


@pytest.mark.usefixtures("demo")
class TestTheDemoTaxonomy:
    @pytest.mark.parametrize(
        ("typed", "language", "first"),
        [
            ("hitsaaja", "fi", "hitsaaja"),
            ("HITSAAJA", "fi", "hitsaaja"),
            ("svetsare", "sv", "svetsare"),
            ("welder", "en", "welder"),
            # Another language than the page's.
            ("svetsare", "fi", "hitsaaja"),
            ("welder", "fi", "hitsaaja"),
            ("lähihoitaja", "sv", "närvårdare"),
            # Typing errors, and a keyboard without dots.
            ("hitsaja", "fi", "hitsaaja"),
            ("sairanhoitaja", "fi", "sairaanhoitaja"),
            ("lahihoitaja", "fi", "lähihoitaja"),
            ("siivoja", "fi", "siivooja"),
            # Inflected forms.
            ("hitsaajia", "fi", "hitsaaja"),
            ("lähihoitajan", "fi", "lähihoitaja"),
            # Still typing.
            ("hits", "fi", "hitsaaja"),
            ("sair", "fi", "sairaanhoitaja"),
            # Another name of the same work.
            ("trukkikuski", "fi", "trukinkuljettaja"),
        ],
    )
    def test_the_first_is_meant(self, typed: str, language: str, first: str) -> None:
        assert names(typed, language)[:1] == [first]

    @pytest.mark.parametrize(
        ("part", "compound"),
        [
            ("hitsaaja", "putkihitsaaja"),
            ("hoitaja", "sairaanhoitaja"),
            ("hoitaja", "lähihoitaja"),
            ("siivooja", "siivooja"),
        ],
    )
    def test_a_part_finds_the_compound(self, part: str, compound: str) -> None:
        assert compound in names(part)

    def test_the_order_of_words_does_not_matter(self) -> None:
        assert names("kuljettaja kuorma-auton")[0] == names("kuorma-auton kuljettaja")[0]

    def test_a_code_finds_its_group(self) -> None:
        found = search_occupations("7212", Scheme.DEMO, limit=50)
        assert found
        assert {one.concept.isco for one in found} == {"7212"}
        assert {one.concept.isco[:2] for one in search_occupations("72", Scheme.DEMO, limit=50)} == {"72"}

    def test_a_code_narrows_a_name(self) -> None:
        assert {one.concept.isco[:1] for one in search_occupations("5 hoitaja", Scheme.DEMO, limit=20)} == {"5"}

    @pytest.mark.parametrize("typed", ["", "   ", "–", "xyzzyq", "漢字", "\0", "%", "'"])
    def test_nothing_is_found_for_nothing(self, typed: str) -> None:
        assert names(typed) == []

    def test_the_name_that_fits_is_told_where_it_is_another(self) -> None:
        by_other_language = search_occupations("welder", Scheme.DEMO, "fi", 1)[0]
        assert by_other_language.matched == Label("welder", "en")
        assert search_occupations("hitsaaja", Scheme.DEMO, "fi", 1)[0].matched is None

    def test_the_limit_holds_and_the_order_is_stable(self) -> None:
        five = names("hoitaja", limit=5)
        assert len(five) == 5
        assert names("hoitaja", limit=10)[:5] == five

    def test_skills_are_found_too(self) -> None:
        found = [one.concept.name_fi for one in search_skills("MAG hitsaus", Scheme.DEMO, "fi")]
        assert found[0] == "hitsata MAG-menetelmällä"

    def test_a_search_takes_two_queries(self) -> None:
        names("hitsaaja")
        with CaptureQueriesContext(connection) as queries:
            names("hitsaaja")
        assert len(queries) == 2


def test_a_compound_is_found_by_its_last_part(esco: Path) -> None:
    assert set(names("hitsaaja", scheme=Scheme.ESCO)) == {"hitsaaja", "putkihitsaaja", "levyseppähitsaaja"}


def test_a_name_that_is_missing_in_swedish_is_found_by_the_others(esco: Path) -> None:
    assert small.SHEET_WELDER in [one.concept.uri for one in search_occupations("sheet metal", Scheme.ESCO, "sv")]


def test_the_schemes_are_searched_apart(esco: Path, demo: None) -> None:
    assert {one.concept.scheme for one in search_occupations("hitsaaja", Scheme.ESCO)} == {"esco"}
    assert {one.concept.scheme for one in search_occupations("hitsaaja", Scheme.DEMO)} == {"demo"}


def test_what_is_withdrawn_is_not_found(esco: Path) -> None:
    assert "putkihitsaaja" in names("putkihitsaaja", scheme=Scheme.ESCO)
    for file in esco.glob("occupation*.csv"):
        small.without(file, small.PIPE_WELDER)

    import_esco(esco, version="v2")

    assert "putkihitsaaja" not in names("putkihitsaaja", scheme=Scheme.ESCO)


def test_a_process_reads_the_terms_again_only_after_an_import(esco: Path) -> None:
    first = current_index(Kind.OCCUPATION, Scheme.ESCO)
    assert current_index(Kind.OCCUPATION, Scheme.ESCO) is first
    small.change_rows(esco / "occupations_fi.csv", lambda rows: rows[:2])

    import_esco(esco)

    assert current_index(Kind.OCCUPATION, Scheme.ESCO) is not first


def test_where_nothing_is_loaded_nothing_is_found() -> None:
    assert search_occupations("hitsaaja", Scheme.ESCO) == []
    assert search_skills("hitsaus", Scheme.ESCO) == []


def test_base_forms_are_searched_where_voikko_gives_them(esco: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_esco(esco)
    monkeypatch.setattr(concepts, "in_base_form", lambda text: "hitsaaja" if text == "saumaajia" else text)

    assert names("saumaajia", scheme=Scheme.ESCO)[0] == "hitsaaja"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lähi-hoitaja", "lahi hoitaja"),
        ("Överförare,  Ångström", "overforare angstrom"),
        ("C++/C#", "c++ c#"),
        ("Tromsø – ﬁlm", "tromso film"),
        ("  ", ""),
        ("a" * 500, "a" * 400),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
