"""The identity code: masked on every page, shown on demand with a trace, and found by without being kept anywhere."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from jobmatching.models import JobSeeker
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.privacy.access import Action
from portal.privacy.access.models import AccessLogEntry
from tests.factories import EmploymentAreaFactory, JobSeekerFactory, NamedWorkerFactory, identity_fields, with_role

CODE = "131052-308T"


@pytest.fixture
def seeker(area: EmploymentArea, coach: User) -> JobSeeker:
    return JobSeekerFactory(area=area, coach=coach, **identity_fields(CODE))


def last_entry() -> AccessLogEntry:
    entry: AccessLogEntry = AccessLogEntry.objects.order_by("-pk")[0]
    return entry


def test_the_page_says_that_there_is_a_code_and_does_not_show_it(signed_in: Client, seeker: JobSeeker) -> None:
    content = signed_in.get(reverse("seekers:page", args=[seeker.pk])).content.decode()

    assert reverse("seekers:reveal", args=[seeker.pk]) in content
    assert CODE not in content


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_on_demand_the_code_is_shown_and_noted(
    signed_in: Client, coach: User, seeker: JobSeeker, headers: dict[str, str]
) -> None:
    answer = signed_in.post(reverse("seekers:reveal", args=[seeker.pk]), headers=headers)

    assert CODE in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    entry = last_entry()
    assert (entry.action, entry.user_id, entry.subjects) == (Action.REVEAL, coach.pk, [seeker.pk])
    assert CODE not in f"{entry.about} {entry.purpose} {entry.words_hashes}"


def test_no_address_shows_the_code(signed_in: Client, seeker: JobSeeker) -> None:
    answer = signed_in.get(reverse("seekers:reveal", args=[seeker.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("seekers:page", args=[seeker.pk]), 302)]
    assert len(list(answer.context["messages"])) == 1
    assert CODE not in answer.content.decode()
    assert not AccessLogEntry.objects.filter(action=Action.REVEAL).exists()


def test_who_does_not_serve_the_person_gives_a_reason_first(
    client: Client, area: EmploymentArea, seeker: JobSeeker
) -> None:
    client.force_login(with_role(Role.CASE_WORKER, area))

    answer = client.post(reverse("seekers:reveal", args=[seeker.pk]))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("seekers:reason", args=[seeker.pk]))
    assert not AccessLogEntry.objects.filter(action=Action.REVEAL).exists()


def test_a_code_that_no_key_opens_is_told(signed_in: Client, seeker: JobSeeker, settings: Any) -> None:
    settings.IDENTITY_KEYS = ["bm90LXRoZS1rZXktdGhhdC13YXMtdXNlZC1iZWZvcmU="]

    content = signed_in.post(reverse("seekers:reveal", args=[seeker.pk])).content.decode()

    assert "ylläpitäjälle" in content


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f"  {CODE} "])
def test_a_search_by_the_code_leads_to_the_person(signed_in: Client, seeker: JobSeeker, typed: str) -> None:
    answer = signed_in.post(reverse("seekers:search"), {"q": typed})

    assert answer.headers["Location"] == reverse("seekers:page", args=[seeker.pk])
    assert last_entry().subjects == [seeker.pk]


@pytest.mark.parametrize("typed", ["131052-308X", "131052 308T", "Virtanen 131052-308X", "131052308T"])
def test_a_mistyped_code_is_told_and_kept_nowhere(signed_in: Client, seeker: JobSeeker, typed: str) -> None:
    answer = signed_in.post(reverse("seekers:search"), {"q": typed}, follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert "131052" not in str([session.get_decoded() for session in Session.objects.order_by("pk")])


def test_the_code_searched_for_is_kept_nowhere(signed_in: Client, area: EmploymentArea) -> None:
    answer = signed_in.post(reverse("seekers:search"), {"q": CODE})

    assert CODE not in answer.headers["Location"]
    assert all(CODE not in str(session.get_decoded()) for session in Session.objects.order_by("pk"))
    entry = last_entry()
    assert (entry.action, entry.subjects, entry.words_hashes) == (Action.SEARCH, [], [])


def test_nobody_elses_code_is_found(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    """Somebody of another area, somebody hidden and nobody at all: the answers are alike."""
    JobSeekerFactory(area=EmploymentAreaFactory(), **identity_fields("010190-998V"))
    hidden = JobSeekerFactory(area=area, hidden=True, **identity_fields(CODE))

    answers = [signed_in.post(reverse("seekers:search"), {"q": code}) for code in (CODE, "010190-998V", "010195-9974")]

    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert answers[0].headers["Location"].startswith(reverse("seekers:list"))

    NamedWorkerFactory(seeker=hidden, user=coach)
    named = signed_in.post(reverse("seekers:search"), {"q": CODE})
    assert named.headers["Location"] == reverse("seekers:page", args=[hidden.pk])
