"""The state portal's own example response goes in as it is."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from employers.enums import VacancyState
from employers.models import Vacancy
from portal.classifications.enums import Scheme
from tests.factories import EmploymentAreaFactory, LanguageFactory, MunicipalityFactory, OccupationFactory, SkillFactory

FOLDER = os.environ.get("REALDATA_DIR", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER, reason="REALDATA_DIR is not set"),
]


def test_example_response() -> None:
    sample = Path(FOLDER) / "tyomarkkinatori" / "testTMTResponse.json"
    wanted = json.loads(sample.read_text(encoding="utf-8"))["ilmoitukset"][0]["osaamisvaatimukset"]
    for told in wanted["ammatit"]:
        OccupationFactory(uri=told["luokiteltuArvo"], scheme=Scheme.ESCO)
    for told in wanted["osaamiset"]:
        SkillFactory(uri=told["luokiteltuArvo"], scheme=Scheme.ESCO)
    area = EmploymentAreaFactory()
    for code in ("297", "179"):
        MunicipalityFactory(code=code, area=area)
    LanguageFactory(code="fi")
    out = StringIO()
    call_command("import_vacancies", str(sample), json=True, stdout=out)
    report = json.loads(out.getvalue().splitlines()[-1])
    assert (report["created"], report["refused"]) == (1, [])
    assert [item["notices"] for item in report["notices"]] == [
        ["ilmoittajanYTunnus: is not a Business ID; the employer is kept without one"]
    ]
    vacancy = Vacancy.objects.get()
    assert vacancy.state == VacancyState.CLOSED
    assert (vacancy.temporary_agency, vacancy.positions, vacancy.hours_max) == (True, 10, 40)
    assert vacancy.occupations.count() == 2
    assert [(row.language.code, row.level) for row in vacancy.required_languages.all()] == [("fi", "C1")]
    assert {place.code for place in vacancy.municipalities.all()} == {"297", "179"}
