"""The list as a file: what stands in it, who may have it, and what never leaves."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.seekers import export_views, exports, views
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.ui.spreadsheets.formulas import escaped
from tests.factories import (
    EmploymentAreaFactory,
    JobSeekerFactory,
    LanguageFactory,
    NamedWorkerFactory,
    OccupationFactory,
    RoleMembershipFactory,
    identity_fields,
    with_role,
)

EXPORT = reverse("seekers:export")


def rows(response: HttpResponse) -> list[dict[str, str]]:
    """The file as a spreadsheet reads it."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_a_row_tells_what_the_list_shows(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    JobSeekerFactory(
        area=area,
        coach=coach,
        first_name="Lumi",
        last_name="Testinen",
        home__name_fi="Tornio",
        service_language=LanguageFactory(code="fi"),
        ready_to_move=True,
        wishes=[OccupationFactory(name_fi="hitsaaja"), OccupationFactory(name_fi="levyseppä", isco="7213")],
        spell__started_on=date(2026, 11, 6),
        **identity_fields("010190-998D"),
    )
    response = signed_in.post(EXPORT)
    [row] = rows(response)
    values = list(row.values())
    assert values[:3] == ["Testinen", "Lumi", "Tornio"]
    assert values[4:8] == ["2026-11-06", "hitsaaja (7212), levyseppä (7213)", str(coach), "suomi"]
    assert values[8]
    assert not values[9]
    assert "998D" not in response.content.decode()
    assert timezone.localdate().isoformat() in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"


def test_filters_scope_and_words_hold_for_the_file_too(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    JobSeekerFactory(area=area, coach=coach, last_name="Oma")
    JobSeekerFactory(area=area, last_name="Muu", ready_to_move=True)
    JobSeekerFactory(last_name="Toinen alue")
    assert [next(iter(row.values())) for row in rows(signed_in.post(EXPORT))] == ["Oma"]
    assert [next(iter(row.values())) for row in rows(signed_in.post(f"{EXPORT}?scope=area"))] == ["Muu", "Oma"]
    assert [next(iter(row.values())) for row in rows(signed_in.post(f"{EXPORT}?scope=area&moves=on"))] == ["Muu"]
    address = signed_in.post(reverse("seekers:search"), {"q": "oma"}).headers["Location"]
    found = rows(signed_in.post(f"{EXPORT}?{address.partition('?')[2]}"))
    assert [next(iter(row.values())) for row in found] == ["Oma"]


def test_nobody_under_non_disclosure_is_in_the_file_of_the_named_worker_either(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    NamedWorkerFactory(seeker=JobSeekerFactory(area=area, coach=coach, hidden=True), user=coach)
    JobSeekerFactory(area=area, coach=coach, last_name="Näkyvä")
    assert [next(iter(row.values())) for row in rows(signed_in.post(EXPORT))] == ["Näkyvä"]


@pytest.mark.parametrize("text", ["=1+1", "+358", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped(f"a{text}") == f"a{text}"


def test_a_name_that_looks_like_a_formula_is_text_in_the_file(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    JobSeekerFactory(area=area, coach=coach, last_name='=HYPERLINK("x")')
    [row] = rows(signed_in.post(EXPORT))
    assert next(iter(row.values())) == '\'=HYPERLINK("x")'


def test_too_many_rows_make_no_file_and_say_so(
    signed_in: Client, coach: User, area: EmploymentArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_ROWS", 2)
    monkeypatch.setattr(export_views, "MOST_ROWS", 2)
    for _number in range(2):
        JobSeekerFactory(area=area, coach=coach)
    assert len(rows(signed_in.post(EXPORT))) == 2
    assert EXPORT in signed_in.get(reverse("seekers:list")).content.decode()
    JobSeekerFactory(area=area, coach=coach)
    response = signed_in.post(f"{EXPORT}?scope=own", follow=True)
    assert response.redirect_chain == [(f"{EXPORT}?scope=own", 302)]
    assert any("2" in str(message) for message in response.context["messages"])
    assert EXPORT not in signed_in.get(f"{reverse('seekers:list')}?scope=own").content.decode()


def test_who_may_not_export_is_not_offered_it(client: Client, area: EmploymentArea) -> None:
    client.force_login(with_role(Role.EMPLOYER_SPECIALIST, area))
    JobSeekerFactory(area=area)
    assert EXPORT not in client.get(reverse("seekers:list")).content.decode()
    assert client.get(EXPORT).status_code == client.post(EXPORT).status_code == 403


def test_two_thousand_rows_take_few_queries(
    signed_in: Client, coach: User, area: EmploymentArea, django_assert_max_num_queries: Any
) -> None:
    occupation = OccupationFactory()
    for _number in range(5):
        JobSeekerFactory(area=area, coach=coach, wishes=[occupation])
    with django_assert_max_num_queries(13):
        assert len(rows(signed_in.post(EXPORT))) == 5
    assert exports.MOST_ROWS == 2_000


def test_only_the_areas_where_the_person_may_export_are_in_the_file(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    elsewhere = EmploymentAreaFactory()
    RoleMembershipFactory(user=coach, role=Role.EMPLOYER_SPECIALIST, area=elsewhere)
    JobSeekerFactory(area=area, last_name="Täkäläinen")
    JobSeekerFactory(area=elsewhere, last_name="Muualla")

    listed = signed_in.get(reverse("seekers:list"), {"scope": "area"}).content.decode()
    assert "Täkäläinen" in listed
    assert "Muualla" in listed
    assert [next(iter(row.values())) for row in rows(signed_in.post(f"{EXPORT}?scope=area"))] == ["Täkäläinen"]
