"""What leaves a draft of the rules for a person to decide on: an import that the rules stand on, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tablib
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from jobmatching.engine.rules import Weights
from jobmatching.nightly.enums import RulesState
from jobmatching.nightly.models import MatchingRules
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft, engine_rules, in_force
from portal.classifications.enums import Scheme
from portal.classifications.importers.builtin import load_builtin_places
from portal.classifications.importers.municipalities import import_national_key
from portal.classifications.models import Municipality
from portal.classifications.resources import MunicipalityResource
from tests.classifications.national_key import write_national_key

KIVIJOKI = {"code": "899", "country": "FI", "name_fi": "Kivijoki", "area_code": "", "retired": "0"}


def drafts() -> list[MatchingRules]:
    return list(MatchingRules.objects.filter(state=RulesState.DRAFT).order_by("pk"))


def by_spreadsheet(**row: str) -> None:
    data = tablib.Dataset(list(row.values()), headers=list(row))
    assert not MunicipalityResource().import_data(data, dry_run=False, raise_errors=True).has_errors()


def test_municipalities_that_come_and_go_leave_a_draft_with_the_weights_in_force(
    area: None,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    weights = replace(Weights(), floor=Weights().floor + 1)
    put_in_force(draft(Scheme.DEMO, weights), None, "Weights of our own.")
    MatchingRules.objects.filter(state=RulesState.DRAFT).delete()
    before, key = in_force(), write_national_key(tmp_path)

    with django_capture_on_commit_callbacks(execute=True):
        import_national_key(key)
        assert drafts() == []

    [new] = drafts()
    current = list(Municipality.objects.current().order_by("code").values_list("code", flat=True))
    assert new.municipality_codes == current != before.municipality_codes
    assert "020" in new.municipality_codes
    assert engine_rules(new).weights == weights
    assert in_force() == before

    with django_capture_on_commit_callbacks(execute=True):
        import_national_key(key)
    assert drafts() == [new]


@pytest.mark.parametrize(
    "change",
    [
        lambda: by_spreadsheet(**KIVIJOKI | {"code": "851", "name_fi": "Tornion kaupunki"}),
        lambda: Municipality.objects.filter(code="851").update(name_sv="") and load_builtin_places(),
    ],
    ids=["a spreadsheet", "the built-in places"],
)
def test_another_name_of_a_municipality_leaves_no_draft(
    area: None, change: Callable[[], object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as told:
        change()

    assert told
    assert drafts() == []


def test_a_municipality_from_a_spreadsheet_leaves_a_draft(
    area: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        by_spreadsheet(**KIVIJOKI)

    assert [new.scheme for new in drafts()] == [Scheme.DEMO]
    assert "899" in drafts()[0].municipality_codes


def test_without_any_rules_municipalities_leave_no_draft(
    area: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobmatching_matchingrules")
    with django_capture_on_commit_callbacks(execute=True):
        by_spreadsheet(**KIVIJOKI)

    assert not MatchingRules.objects.exists()
