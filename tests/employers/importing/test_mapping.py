"""A document of the state portal becomes a vacancy in our own words, or tells all that is wrong with it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from employers.enums import EmployerKind
from employers.vacancies.importing.mapping import Mapped, map_document
from employers.vacancies.importing.registers import Registers
from employers.vacancies.services import Posting
from portal.classifications.models import Card, Language, Municipality
from tests.employers.importing.documents import FITTER, WELDER, document, load_registers
from tests.factories import EmploymentAreaFactory, LanguageFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registers() -> Registers:
    load_registers()
    return Registers.load()


def _posting(mapped: Mapped) -> Posting:
    assert mapped.posting is not None, mapped.complaints.reasons
    return mapped.posting


def _places(posting: Posting) -> set[str]:
    return set(Municipality.objects.filter(pk__in=posting.municipalities).values_list("code", flat=True))


def test_whole_document(registers: Registers) -> None:
    mapped = map_document(document(), registers, 1)
    posting = _posting(mapped)
    assert mapped.complaints.notices == []
    assert posting.values == {
        "title_fi": "Hitsaaja",
        "title_sv": "Svetsare",
        "title_en": "",
        "summary_fi": "Hitsaustöitä konepajalla.",
        "summary_sv": "",
        "summary_en": "",
        "description_fi": "Hitsaat teräsrakenteita.",
        "description_sv": "",
        "description_en": "",
        "positions": 2,
        "relationship": "01",
        "temporary_agency": True,
        "apprenticeship": False,
        "continuity": "02",
        "ends_on": date(2027, 6, 30),
        "hours": "02",
        "hours_period": "0201",
        "hours_min": Decimal("20.0"),
        "hours_max": Decimal("30.5"),
        "on_call": False,
        "work_times": ["01", "02", "08"],
        "shift_patterns": ["0801", "0802"],
        "start_kind": "02",
        "starts_on": date(2027, 1, 4),
        "salary_basis": "01",
        "salary_note": "Alan sopimuksen mukaan.",
        "travel_in_work": True,
        "apply_until": datetime(2099, 12, 31, 22, tzinfo=UTC),
        "apply_url": "https://konepaja.example.org/hae",
        "apply_note": "Soita ensin.",
        "contact_name": "Testi Esimerkki",
        "contact_email": "rekry@example.org",
        "contact_phone": "000 1",
        "education_level_id": registers.education["32"],
        "criminal_record_check": False,
        "remote": False,
        "workplace": "Röyttän halli, Esimerkkitie 1, 95400 Tornio",
    }
    assert posting.occupations == [registers.occupations[WELDER], registers.occupations[FITTER]]
    assert posting.languages == {registers.languages["fi"]: "L1", registers.languages["sv"]: "B1"}
    assert set(Card.objects.filter(pk__in=posting.cards).values_list("code", flat=True)) == {"075", "079"}
    assert _places(posting) == {"851"}
    assert posting.area_id == registers.areas["T22"]
    assert (posting.employer.business_id, posting.employer.website) == ("2617416-4", "https://konepaja.example.org")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"osaamisvaatimukset__koulutusaste": "99"}, "osaamisvaatimukset.koulutusaste: 99 is not in the code list"),
        ({"osaamisvaatimukset__kortitJaLuvat": {"lupaKoodit": ["999"]}}, "lupaKoodit: 999 is not in the code list"),
        ({"osaamisvaatimukset__ajokortti": {"vaaditutAjokorttiluokat": ["Z"]}}, "Z is not in the code list"),
        ({"perustiedot__tyoAika": "09"}, "perustiedot.tyoAika: 09 is not in the code list"),
        ({"perustiedot__tyoskentely": {"tyoskentelyAika": ["K"]}}, "tyoskentelyAika: K is not in the code list"),
        ({"perustiedot__tyonOtsikko": []}, "perustiedot.tyonOtsikko: is missing"),
        ({"perustiedot__tyonOtsikko": [{"kieliKoodi": "xx", "arvo": "a"}]}, "xx is not one of fi, sv, en"),
        ({"perustiedot__tyonOtsikko": [{"kieliKoodi": "fi", "arvo": "a" * 301}]}, "is longer than 300 characters"),
        ({"perustiedot__paikkojenMaara": 0}, "should be a whole number between 1 and 1000"),
        ({"perustiedot__paikkojenMaara": "2"}, "should be a whole number between 1 and 1000"),
        ({"perustiedot__tyoTunnitMaksimi": 10}, "is fewer than the least hours"),
        ({"perustiedot__tyoTunnitMaksimi": 1e300}, "should be between 0 and 999"),
        ({"perustiedot__maaraaikaisuudenPaattymisPvm": "2026-12-01"}, "is before the first day of work"),
        ({"perustiedot__tyoAlkaaPvm": "4.1.2027"}, "perustiedot.tyoAlkaaPvm: is not a date"),
        ({"hakeminen__hakuaikaPaattyy": "later"}, "hakeminen.hakuaikaPaattyy: is not a time"),
        ({"perustiedot": []}, "perustiedot.tyonOtsikko: is missing"),
        ({"perustiedot": "text"}, "perustiedot: should be an object"),
        ({"sijainti__kunta": ["000"]}, "the municipality 000 is not in the register"),
        ({"sijainti__kunta": [851]}, "sijainti.kunta[0]: should be text"),
        ({"sijainti__kunta": [], "sijainti__maakunta": ["99"]}, "the region 99 has no municipalities"),
        ({"sijainti__kunta": [], "sijainti__maa": ["DE"]}, "the country DE has no municipalities"),
        ({"osaamisvaatimukset__ammatit": [{"luokittelunNimi": "TK10", "luokiteltuArvo": "1"}]}, "TK10 is not a class"),
        (
            {"osaamisvaatimukset__kielitaidot": [{"kielitaito": "qq", "kielitaidonTaso": "B1"}]},
            "the language qq is not",
        ),
        ({"osaamisvaatimukset__kielitaidot": [{"kielitaito": "fi", "kielitaidonTaso": "Z9"}]}, "Z9 is not in the code"),
        ({"ilmoittajanNimi": []}, "ilmoittajanNimi: is missing"),
        ({"tyollistaja": "02", "kotitaloudenNimi": ""}, "kotitaloudenNimi: is missing"),
        ({"ilmoituksenID": None}, "ilmoituksenID: is missing"),
        ({"julkaisupvm": None, "luontipvm": None, "muokattupvm": None}, "julkaisupvm: is missing"),
        ({"perustiedot__tyonKuvaus": [{"kieliKoodi": "fi", "arvo": "a\0b"}]}, "has a NUL character"),
        ({"markkinointikuvaus": "\ud800"}, "has half a character"),
        ({"markkinointikuvaus": "Kysy: 030985-9005"}, "has somebody's identity code"),
    ],
)
def test_refused_with_a_reason(registers: Registers, changes: dict[str, Any], reason: str) -> None:
    mapped = map_document(document(**changes), registers, 1)
    assert mapped.posting is None
    assert any(reason in told for told in mapped.complaints.reasons), mapped.complaints.reasons


def test_all_reasons_are_told_at_once(registers: Registers) -> None:
    unknown = "http://data.europa.eu/esco/occupation/unknown"
    broken = document(
        perustiedot__tyoAika="09",
        sijainti__kunta=["000", "851"],
        osaamisvaatimukset__ammatit=[{"luokittelunNimi": "ESCO", "luokiteltuArvo": unknown}],
    )
    reasons = map_document(broken, registers, 1).complaints.reasons
    assert len(reasons) == 3
    assert any(unknown in reason for reason in reasons)


def test_a_document_without_an_id_is_named_by_its_place(registers: Registers) -> None:
    assert map_document(document(ilmoituksenID=""), registers, 7).source_id == "vacancy 7 of the file"
    assert map_document("text", registers, 8).complaints.reasons == ["should be an object"]


@pytest.mark.parametrize(
    ("location", "codes"),
    [
        ({"kunta": ["851", "240", "851"]}, {"851", "240"}),
        ({"maakunta": ["19"]}, {"851", "240"}),
        ({"kunta": ["564"], "maakunta": ["19"]}, {"564", "851", "240"}),
        ({"maa": ["FI"]}, set()),
        ({"maa": ["FI", "SE"]}, set()),
        ({"maa": ["SE"]}, {"SE2583"}),
        ({"kunta": ["851"], "maa": ["FI", "SE"]}, {"851", "SE2583"}),
        ({"kunta": ["851"], "maa": ["EE"]}, {"851"}),
        ({"sijaintiJoustava": True}, set()),
    ],
)
def test_places(registers: Registers, location: dict[str, Any], codes: set[str]) -> None:
    posting = _posting(map_document(document(sijainti=location), registers, 1))
    assert _places(posting) == codes
    assert posting.values["remote"] is bool(location.get("sijaintiJoustava"))


def test_area_is_that_of_the_place_unless_given(registers: Registers) -> None:
    far = document(sijainti={"kunta": ["564"]})
    assert _posting(map_document(far, registers, 1)).area_id == registers.areas["T24"]
    assert _posting(map_document(far, registers, 1, area_id=registers.areas["T22"])).area_id == registers.areas["T22"]


def test_no_area_is_guessed_between_two() -> None:
    load_registers()
    EmploymentAreaFactory(code="T99", responsible_municipality_code="999")
    mapped = map_document(document(sijainti={"sijaintiJoustava": True}), Registers.load(), 1)
    assert mapped.complaints.reasons == ["sijainti: tells no employment area; name one with --area"]


def test_languages_by_esco_in_four_ways_and_the_higher_level(registers: Registers) -> None:
    spoken = SkillFactory(scheme="esco", name_en="understand spoken German")
    LanguageFactory(code="de", name_en="German")
    asked = [
        {"kielitaito": spoken.uri, "kielitaidonTaso": "B2"},
        {"kielitaito": "de", "kielitaidonTaso": "A1"},
        {"kielitaito": "FI"},
    ]
    mapped = map_document(document(osaamisvaatimukset__kielitaidot=asked), Registers.load(), 1)
    languages = dict(Language.objects.values_list("code", "pk"))
    assert _posting(mapped).languages == {languages["de"]: "B2", languages["fi"]: "A1"}
    assert mapped.complaints.notices == ["osaamisvaatimukset.kielitaidot[2].kielitaidonTaso: is missing; read as A1"]


@pytest.mark.parametrize("wrong", ["AAAABBBB-4", "2617416-5", "26174164"])
def test_wrong_business_id_is_a_notice_and_left_out(registers: Registers, wrong: str) -> None:
    mapped = map_document(document(ilmoittajanYTunnus=wrong), registers, 1)
    assert _posting(mapped).employer.business_id is None
    assert mapped.complaints.notices == ["ilmoittajanYTunnus: is not a Business ID; the employer is kept without one"]


def test_household(registers: Registers) -> None:
    home = document(
        tyollistaja="02", kotitaloudenNimi="Esimerkkisen koti", ilmoittajanYTunnus=None, ilmoittajanNimi=None
    )
    employer = _posting(map_document(home, registers, 1)).employer
    assert (employer.kind, employer.name, employer.business_id) == (EmployerKind.HOUSEHOLD, "Esimerkkisen koti", None)


def test_addresses_that_are_none_are_left_out_and_not_repeated(registers: Registers) -> None:
    changed = document(
        hakeminen__hakemuksenUrl="javascript:alert(1)", kotisivut="not one",
        hakeminen__ilmoittajanYhteystiedot={"sposti": "secret person"},
    )  # fmt: skip
    mapped = map_document(changed, registers, 1)
    posting = _posting(mapped)
    assert (posting.values["apply_url"], posting.values["contact_email"], posting.employer.website) == ("", "", "")
    assert len(mapped.complaints.notices) == 3
    assert "secret" not in str(mapped.complaints)


def test_least_document(registers: Registers) -> None:
    least = {
        "ilmoituksenID": "x",
        "ilmoittajanNimi": [{"kieliKoodi": "sv", "arvo": "Ab"}],
        "luontipvm": "2026-11-01T08:00:00",
        "perustiedot": {"tyonOtsikko": [{"kieliKoodi": "sv", "arvo": "Svetsare"}]},
    }
    posting = _posting(map_document(least, registers, 1))
    assert posting.published_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert posting.municipalities == []
    assert posting.area_id == registers.areas["T22"]
