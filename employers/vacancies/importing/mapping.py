"""A document of the state portal -> a posting in our own words, or the reasons why it cannot be one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from employers.enums import (
    Continuity,
    EmployerKind,
    Hours,
    HoursPeriod,
    RelationshipKind,
    SalaryBasis,
    StartKind,
)
from employers.vacancies.importing.reading import LANGUAGES, Complaints, Piece
from employers.vacancies.importing.registers import Registers
from employers.vacancies.services import EmployerDetails, Posting
from employers.validators import validate_business_id
from portal.classifications.enums import LanguageLevel, ShiftPattern, WorkTime
from portal.ui.free_words import identity_code_in

_LONGEST_NAME = 200
_WORK_TIMES = [time.value for time in WorkTime if time.value.isdigit()]
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Mapped:
    """What became of one document: a posting, or none and the reasons."""

    source_id: str
    posting: Posting | None
    complaints: Complaints


def map_document(document: Any, registers: Registers, position: int, area_id: int | None = None) -> Mapped:
    """Map one document. `position` (from 1) names it where it has no id; `area_id` overrides the area of its place."""
    complaints = Complaints()
    if not isinstance(document, dict):
        complaints.reasons.append("should be an object")
        return Mapped(f"vacancy {position} of the file", None, complaints)
    root = Piece(document, complaints)
    source_id = root.text("ilmoituksenID", 80)
    if not source_id:
        root.refuse("ilmoituksenID", "is missing")
    _check_characters(document, root)
    posting = _posting(root, source_id, registers, area_id)
    return Mapped(
        source_id[:80] or f"vacancy {position} of the file", None if complaints.reasons else posting, complaints
    )


def _check_characters(document: dict[str, Any], root: Piece) -> None:
    """PostgreSQL holds neither NUL nor half a character; nobody's identity code belongs into a vacancy."""
    for text in _strings(document):
        if "\0" in text:
            root.refuse("document", "has a NUL character in a text")
            return
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            root.refuse("document", "has half a character (a lone surrogate) in a text")
            return
        if identity_code_in(text):
            root.refuse("document", "has somebody's identity code in a text")
            return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _posting(root: Piece, source_id: str, registers: Registers, area_id: int | None) -> Posting:
    basics, wanted = root.part("perustiedot"), root.part("osaamisvaatimukset")
    apply = root.part("hakeminen")
    published = root.moment("julkaisupvm") or root.moment("luontipvm") or root.moment("muokattupvm")
    if published is None:
        root.refuse("julkaisupvm", "is missing")
        published = datetime.min.replace(tzinfo=UTC)
    places = _places(root.part("sijainti"), registers)
    return Posting(
        source_id=source_id,
        document=root.values,
        changed_at=root.moment("muokattupvm") or root.moment("luontipvm") or published,
        published_at=published,
        employer=_employer(root),
        area_id=_area(root, places, registers, area_id),
        values={
            **_texts(basics),
            **_terms(basics),
            **_applying(apply),
            "education_level_id": _education(wanted, registers),
            "criminal_record_check": wanted.flag("rikosrekisteriote"),
            "remote": root.part("sijainti").flag("sijaintiJoustava"),
            "workplace": _workplace(root.part("sijainti").part("toimipaikka")),
        },
        occupations=_concepts(wanted, "ammatit", registers.occupations, "occupation"),
        skills=_concepts(wanted, "osaamiset", registers.skills, "skill"),
        languages=_languages(wanted, registers),
        licences=_listed(wanted.part("ajokortti"), "vaaditutAjokorttiluokat", registers.licences),
        cards=_listed(wanted.part("kortitJaLuvat"), "lupaKoodit", registers.cards),
        municipalities=places,
    )


