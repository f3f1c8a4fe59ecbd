"""Small documents in the form of the state portal, and the registers that they refer to."""

from copy import deepcopy
from typing import Any

from portal.classifications.enums import Scheme
from portal.classifications.models import EmploymentArea
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    EducationLevelFactory,
    EmploymentAreaFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    SkillFactory,
)

WELDER = "http://data.europa.eu/esco/occupation/00000000-aaaa-4000-8000-000000000001"
FITTER = "http://data.europa.eu/esco/occupation/00000000-aaaa-4000-8000-000000000002"
MAG = "http://data.europa.eu/esco/skill/00000000-bbbb-4000-8000-000000000001"
SWEDISH = "http://data.europa.eu/esco/skill/00000000-bbbb-4000-8000-000000000002"

_DOCUMENT: dict[str, Any] = {
    "ilmoituksenID": "test-1",
    "tyollistaja": "01",
    "ilmoittajanYTunnus": "2617416-4",
    "ilmoittajanNimi": [{"kieliKoodi": "fi", "arvo": "Mallijoen Konepaja Oy"}],
    "kotisivut": "https://konepaja.example.org",
    "luontipvm": "2026-11-01T08:00:00Z",
    "muokattupvm": "2026-11-02T08:00:00Z",
    "julkaisupvm": "2026-11-01T09:00:00Z",
    "perustiedot": {
        "tyonOtsikko": [{"kieliKoodi": "fi", "arvo": "Hitsaaja"}, {"kieliKoodi": "sv", "arvo": "Svetsare"}],
        "tyonTiivistelma": [{"kieliKoodi": "fi", "arvo": "Hitsaustöitä konepajalla."}],
        "tyonKuvaus": [{"kieliKoodi": "fi", "arvo": "Hitsaat teräsrakenteita."}],
        "paikkojenMaara": 2,
        "palvelussuhde": {"tyyppi": "01", "tyosuhde": {"vuokratyo": True, "oppisopimus": False}},
        "tyonJatkuvuus": "02",
        "maaraaikaisuudenPaattymisPvm": "2027-06-30",
        "tyoAika": "02",
        "tyoTunnitAjanjakso": "0201",
        "tyoTunnitMinimi": 20.0,
        "tyoTunnitMaksimi": 30.5,
        "palkanPeruste": "01",
        "palkanLisatieto": [{"kieliKoodi": "fi", "arvo": "Alan sopimuksen mukaan."}],
        "tyoAlkaa": "02",
        "tyoAlkaaPvm": "2027-01-04",
        "tyoskentely": {"tyoskentelyAika": ["01", "02", "08"], "vuorotyo": ["0802", "0801"]},
        "kuuluuMatkustamista": True,
    },
    "osaamisvaatimukset": {
        "ammatit": [
            {"luokittelunNimi": "ESCO", "luokiteltuArvo": WELDER},
            {"luokittelunNimi": "ESCO", "luokiteltuArvo": FITTER},
        ],
        "osaamiset": [{"luokittelunNimi": "ESCO", "luokiteltuArvo": MAG}],
        "kielitaidot": [
            {"kielitaito": "fi", "kielitaidonTaso": "L1"},
            {"kielitaito": SWEDISH, "kielitaidonTaso": "B1"},
        ],
        "ajokortti": {"vaaditutAjokorttiluokat": ["B"]},
        "kortitJaLuvat": {"lupaKoodit": ["075", "079"]},
        "koulutusaste": "32",
        "rikosrekisteriote": False,
    },
    "sijainti": {
        "sijaintiJoustava": False,
        "kunta": ["851"],
        "toimipaikka": {
            "toimipaikanNimi": [{"kieliKoodi": "fi", "arvo": "Röyttän halli"}],
            "postiosoite": "Esimerkkitie 1",
            "postinumero": "95400",
            "postitoimipaikka": "Tornio",
        },
    },
    "hakeminen": {
        "hakuaikaPaattyy": "2099-12-31T22:00:00Z",
        "hakemuksenUrl": "https://konepaja.example.org/hae",
        "ilmoittajanYhteystiedot": [
            {"etunimi": "Testi", "sukunimi": "Esimerkki", "sposti": "rekry@example.org", "puhelinNro": "000 1"}
        ],
        "hakuohjeet": [{"kieliKoodi": "fi", "arvo": "Soita ensin."}],
    },
    "markkinointikuvaus": [],
    "tyoKielet": [],
}


def document(**changes: Any) -> dict[str, Any]:
    """A whole document; `perustiedot__tyoAika="01"` changes one of its fields, `...=None` empties it."""
    made = deepcopy(_DOCUMENT)
    for path, value in changes.items():
        *parts, last = path.split("__")
        place = made
        for part in parts:
            place = place[part]
        place[last] = value
    return made


def load_registers() -> EmploymentArea:
    """The registers that the document needs; returns the area of its place."""
    area: EmploymentArea = EmploymentAreaFactory(code="T22", responsible_municipality_code="851")
    MunicipalityFactory(code="851", name_fi="Tornio", area=area)
    MunicipalityFactory(code="240", name_fi="Kemi", area=area)
    MunicipalityFactory(code="564", name_fi="Oulu", region_code="17", area=EmploymentAreaFactory(code="T24"))
    MunicipalityFactory(swedish=True, code="SE2583", name_fi="Haaparanta")
    for uri in (WELDER, FITTER):
        OccupationFactory(uri=uri, scheme=Scheme.ESCO)
    SkillFactory(uri=MAG, scheme=Scheme.ESCO)
    SkillFactory(uri=SWEDISH, scheme=Scheme.ESCO, name_en="Swedish")
    for code in ("fi", "sv"):
        LanguageFactory(code=code)
    DrivingLicenceFactory(code="B")
    for code in ("075", "079"):
        CardFactory(code=code)
    EducationLevelFactory(code="32")
    return area
