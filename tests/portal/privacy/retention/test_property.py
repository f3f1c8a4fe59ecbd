"""Whatever people, notices, holds and requests there are: what goes is exactly what an independent reading says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employers.enums import VacancyState
from employers.models import Vacancy
from employers.retention import VACANCIES
from jobmatching.models import JobSeeker
from jobmatching.seekers.retention import JOBSEEKERS
from portal.privacy.retention.models import DepartedCount, RetentionNotice
from portal.privacy.retention.work import carry_out
from tests.factories import EmployerFactory, JobSeekerFactory, RegistrationSpellFactory, VacancyFactory
from tests.portal.privacy.retention.conftest import MONTHS
from tests.rights import hold_on, notice_of, request_of, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Person:
    """A jobseeker as an example draws one; days count back from today."""

    ends: tuple[int, ...]
    """Days ago on which searches ended; the last one may still be open (`open`)."""
    open: bool
    made: int
    notice: int | None
    """Days from today on which the notice says that the person goes; None: not told yet."""
    held: bool
    released: bool
    asks: bool
    restricted: bool
    hidden: bool


# Around the edge: the first day of the month 24 months ago is 700 to 760 days back.
NEAR_EDGE = st.integers(690, 800)
PEOPLE = st.builds(
    Person,
    ends=st.lists(st.one_of(NEAR_EDGE, st.integers(1, 1500)), max_size=2, unique=True).map(
        lambda days: tuple(sorted(days, reverse=True))
    ),
    open=st.sampled_from([False, False, False, True]),
    made=st.one_of(NEAR_EDGE, st.integers(0, 1500)),
    notice=st.sampled_from([None, -3, 0, 0, 0, 1, 20]),
    held=st.sampled_from([False, False, True]),
    released=st.booleans(),
    asks=st.sampled_from([False, False, False, True]),
    restricted=st.sampled_from([False, False, False, True]),
    hidden=st.sampled_from([False, False, True]),
)


def make(person: Person, today: date) -> JobSeeker:
    """The rows of an example's person."""
    seeker: JobSeeker = JobSeekerFactory(spell=False, hidden=person.hidden)
    JobSeeker.objects.filter(pk=seeker.pk).update(created_at=timezone.now() - timedelta(days=person.made))
    for ended in person.ends:
        day = today - timedelta(days=ended)
        RegistrationSpellFactory(seeker=seeker, started_on=day - timedelta(days=1), ended_on=day)
    if person.open:
        latest = min(person.ends, default=5)
        RegistrationSpellFactory(seeker=seeker, started_on=today - timedelta(days=max(0, latest - 1)), ended_on=None)
    if person.notice is not None:
        goes = today + timedelta(days=person.notice)
        notice_of(seeker.pk, noticed_on=min(today, goes) - timedelta(days=5), delete_on=goes)
    if person.held:
        over = {"released_at": timezone.now(), "release_reason": "over"} if person.released else {}
        hold_on(seeker.pk, **over)
    if person.asks:
        request_of(seeker)
    if person.restricted:
        restrict(seeker)
    return seeker


def is_due(person: Person, made_on: date, today: date) -> bool:
    """The rule in other words: two years and a full month count whole months, the month of the end is not one."""
    if person.open:
        return False
    counted = max((today - timedelta(days=days) for days in person.ends), default=made_on)
    months = (today.year - counted.year) * 12 + today.month - counted.month
    return months > MONTHS


def goes(person: Person, made_on: date, today: date) -> bool:
    """Whether the night deletes the person."""
    told = person.notice is not None and person.notice <= 0
    kept = (person.held and not person.released) or person.asks or person.restricted
    return is_due(person, made_on, today) and told and not kept


@FEW
@given(people=st.lists(PEOPLE, min_size=1, max_size=7))
def test_exactly_those_who_are_due_told_and_unblocked_go(people: list[Person]) -> None:
    today = timezone.localdate()
    with undone():
        made = [(make(person, today), person) for person in people]
        born = {seeker.pk: timezone.localdate(JobSeeker.objects.get(pk=seeker.pk).created_at) for seeker, _p in made}
        expected = {seeker.pk for seeker, person in made if not goes(person, born[seeker.pk], today)}
        due = {seeker.pk for seeker, person in made if is_due(person, born[seeker.pk], today)}
        planned = carry_out(JOBSEEKERS, today, dry=True)
        done = carry_out(JOBSEEKERS, today)
        assert set(JobSeeker.objects.values_list("pk", flat=True)) == expected
        hidden = {seeker.pk for seeker, person in made if person.hidden}
        gone = {seeker.pk for seeker, _person in made} - expected
        assert done.deleted == len(gone)
        # Before they go, people under non-disclosure are in no count; the proof holds everybody who has gone.
        assert (planned.found, planned.deleted) == (len(due - hidden), len(gone - hidden))
        assert done.found == len((due - hidden) | gone)
        # Whoever stays and is due has been told; nobody else has a notice.
        assert set(RetentionNotice.objects.values_list("object_id", flat=True)) == due & expected
        # Nobody is lost from the figures, and none is in a small cell.
        assert sum(DepartedCount.objects.values_list("people", flat=True)) == done.deleted
        again = carry_out(JOBSEEKERS, today)
        assert (again.deleted, again.noticed) == (0, 0)


@dataclass(frozen=True)
class Post:
    """A vacancy as an example draws one; days count back from today."""

    state: VacancyState
    days: int
    has_end: bool
    held: bool


POSTS = st.builds(
    Post,
    state=st.sampled_from(VacancyState),
    days=st.one_of(st.integers(720, 740), st.integers(1, 1500)),
    has_end=st.booleans(),
    held=st.sampled_from([False, False, True]),
)


@FEW
@given(posts=st.lists(POSTS, min_size=1, max_size=7))
def test_exactly_the_vacancies_that_are_over_for_long_go(posts: list[Post]) -> None:
    today, now = timezone.localdate(), timezone.now()
    with undone():
        employer = EmployerFactory()
        expected = set()
        for post in posts:
            then = now - timedelta(days=post.days)
            vacancy = VacancyFactory(employer=employer, state=post.state, apply_until=then if post.has_end else None)
            ended = post.state in (VacancyState.FILLED, VacancyState.CLOSED)
            Vacancy.objects.filter(pk=vacancy.pk).update(updated_at=then, closed_at=then if ended else None)
            if post.held:
                hold_on(vacancy.pk, rule="vacancies")
            counted = ended or post.state in (VacancyState.DRAFT, VacancyState.SUBMITTED) or post.has_end
            day = timezone.localdate(then)
            limit = (today.year - 2, today.month, today.day)
            if post.held or not counted or (day.year, day.month, day.day) >= limit:
                expected.add(vacancy.pk)
        carry_out(VACANCIES, today)
        assert set(Vacancy.objects.values_list("pk", flat=True)) == expected