def _texts(basics: Piece) -> dict[str, Any]:
    titles = basics.texts("tyonOtsikko", 300)
    if not titles:
        basics.refuse("tyonOtsikko", "is missing")
    summaries, descriptions = basics.texts("tyonTiivistelma"), basics.texts("tyonKuvaus")
    return {
        f"{field}_{language}": texts.get(language, "")
        for field, texts in (("title", titles), ("summary", summaries), ("description", descriptions))
        for language in LANGUAGES
    }


def _terms(basics: Piece) -> dict[str, Any]:
    relationship, working = basics.part("palvelussuhde"), basics.part("tyoskentely")
    employment = relationship.part("tyosuhde")
    starts_on, ends_on = basics.day("tyoAlkaaPvm"), basics.day("maaraaikaisuudenPaattymisPvm")
    if starts_on and ends_on and ends_on < starts_on:
        basics.refuse("maaraaikaisuudenPaattymisPvm", "is before the first day of work")
    least, most = basics.number("tyoTunnitMinimi", 999), basics.number("tyoTunnitMaksimi", 999)
    if least is not None and most is not None and most < least:
        basics.refuse("tyoTunnitMaksimi", "is fewer than the least hours")
    return {
        "positions": basics.whole("paikkojenMaara", 1, 1000, 1),
        "relationship": relationship.code("tyyppi", RelationshipKind.values) or RelationshipKind.EMPLOYMENT,
        "temporary_agency": employment.flag("vuokratyo"),
        "apprenticeship": employment.flag("oppisopimus"),
        "continuity": basics.code("tyonJatkuvuus", Continuity.values),
        "ends_on": ends_on,
        "hours": basics.code("tyoAika", Hours.values),
        "hours_period": basics.code("tyoTunnitAjanjakso", HoursPeriod.values),
        "hours_min": least,
        "hours_max": most,
        "on_call": basics.flag("kutsutaanTarvittaessa"),
        "work_times": working.codes("tyoskentelyAika", _WORK_TIMES),
        "shift_patterns": sorted(working.codes("vuorotyo", ShiftPattern.values)),
        "start_kind": basics.code("tyoAlkaa", StartKind.values) or StartKind.AGREED,
        "starts_on": starts_on,
        "salary_basis": basics.code("palkanPeruste", SalaryBasis.values),
        "salary_note": _first(basics.texts("palkanLisatieto"))[:500],
        "travel_in_work": basics.flag("kuuluuMatkustamista"),
    }


def _applying(apply: Piece) -> dict[str, Any]:
    contact = apply.part("ilmoittajanYhteystiedot")
    name = " ".join(part for part in (contact.text("etunimi", 99), contact.text("sukunimi", 99)) if part)
    return {
        "apply_until": apply.moment("hakuaikaPaattyy"),
        "apply_url": _address(apply, "hakemuksenUrl", 500),
        "apply_note": _first(apply.texts("hakuohjeet")),
        "contact_name": name,
        "contact_email": _email(contact, "sposti"),
        "contact_phone": contact.text("puhelinNro", 40),
    }


def _employer(root: Piece) -> EmployerDetails:
    kind = root.code("tyollistaja", EmployerKind.values) or EmployerKind.ORGANISATION
    if kind == EmployerKind.HOUSEHOLD:
        name, field = root.text("kotitaloudenNimi", _LONGEST_NAME), "kotitaloudenNimi"
    else:
        name, field = _first(root.texts("ilmoittajanNimi", _LONGEST_NAME)), "ilmoittajanNimi"
    if not name:
        root.refuse(field, "is missing")
    business_id: str | None = root.text("ilmoittajanYTunnus") or None
    if business_id is not None:
        try:
            validate_business_id(business_id)
        except ValidationError:
            root.notice("ilmoittajanYTunnus", "is not a Business ID; the employer is kept without one")
            business_id = None
    return EmployerDetails(EmployerKind(kind), name, business_id, _address(root, "kotisivut", 200))


