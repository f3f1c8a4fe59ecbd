"""Registers in the administration: spreadsheets with errors by row, and what is only to be read."""

from typing import Any

import pytest
import tablib
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts.roles import Role
from portal.classifications import models
from portal.classifications.resources import (
    MOST_ROWS,
    CardResource,
    DrivingLicenceResource,
    EducationLevelResource,
    LanguageResource,
    MunicipalityResource,
    PeopleSized,
    TravelTimeResource,
)
from tests.factories import (
    CardFactory,
    EducationLevelFactory,
    EmploymentAreaFactory,
    MunicipalityFactory,
    OccupationFactory,
    SkillFactory,
    TravelTimeFactory,
    with_role,
)

pytestmark = pytest.mark.django_db

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "classifications"),
    key=lambda model: model.__name__,
)


def run(resource: PeopleSized, *rows: dict[str, Any], dry_run: bool = False) -> Any:
    data = tablib.Dataset(headers=list(rows[0]))
    for row in rows:
        data.append(list(row.values()))
    return resource.import_data(data, dry_run=dry_run, raise_errors=False)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(with_role(Role.ADMINISTRATOR, is_staff=True))
    return client


class TestSpreadsheets:
    def test_a_municipality_is_known_by_its_code(self) -> None:
        area = EmploymentAreaFactory(code="22")
        MunicipalityFactory(code="851", name_fi="Tornio", area=None)
        row = {"code": "851", "country": "FI", "name_fi": "Tornio", "area_code": "22", "retired": "0"}

        assert run(MunicipalityResource(), row).totals["update"] == 1
        assert models.Municipality.objects.get(code="851").area == area
        assert run(MunicipalityResource(), row).totals["skip"] == 1

    def test_a_dry_run_changes_nothing(self) -> None:
        run(MunicipalityResource(), {"code": "999", "country": "FI", "name_fi": "Uusi"}, dry_run=True)
        assert not models.Municipality.objects.exists()

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ({"code": "998", "country": "FI", "name_fi": "B", "area_code": "nowhere"}, "nowhere"),
            ({"code": "998", "country": "XX", "name_fi": "B", "area_code": ""}, "XX"),
        ],
    )
    def test_an_error_names_its_row_and_nothing_goes_in(self, row: dict[str, str], told: str) -> None:
        good = {"code": "997", "country": "FI", "name_fi": "A", "area_code": ""}
        done = run(MunicipalityResource(), good, row)
        problems = [(bad.number, str(bad.error)) for bad in done.invalid_rows]
        problems += [(number, str(errors[0].error)) for number, errors in done.row_errors()]
        assert [number for number, _ in problems] == [2]
        assert told in problems[0][1]

    def test_travel_times_are_known_by_both_codes(self) -> None:
        way = TravelTimeFactory(
            origin=MunicipalityFactory(code="851"), destination=MunicipalityFactory(code="240"), minutes=30
        )
        row = {
            "from_code": "851",
            "to_code": "240",
            "kilometres": 27,
            "minutes": 26,
            "estimated": "0",
            "source": "measured",
        }
        assert run(TravelTimeResource(), row).totals["update"] == 1
        way.refresh_from_db()
        assert (way.minutes, way.estimated) == (26, False)

    def test_a_new_card_takes_the_next_place_in_matching_and_keeps_it(self) -> None:
        CardFactory(code="001", match_slot=0)
        row = {"code": "900", "name_fi": "kortti", "name_sv": "kort", "name_en": "card", "order": 1, "valid_years": ""}

        done = run(CardResource(), row)

        assert done.totals["new"] == 1, [str(one.error) for one in done.invalid_rows]
        assert models.Card.objects.get(code="900").match_slot == 1
        run(CardResource(), row | {"name_en": "a card", "match_slot": 50})
        assert models.Card.objects.get(code="900").match_slot == 1

    def test_a_new_level_of_education_takes_the_next_place_wherever_it_stands_in_the_list(self) -> None:
        EducationLevelFactory(code="31", match_slot=0, order=5)
        row = {"code": "1", "name_fi": "perusaste", "name_sv": "b", "name_en": "c", "order": 1}

        run(EducationLevelResource(), row)

        assert dict(models.EducationLevel.objects.values_list("code", "match_slot")) == {"31": 0, "1": 1}

    def test_what_a_licence_also_allows(self) -> None:
        row = {"code": "CE", "name_fi": "a", "name_sv": "b", "name_en": "c", "order": 1, "includes": "B C"}
        run(DrivingLicenceResource(), row)
        licence = models.DrivingLicence.objects.get(code="CE")
        assert licence.includes == ["B", "C"]
        assert DrivingLicenceResource().export(models.DrivingLicence.objects.all())["includes"] == ["B C"]

    def test_a_new_language_is_only_shown(self) -> None:
        run(LanguageResource(), {"code": "xx", "name_fi": "a", "name_sv": "b", "name_en": "c", "order": 1})
        assert models.Language.objects.get(code="xx").match_slot is None

    def test_a_file_too_large_is_refused(self) -> None:
        data = tablib.Dataset(*[("x",)] * (MOST_ROWS + 1), headers=["code"])
        done = LanguageResource().import_data(data, dry_run=True, raise_errors=False)
        assert done.base_errors


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_can_be_opened_and_searched(administrator: Client, model: type[Any]) -> None:
    OccupationFactory(skills=[SkillFactory()])
    TravelTimeFactory(origin=MunicipalityFactory(area=EmploymentAreaFactory()))
    url = reverse(f"admin:classifications_{model._meta.model_name}_changelist")
    assert administrator.get(url).status_code == 200
    if admin.site._registry[model].search_fields:
        assert administrator.get(url, {"q": "a"}).status_code == 200


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.MANAGER])
def test_others_stay_out(client: Client, role: Role) -> None:
    client.force_login(with_role(role, is_staff=True))
    assert client.get(reverse("admin:classifications_municipality_changelist")).status_code == 403


@pytest.mark.parametrize("name", ["occupation", "skill", "occupationgroup", "skillgroup", "release"])
def test_what_comes_by_import_is_only_to_be_read(administrator: Client, name: str) -> None:
    assert administrator.get(reverse(f"admin:classifications_{name}_add")).status_code == 403


def test_an_occupation_cannot_be_changed(administrator: Client) -> None:
    occupation = OccupationFactory(name_fi="hitsaaja")
    url = reverse("admin:classifications_occupation_change", args=[occupation.pk])
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, {"name_fi": "x"}).status_code == 403
    assert (
        administrator.post(reverse("admin:classifications_occupation_delete", args=[occupation.pk])).status_code == 403
    )


def test_a_corrected_travel_time_is_no_estimate(rf: RequestFactory) -> None:
    way = TravelTimeFactory(minutes=30, estimated=True)
    page = admin.site._registry[models.TravelTime]
    request = rf.post("/")
    request.user = with_role(Role.ADMINISTRATOR, is_staff=True)
    told = {"origin": way.origin_id, "destination": way.destination_id, "kilometres": way.kilometres, "source": "x"}

    form = page.get_form(request, way)(told | {"minutes": 25, "estimated": "on"}, instance=way)
    assert form.is_valid(), form.errors
    page.save_model(request, form.instance, form, change=True)

    way.refresh_from_db()
    assert (way.minutes, way.estimated) == (25, False)
