"""Erasure on request: nothing else may keep the data, asked under the lock, by today's date and of today's requests."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker, SubjectRequest
from jobmatching.seekers.retention import JOBSEEKERS
from jobmatching.seekers.rights.enums import RequestKind, RequestState
from jobmatching.seekers.rights.erasure import erase_on_request, keeps_in_spite_of
from jobmatching.seekers.rights.keeping import keeping_of
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.privacy.retention.erasing import NotErased, erase
from portal.privacy.retention.rules import Block, Standing
from tests.factories import JobSeekerFactory, RegistrationSpellFactory, with_role
from tests.rights import request_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def seeker() -> JobSeeker:
    """Somebody whose search has ended."""
    seeker: JobSeeker = JobSeekerFactory()
    seeker.spells.all().delete()
    RegistrationSpellFactory(
        seeker=seeker, started_on=TODAY - timedelta(days=300), ended_on=TODAY - timedelta(days=200)
    )
    return seeker


@pytest.fixture
def lead(seeker: JobSeeker) -> User:
    return with_role(Role.TEAM_LEAD, seeker.area)


@pytest.fixture
def wanted(seeker: JobSeeker) -> SubjectRequest:
    return request_of(seeker, RequestKind.ERASURE)


def test_who_asked_goes_with_the_request(seeker: JobSeeker, wanted: SubjectRequest, lead: User) -> None:
    assert keeps_in_spite_of(wanted) == set()
    report = erase_on_request(wanted.pk, lead)
    assert report.started_by == lead
    assert not JobSeeker.objects.filter(pk=seeker.pk).exists()
    assert not SubjectRequest.objects.filter(pk=wanted.pk).exists()


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(-10, None), (-10, 30), (-10, 1), (5, None), (5, 30)],
    ids=["open", "ends in a month", "ends tomorrow", "begins", "begins and ends"],
)
def test_a_search_in_force_or_to_come_keeps_the_person(
    seeker: JobSeeker, wanted: SubjectRequest, lead: User, starts: int, ends: int | None
) -> None:
    RegistrationSpellFactory(
        seeker=seeker,
        started_on=TODAY + timedelta(days=starts),
        ended_on=None if ends is None else TODAY + timedelta(days=ends),
    )
    assert keeps_in_spite_of(wanted) == {Block.OPEN_SEARCH}
    assert keeping_of(seeker, TODAY).since is None
    with pytest.raises(NotErased):
        erase_on_request(wanted.pk, lead)
    with pytest.raises(NotErased):
        erase(JOBSEEKERS, seeker.pk, lead)
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


def test_a_search_that_ended_yesterday_or_today_keeps_nobody(
    seeker: JobSeeker, wanted: SubjectRequest, lead: User
) -> None:
    seeker.spells.update(ended_on=TODAY)
    assert keeps_in_spite_of(wanted) == set()
    erase_on_request(wanted.pk, lead)


@pytest.mark.parametrize("kind", [RequestKind.ACCESS, RequestKind.ERASURE])
def test_another_open_request_is_answered_first(
    seeker: JobSeeker, wanted: SubjectRequest, lead: User, kind: RequestKind
) -> None:
    other = request_of(seeker, kind)
    assert keeps_in_spite_of(wanted) == {Block.OPEN_REQUEST}
    with pytest.raises(NotErased):
        erase_on_request(wanted.pk, lead)
    SubjectRequest.objects.filter(pk=other.pk).update(
        state=RequestState.WITHDRAWN, decided_at=timezone.now(), decision="x"
    )
    erase_on_request(wanted.pk, lead)
    assert not JobSeeker.objects.filter(pk=seeker.pk).exists()


def test_a_request_that_somebody_has_decided_meanwhile_erases_nobody(
    seeker: JobSeeker, wanted: SubjectRequest, lead: User
) -> None:
    SubjectRequest.objects.filter(pk=wanted.pk).update(
        state=RequestState.REFUSED, decided_at=timezone.now(), decision="x"
    )
    with pytest.raises(NotErased):
        erase_on_request(wanted.pk, lead)
    with pytest.raises(NotErased):
        erase_on_request(0, lead)
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


@pytest.mark.parametrize("standing", [Standing.BUSY, Standing.GONE])
def test_what_somebody_is_changing_is_not_erased(
    seeker: JobSeeker, lead: User, monkeypatch: pytest.MonkeyPatch, standing: Standing
) -> None:
    monkeypatch.setattr(type(JOBSEEKERS), "lock", lambda *_: standing)
    with pytest.raises(NotErased):
        erase(JOBSEEKERS, seeker.pk, lead)
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


def test_a_search_opened_between_the_look_and_the_lock_keeps_the_person(
    seeker: JobSeeker, wanted: SubjectRequest, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeps_in_spite_of(wanted) == set()
    lock = type(JOBSEEKERS).lock

    def overtaken(self: Any, pk: int, before: Any) -> Standing:
        RegistrationSpellFactory(seeker=seeker, started_on=TODAY, ended_on=None)
        return lock(self, pk, before)

    monkeypatch.setattr(type(JOBSEEKERS), "lock", overtaken)
    with pytest.raises(NotErased):
        erase_on_request(wanted.pk, lead)
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()


def test_the_page_says_what_keeps_the_data(
    client: Client, seeker: JobSeeker, wanted: SubjectRequest, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    JobSeeker.objects.filter(pk=seeker.pk).update(coach=lead)
    request_of(seeker, RequestKind.ACCESS)
    client.force_login(lead)
    page = client.get(reverse("seekers:request", args=[seeker.pk, wanted.pk])).content.decode()
    assert str(Block.OPEN_REQUEST.label).casefold() in page.casefold()
    address = reverse("seekers:erasure", args=[seeker.pk, wanted.pk])
    assert client.post(address, {"confirmed": "1"}).status_code == 302
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()