def _places(location: Piece, registers: Registers) -> list[int]:
    """Municipalities named, those of the regions named, and those of neighbouring countries named."""
    places: list[int] = []
    for code in location.codes("kunta"):
        if code in registers.municipalities:
            places.append(registers.municipalities[code])
        else:
            location.refuse("kunta", f"the municipality {code[:20]} is not in the register")
    for code in location.codes("maakunta"):
        if code in registers.regions:
            places += registers.regions[code]
        else:
            location.refuse("maakunta", f"the region {code[:20]} has no municipalities in the register")
    countries = location.codes("maa")
    if "FI" in countries and not places:
        # Anywhere in Finland: no place is named, which fits everybody.
        return []
    for code in (code for code in countries if code != "FI"):
        if registers.countries.get(code):
            places += registers.countries[code]
        elif places or location.flag("sijaintiJoustava"):
            location.notice("maa", f"the country {code[:20]} has no municipalities in the register; left out")
        else:
            location.refuse("maa", f"the country {code[:20]} has no municipalities in the register")
    return list(dict.fromkeys(places))


def _area(root: Piece, places: list[int], registers: Registers, given: int | None) -> int:
    """The area given, else that of the first place which has one, else the portal's own."""
    found = given or next(
        (registers.area_of[place] for place in places if place in registers.area_of), registers.own_area
    )
    if found is None:
        root.refuse("sijainti", "tells no employment area; name one with --area")
    return found or 0


def _workplace(place: Piece) -> str:
    town = " ".join(part for part in (place.text("postinumero"), place.text("postitoimipaikka")) if part)
    parts = (_first(place.texts("toimipaikanNimi")), place.text("postiosoite"), town)
    return ", ".join(part for part in parts if part)[:300]


def _concepts(wanted: Piece, name: str, known: dict[str, int], kind: str) -> list[int]:
    found: list[int] = []
    for part in wanted.parts(name):
        scheme, uri = part.text("luokittelunNimi"), part.text("luokiteltuArvo")
        if scheme.upper() != "ESCO":
            part.refuse("luokittelunNimi", f"{scheme[:40] or 'nothing'} is not a classification that is known here")
        elif uri not in known:
            why = "is not in the ESCO that is loaded" if known else "is not known: ESCO is not loaded"
            part.refuse("luokiteltuArvo", f"the {kind} {uri[:120] or 'without an address'} {why}")
        elif known[uri] not in found:
            found.append(known[uri])
    return found


def _languages(wanted: Piece, registers: Registers) -> dict[int, str]:
    """Language -> level; of two levels of one language the higher."""
    found: dict[int, str] = {}
    for part in wanted.parts("kielitaidot"):
        code = part.text("kielitaito")
        language = registers.languages.get(code.lower()) or registers.language_skills.get(code)
        if language is None:
            part.refuse("kielitaito", f"the language {code[:120] or 'without a code'} is not in the register")
            continue
        level = part.code("kielitaidonTaso", LanguageLevel.values)
        if not level:
            part.notice("kielitaidonTaso", "is missing; read as A1")
            level = LanguageLevel.A1.value
        if language not in found or LanguageLevel(level).rank > LanguageLevel(found[language]).rank:
            found[language] = level
    return found


def _listed(part: Piece, name: str, known: dict[str, int]) -> list[int]:
    return [known[code] for code in part.codes(name, known)]


def _education(wanted: Piece, registers: Registers) -> int | None:
    code = wanted.code("koulutusaste", registers.education)
    return registers.education[code] if code else None


def _first(texts: dict[str, str]) -> str:
    return next((texts[language] for language in LANGUAGES if language in texts), "")


def _address(part: Piece, name: str, most: int) -> str:
    """A web address; anything else (a script, say) is left out and told."""
    value = part.text(name)
    if not value:
        return ""
    try:
        _web_address(value)
    except ValidationError:
        value = ""
    if not value or len(value) > most:
        part.notice(name, "is not a web address; left out")
        return ""
    return value


def _email(part: Piece, name: str) -> str:
    value = part.text(name)
    if not value:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        part.notice(name, "is not an e-mail address; left out")
        return ""
    return value
