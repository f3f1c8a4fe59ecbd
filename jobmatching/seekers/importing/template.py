"""The file to start from: the header, and one person who does not exist."""

from jobmatching.seekers.imports import column_names
from portal.classifications.models import EmploymentArea, Municipality, Occupation
from portal.classifications.schemes import scheme_in_use
from portal.ui.spreadsheets.writing import as_csv


def template_csv(area: EmploymentArea) -> bytes:
    """A file as the list is exported."""
    cells = _example(area)
    return as_csv(column_names(), [[cells.get(name, "") for name in column_names()]])


def _example(area: EmploymentArea) -> dict[str, str]:
    """Plainly invented; home and occupation are such as this portal knows, the identity code is one for tests."""
    home = Municipality.objects.current().filter(area=area).order_by("code").first()
    wishes = Occupation.objects.of(scheme_in_use()).current().order_by("code", "pk")[:2]
    return {
        "source_id": "ESIM-0001",
        "first_name": "Esimerkki",
        "last_name": "Mallikas",
        "birth_date": "1990-01-01",
        "identity_code": "010190-998V",
        "home_municipality": home.code if home else "",
        "email": "esimerkki.mallikas@example.org",
        "phone": "+358 40 000 0000",
        "service_language": "fi",
        "occupations": ";".join(occupation.code or occupation.uri for occupation in wishes),
        "max_travel_minutes": "60",
        "own_car": "yes",
        "ready_to_move": "no",
        "available_from": "now",
        "languages": "fi:L1;en:B1",
        "licences": "B;C1C",
        "cards": "022;013",
        "education_level": "32",
        "registered_on": "2026-01-15",
        "situation": "unemployed",
    }
