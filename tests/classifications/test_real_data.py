"""Figures on the whole of ESCO, the national municipality key and real titles."""

import json
import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from portal.classifications.enums import Scheme
from portal.classifications.models import Municipality, Occupation, Skill, TravelTime
from portal.classifications.search import search_occupations, search_skills
from portal.classifications.search.index import Kind, SearchIndex

FOLDER = os.environ.get("REALDATA_DIR", "")

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason="REALDATA_DIR does not name the real data"),
    pytest.mark.django_db,
]


@pytest.fixture
def esco() -> Path:
    folder = Path(FOLDER) / "esco"
    call_command("import_esco", folder, version="v1.2.0", stdout=StringIO())
    return folder


def test_the_whole_of_esco_and_the_same_again(esco: Path) -> None:
    assert Occupation.objects.of(Scheme.ESCO).current().count() == 3039
    assert Skill.objects.of(Scheme.ESCO).current().count() == 13939

    started = time.monotonic()
    said = StringIO()
    call_command("import_esco", esco, version="v1.2.0", json=True, stdout=said)

    # Alone on a machine it takes about four seconds; the limit leaves room for others, not for a wrong plan.
    assert time.monotonic() - started < 40
    again = json.loads(said.getvalue().splitlines()[-1])
    assert again["changed"] is False
    assert again["counts"]["occupation_skills"] == 128_952


def test_titles_that_people_use_are_found(esco: Path) -> None:
    titles = Path(FOLDER) / "benchmark" / "titles_sv_dev.csv"
    said = StringIO()
    call_command("evaluate_search", titles=titles, language="sv", json=True, stdout=said)
    quality = json.loads(said.getvalue().splitlines()[-1])

    assert set(quality) == {"queries", "mrr", "hit1", "hit10", "p95_ms"}
    assert quality["queries"] == 600
    assert quality["mrr"] >= 0.68
    assert quality["hit10"] >= 0.80

    def finds(text: str, name: str) -> bool:
        return name in [one.concept.name_fi for one in search_occupations(text, Scheme.ESCO, "fi", 50)]

    assert search_occupations("hitsaaja", Scheme.ESCO)[0].concept.name_fi == "hitsaaja"
    assert finds("hitsaaja", "levyseppä-hitsaaja, kattilat")
    assert finds("hoitaja", "lähihoitaja")
    assert finds("sairanhoitaja", "sairaanhoitaja")
    assert search_skills("MIG hitsaus", Scheme.ESCO, "fi")[0].concept.name_fi == "suorittaa MIG-hitsausta"


def test_a_new_process_searches_soon(esco: Path) -> None:
    started = time.process_time()
    SearchIndex.load(Kind.OCCUPATION, Scheme.ESCO)
    assert time.process_time() - started < 1.5


def test_the_national_key() -> None:
    call_command("load_builtin", stdout=StringIO())
    started = time.monotonic()
    call_command("import_municipalities", Path(FOLDER) / "geo", stdout=StringIO())

    assert time.monotonic() - started < 40
    assert Municipality.objects.finnish().current().count() == 308
    tornio = Municipality.objects.select_related("area").get(code="851")
    assert tornio.area is not None
    assert (tornio.name_sv, tornio.area.code) == ("Torneå", "22")
    n = Municipality.objects.current().exclude(longitude=None).count()
    assert TravelTime.objects.count() == n * n
