"""Requests about own data: noted, extended once, decided by the table; restriction and what it hides."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobmatching.models import JobSeeker, Restriction, SubjectRequest
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.rights import services
from jobmatching.seekers.rights.enums import (
    TRANSITIONS,
    IdentityProof,
    RequestKind,
    RequestState,
    RestrictionGround,
    Sender,
)
from jobmatching.seekers.rights.services import Decision, Received
from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.factories import JobSeekerFactory, UserFactory, with_role
from tests.rights import request_of, restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> User:
    user: User = UserFactory()
    return user


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def received(day: date, **fields: Any) -> Received:
    usual: dict[str, Any] = {
        "kind": RequestKind.ACCESS,
        "received_on": day,
        "sender": Sender.PERSON,
        "sender_name": "",
        "identity": IdentityProof.DOCUMENT,
        "wanted": "Everything.",
    }
    return Received(**usual | fields)


def decision(state: RequestState, **fields: Any) -> Decision:
    return Decision(state, **{"reasons": "Because.", "told_on": None} | fields)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 3, 15), date(2026, 4, 15)),
        (date(2025, 12, 31), date(2026, 1, 31)),
    ],
)
def test_a_request_is_answered_within_a_calendar_month(came: date, due: date, worker: User) -> None:
    made = services.record_request(JobSeekerFactory().pk, received(came), worker)
    assert (made.due_on, made.handler, made.state) == (due, worker, RequestState.OPEN)


def test_more_time_is_taken_once_with_a_reason_within_the_month(worker: User, today: date) -> None:
    made = services.record_request(JobSeekerFactory().pk, received(today), worker)
    with pytest.raises(NotPossible):
        services.extend(made.pk, " ", worker)
    longer = services.extend(made.pk, "There are many.", worker)
    assert longer.due_on > made.due_on
    with pytest.raises(NotPossible):
        services.extend(made.pk, "More.", worker)
    late = request_of(JobSeekerFactory(), received_on=today - timedelta(days=40))
    with pytest.raises(NotPossible):
        services.extend(late.pk, "Too late.", worker)


@pytest.mark.parametrize("origin", RequestState)
@pytest.mark.parametrize("target", RequestState)
def test_every_way_between_states(origin: RequestState, target: RequestState, worker: User) -> None:
    made = request_of(JobSeekerFactory(), RequestKind.RECTIFICATION)
    if origin != RequestState.OPEN:
        SubjectRequest.objects.filter(pk=made.pk).update(state=origin, decision="x", decided_at=timezone.now())

    def go() -> None:
        if target == RequestState.WITHDRAWN:
            services.withdraw(made.pk, "by telephone", worker)
        else:
            services.decide(made.pk, decision(target), worker)

    if target in TRANSITIONS[origin]:
        go()
        made.refresh_from_db()
        assert made.state == target
    else:
        with pytest.raises(NotPossible):
            go()


def test_an_accepted_objection_stops_matching(worker: User) -> None:
    made = request_of(JobSeekerFactory(), RequestKind.OBJECTION)
    services.decide(made.pk, decision(RequestState.ACCEPTED), worker)
    assert JobSeeker.objects.get(pk=made.seeker_id).matching_paused_at is not None
    other = request_of(JobSeekerFactory(), RequestKind.OBJECTION)
    services.decide(other.pk, decision(RequestState.REFUSED), worker)
    assert JobSeeker.objects.get(pk=other.seeker_id).matching_paused_at is None


def test_an_erasure_is_never_just_called_accepted(worker: User) -> None:
    made = request_of(JobSeekerFactory(), RequestKind.ERASURE)
    with pytest.raises(NotPossible):
        services.decide(made.pk, decision(RequestState.ACCEPTED), worker)
    services.decide(made.pk, decision(RequestState.REFUSED), worker)


def test_nobody_is_told_before_the_request_came_or_tomorrow(worker: User, today: date) -> None:
    made = request_of(JobSeekerFactory())
    for day in (made.received_on - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(NotPossible):
            services.decide(made.pk, decision(RequestState.REFUSED, told_on=day), worker)


# --- Restriction ---------------------------------------------------------------------------------------------------
def test_a_restriction_is_lifted_only_after_the_person_was_told(worker: User, today: date) -> None:
    seeker = JobSeekerFactory()
    one = services.restrict(seeker.pk, RestrictionGround.CLAIM, "A court case.", worker)
    with pytest.raises(NotPossible):
        services.restrict(seeker.pk, RestrictionGround.CLAIM, "Again.", worker)
    for day, reason in ((today + timedelta(days=1), "x"), (today - timedelta(days=1), "x"), (today, " ")):
        with pytest.raises(NotPossible):
            services.lift(one.pk, reason, day, worker)
    services.lift(one.pk, "The case has ended.", today, worker)
    assert services.restriction_of(seeker.pk) is None
    with pytest.raises(IntegrityError, match="restriction_lifted_whole"), transaction.atomic():
        Restriction.objects.filter(pk=one.pk).update(told_on=None)


def test_whoever_is_restricted_is_there_for_those_who_handle_it_alone(worker: User) -> None:
    seeker = JobSeekerFactory()
    coach, pair, lead = (with_role(role, seeker.area) for role in (Role.CASE_WORKER, Role.WORK_PAIR, Role.TEAM_LEAD))
    stranger = with_role(Role.TEAM_LEAD)
    restrict(seeker, request=request_of(seeker, RequestKind.RESTRICTION, handler=coach))
    seen = {
        user.pk: JobSeeker.objects.visible_to(user).filter(pk=seeker.pk).exists()
        for user in (coach, pair, lead, stranger)
    }
    assert seen == {coach.pk: True, pair.pk: False, lead.pk: True, stranger.pk: False}


def test_whoever_is_restricted_is_not_matched(today: date) -> None:
    seeker, other = JobSeekerFactory.create_batch(2)
    restrict(seeker)
    assert set(JobSeeker.objects.matchable(today).values_list("pk", flat=True)) == {other.pk}
    told = dict(JobSeeker.objects.with_reason_left_out(today).values_list("pk", "left_out"))
    assert told == {seeker.pk: "processing_restricted", other.pk: ""}
    assert set(JobSeeker.objects.unrestricted().values_list("pk", flat=True)) == {other.pk}
