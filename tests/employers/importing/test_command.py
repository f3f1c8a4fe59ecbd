"""`import_vacancies`: all or nothing, or with --partial what can be; the same file again changes nothing."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DataError

from employers.enums import VacancyState
from employers.models import Employer, Vacancy
from employers.vacancies import services
from employers.vacancies.importing import storing
from tests.employers.importing.documents import MAG, SWEDISH, WELDER, document, load_registers
from tests.factories import NOW, SkillFactory

pytestmark = pytest.mark.django_db

Report = dict[str, Any]


@pytest.fixture(autouse=True)
def _registers() -> None:
    load_registers()


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _run(folder: Path, *documents: Any, **options: Any) -> tuple[Report, str, str]:
    """Run the command; returns its JSON report, all it said and its error."""
    file = folder / "page.json"
    file.write_text(json.dumps({"ilmoitukset": list(documents)}), encoding="utf-8")
    out, error = StringIO(), ""
    try:
        call_command("import_vacancies", str(file), json=True, stdout=out, **options)
    except CommandError as stopped:
        error = str(stopped)
    told = out.getvalue()
    return json.loads(told.splitlines()[-1]), told, error


def test_new_vacancy_is_published_with_its_document_and_history(tmp_path: Path) -> None:
    report, _told, error = _run(tmp_path, document())
    assert (report["created"], report["stored"], error) == (1, True, "")
    vacancy = Vacancy.objects.get(source_id="test-1")
    assert (vacancy.state, vacancy.raw) == (VacancyState.PUBLISHED, document())
    assert vacancy.published_at is not None
    assert vacancy.published_at.isoformat() == "2026-11-01T09:00:00+00:00"
    assert [row.strength for row in vacancy.required_skills.all()] == ["essential"]
    assert {row.language.code: row.level for row in vacancy.required_languages.all()} == {"fi": "L1", "sv": "B1"}
    assert {card.code for card in vacancy.cards.all()} == {"075", "079"}
    assert vacancy.employer.business_id == "2617416-4"
    assert list(vacancy.transitions.values_list("origin", "target")) == [("draft", "published")]


def test_second_time_changes_nothing(tmp_path: Path) -> None:
    _run(tmp_path, document())
    before = Vacancy.objects.get()
    with time_machine.travel(NOW.replace(hour=12), tick=False):
        report, _told, error = _run(tmp_path, document())
    assert (report["unchanged"], report["stored"], error) == (1, False, "")
    after = Vacancy.objects.get()
    assert after.updated_at == before.updated_at
    assert after.transitions.count() == 1


def test_newer_document_updates_every_part(tmp_path: Path) -> None:
    _run(tmp_path, document())
    other = SkillFactory(scheme="esco")
    newer = document(
        muokattupvm="2026-11-20T08:00:00Z",
        perustiedot__paikkojenMaara=5,
        osaamisvaatimukset__osaamiset=[{"luokittelunNimi": "ESCO", "luokiteltuArvo": other.uri}],
        osaamisvaatimukset__kielitaidot=[{"kielitaito": SWEDISH, "kielitaidonTaso": "B2"}],
        osaamisvaatimukset__ammatit=[{"luokittelunNimi": "ESCO", "luokiteltuArvo": WELDER}],
        osaamisvaatimukset__ajokortti={"vaaditutAjokorttiluokat": []},
        sijainti__kunta=["240"],
    )
    report, _told, _error = _run(tmp_path, newer)
    assert report["updated"] == 1
    vacancy = Vacancy.objects.get()
    assert vacancy.positions == 5
    assert [row.skill for row in vacancy.required_skills.all()] == [other]
    assert [(row.language.code, row.level) for row in vacancy.required_languages.all()] == [("sv", "B2")]
    assert [occupation.uri for occupation in vacancy.occupations.all()] == [WELDER]
    assert not vacancy.licences.exists()
    assert [place.code for place in vacancy.municipalities.all()] == ["240"]
    assert vacancy.transitions.count() == 1


def test_older_document_changes_nothing(tmp_path: Path) -> None:
    _run(tmp_path, document())
    report, _told, _error = _run(tmp_path, document(muokattupvm="2026-11-01T10:00:00Z", perustiedot__paikkojenMaara=9))
    assert report["unchanged"] == 1
    assert Vacancy.objects.get().positions == 2


def test_one_broken_document_holds_all_back(tmp_path: Path) -> None:
    broken = document(ilmoituksenID="test-2", perustiedot__tyoAika="09", sijainti__kunta=["000"])
    report, told, error = _run(tmp_path, document(), broken)
    assert not Vacancy.objects.exists()
    assert not Employer.objects.exists()
    assert error.startswith("Nothing was brought in.")
    assert report["refused"] == [
        {
            "id": "test-2",
            "reasons": [
                "sijainti.kunta: the municipality 000 is not in the register",
                "perustiedot.tyoAika: 09 is not in the code list",
            ],
        }
    ]
    assert "Refused test-2:" in told


def test_partial_brings_in_the_others(tmp_path: Path) -> None:
    broken = document(ilmoituksenID="test-2", perustiedot__tyoAika="09")
    report, _told, error = _run(tmp_path, broken, "no document", document(), partial=True)
    assert error == ""
    assert (report["read"], report["created"], len(report["refused"])) == (3, 1, 2)
    assert Vacancy.objects.get().source_id == "test-1"


def test_one_id_twice_in_a_file_is_refused_both_times(tmp_path: Path) -> None:
    report, _told, error = _run(tmp_path, document(), document(perustiedot__paikkojenMaara=3))
    assert [item["id"] for item in report["refused"]] == ["test-1", "test-1"]
    assert error
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize("partial", [True, False])
def test_what_the_database_refuses_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partial: bool) -> None:
    def save(posting: services.Posting) -> services.Outcome:
        if posting.source_id == "test-2":
            raise DataError("value of a person")
        return services.save_imported(posting)

    monkeypatch.setattr(storing, "save_imported", save)
    report, told, error = _run(tmp_path, document(), document(ilmoituksenID="test-2"), partial=partial)
    assert report["refused"] == [{"id": "test-2", "reasons": ["document: the database refused it (DataError)"]}]
    assert "value of a person" not in told + error
    assert Vacancy.objects.count() == report["created"] == int(partial)


def test_applying_that_is_over_comes_in_as_closed(tmp_path: Path) -> None:
    _run(tmp_path, document(hakeminen__hakuaikaPaattyy="2026-11-20T22:00:00Z"))
    vacancy = Vacancy.objects.get()
    assert vacancy.state == VacancyState.CLOSED
    assert vacancy.closed_at == vacancy.apply_until
    assert list(vacancy.transitions.values_list("target", flat=True)) == ["published", "closed"]


def test_time_alone_closes_what_comes_again_unchanged(tmp_path: Path) -> None:
    ending = document(hakeminen__hakuaikaPaattyy="2026-11-22T22:00:00Z")
    _run(tmp_path, ending)
    with time_machine.travel("2026-11-23T07:00:00Z", tick=False):
        report, _told, _error = _run(tmp_path, ending)
    assert report["unchanged"] == 1
    assert Vacancy.objects.get().state == VacancyState.CLOSED


def test_longer_time_opens_a_closed_one_again(tmp_path: Path) -> None:
    _run(tmp_path, document(hakeminen__hakuaikaPaattyy="2026-11-20T22:00:00Z"))
    _run(tmp_path, document(muokattupvm="2026-11-21T06:00:00Z", hakeminen__hakuaikaPaattyy="2026-12-20T22:00:00Z"))
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.closed_at) == (VacancyState.PUBLISHED, None)


@pytest.mark.parametrize("state", [VacancyState.FILLED, VacancyState.PAUSED])
def test_what_our_people_decided_stays(tmp_path: Path, state: VacancyState) -> None:
    _run(tmp_path, document())
    vacancy = Vacancy.objects.get()
    services.change_state(vacancy.pk, state)
    _run(tmp_path, document(muokattupvm="2026-11-21T06:00:00Z", perustiedot__paikkojenMaara=3))
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.positions) == (state, 3)


def test_employer_is_found_again_by_its_id_or_else_its_name(tmp_path: Path) -> None:
    wrong = {"ilmoittajanYTunnus": "AAAABBBB-4"}
    renamed = document(ilmoituksenID="test-4", ilmoittajanNimi=[{"kieliKoodi": "fi", "arvo": "Uusi nimi Oy"}])
    report, _told, _error = _run(
        tmp_path,
        document(),
        document(ilmoituksenID="test-2", **wrong),
        document(ilmoituksenID="test-3", **wrong),
        renamed,
    )
    assert (report["created"], len(report["notices"])) == (4, 2)
    with_id, without = Employer.objects.get(business_id="2617416-4"), Employer.objects.get(business_id=None)
    assert with_id.name == without.name == "Mallijoen Konepaja Oy"
    assert (with_id.vacancies.count(), without.vacancies.count()) == (2, 2)


def test_area_can_be_named(tmp_path: Path) -> None:
    _run(tmp_path, document(), area="T24")
    assert Vacancy.objects.get().area.code == "T24"
    with pytest.raises(CommandError, match="no employment area T0"):
        call_command("import_vacancies", str(tmp_path / "page.json"), area="T0", stdout=StringIO())


def test_empty_list_and_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(b'{"ilmoitukset": []}')))
    out = StringIO()
    call_command("import_vacancies", "-", stdout=out)
    assert out.getvalue() == "There are no vacancies in the file; nothing was changed.\n"


def test_missing_and_broken_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_vacancies", str(tmp_path / "nothing.json"))
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="The file is not JSON"):
        call_command("import_vacancies", str(tmp_path / "broken.json"))


def test_a_skill_required_twice_is_one(tmp_path: Path) -> None:
    twice = [{"luokittelunNimi": "ESCO", "luokiteltuArvo": MAG}] * 2
    _run(tmp_path, document(osaamisvaatimukset__osaamiset=twice))
    assert Vacancy.objects.get().required_skills.count() == 1
