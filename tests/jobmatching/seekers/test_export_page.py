"""What is shown before jobseekers leave the portal as a file: how many, who, which columns; a GET gives no file."""

import csv
import io

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jobmatching.seekers import export_views
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.ui.limits import Limit, spend
from tests.factories import EmploymentAreaFactory, JobSeekerFactory, NamedWorkerFactory, RoleMembershipFactory

EXPORT = reverse("seekers:export")
LIST = reverse("seekers:list")


def told(response: HttpResponse) -> dict[str, object]:
    """What the page says about the file, by its names."""
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    return {fact.label: fact.value for fact in response.context["facts"]}


def test_the_page_says_what_the_file_will_hold_and_holds_nobody_itself(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    JobSeekerFactory(area=area, last_name="Aalto", ready_to_move=True)
    JobSeekerFactory(area=area, last_name="Ekola", ready_to_move=True)
    JobSeekerFactory(area=area, last_name="Paikallaan")
    NamedWorkerFactory(seeker=JobSeekerFactory(area=area, ready_to_move=True, hidden=True), user=coach)

    response = signed_in.get(EXPORT, {"scope": "area", "moves": "on"})

    facts = told(response)
    page = response.content.decode()
    assert response.context["count"] == 2
    assert facts == {
        "Kenen asiakkaat": "Koko alue",
        "Alueet": str(area),
        "Voimassa olevat rajaukset": "Valmis muuttamaan",
    }
    assert "Aalto" not in page

    file = signed_in.post(f"{EXPORT}?scope=area&moves=on")
    header, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    assert header == response.context["columns"]
    assert [row[0] for row in rows] == ["Aalto", "Ekola"]


def test_filter_and_words_are_carried_from_the_list_to_the_page_and_back(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    JobSeekerFactory(area=area, coach=coach, last_name="Väliheikki")
    address = signed_in.post(reverse("seekers:search"), {"q": "väliheikki"}).headers["Location"]
    query = address.partition("?")[2]

    listed = signed_in.get(address).content.decode()
    response = signed_in.get(f"{EXPORT}?{query}")

    assert f'href="{EXPORT}?{query.replace("&", "&amp;")}"' in listed
    assert told(response)["Voimassa olevat rajaukset"] == "Nimi tai hakusana: väliheikki"
    assert response.context["list_url"] == address
    assert "v%C3%A4liheikki" not in response.content.decode().lower()


def test_of_several_areas_only_those_are_named_where_the_person_may_export(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    elsewhere = EmploymentAreaFactory()
    RoleMembershipFactory(user=coach, role=Role.EMPLOYER_SPECIALIST, area=elsewhere)
    JobSeekerFactory(area=elsewhere)

    response = signed_in.get(EXPORT, {"scope": "area"})

    assert told(response)["Alueet"] == str(area)
    assert response.context["count"] == 0


@pytest.mark.parametrize(("query", "people"), [("scope=area&s=unknown", 1), ("scope=area", 0), ("scope=area", 3)])
def test_where_no_file_is_made_the_page_says_why_and_offers_none(
    signed_in: Client, area: EmploymentArea, monkeypatch: pytest.MonkeyPatch, query: str, people: int
) -> None:
    monkeypatch.setattr(export_views, "MOST_ROWS", 2)
    for _number in range(people):
        JobSeekerFactory(area=area)

    refused = signed_in.post(f"{EXPORT}?{query}")
    assert (refused.status_code, refused.headers["Location"]) == (302, f"{EXPORT}?{query}")

    page = signed_in.get(f"{EXPORT}?{query}")
    assert page.context["why_not"] in [str(message) for message in page.context["messages"]]
    assert 'type="submit"' not in page.content.decode().partition("<main")[2].partition("</main")[0]


def test_files_are_given_out_only_so_often_and_the_page_may_be_looked_at_any_time(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    JobSeekerFactory(area=area, coach=coach)
    spend(Limit.EXPORT, coach.pk, cost=Limit.EXPORT.value.most - 1)

    assert signed_in.post(EXPORT).status_code == 200
    assert signed_in.get(EXPORT).status_code == 200
    assert signed_in.post(EXPORT).status_code == 429
    assert signed_in.get(EXPORT).status_code == 200
