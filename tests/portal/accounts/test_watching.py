"""What an administrator does that could open people's data, others are told of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations.services import invite
from portal.accounts.models import Invitation, RoleMembership, User
from portal.accounts.people import services
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea
from portal.outbox.models import Message
from portal.privacy.access.enums import AnomalyKind, AnomalyState
from portal.privacy.access.models import AccessAnomaly
from tests.factories import EmploymentAreaFactory, RoleMembershipFactory, with_role
from tests.sign_in import confirm_address

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD, ALIAS = "teppo@tornio.example", "alias@tornio.example"


@pytest.fixture
def area() -> EmploymentArea:
    made: EmploymentArea = EmploymentAreaFactory()
    return made


@pytest.fixture
def by() -> User:
    made: User = with_role(Role.ADMINISTRATOR, is_staff=True)
    return made


@pytest.fixture
def watching(area: EmploymentArea) -> set[int]:
    """Those who are to be told; others of other areas and roles are there, too."""
    with_role(Role.TEAM_LEAD)
    with_role(Role.MANAGER, area)
    with_role(Role.CASE_WORKER, area)
    return {with_role(Role.TEAM_LEAD, area).pk, with_role(Role.AUDITOR).pk}


def told(kind: str) -> set[int | None]:
    return set(Message.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def change_address(person: User, by: User, address: str = ALIAS) -> None:
    names: dict[str, Any] = {"first_name": person.first_name, "last_name": person.last_name, "language": "fi"}
    services.change_details(person, **names, email=address, by=by)


def worker(area: EmploymentArea) -> User:
    return confirm_address(with_role(Role.CASE_WORKER, area, email=OLD))


def test_a_role_that_sees_people_is_told_when_it_is_given(area: EmploymentArea, by: User, watching: set[int]) -> None:
    person = confirm_address(with_role(Role.TRAINING_COORDINATOR, area, last_name="Kivikoski"))
    row = RoleMembership(user=person, role=Role.CASE_WORKER, area=area, valid_from=timezone.localdate())
    services.give_role(row, by)
    assert told("role_given") == watching
    for message in Message.objects.filter(kind="role_given"):
        assert "Kivikoski" not in message.subject
        assert "Kivikoski" in message.text


def test_and_when_somebody_is_invited_to_it(area: EmploymentArea, by: User, watching: set[int]) -> None:
    row = {"first_name": "Oma", "last_name": "Toinen", "area": area, "valid_from": timezone.localdate()}
    invite(Invitation(email=ALIAS, role=Role.CASE_WORKER, **row), by)
    assert told("role_given") == watching
    assert all(ALIAS in one.text for one in Message.objects.filter(kind="role_given"))


def test_other_roles_are_not_told(area: EmploymentArea, by: User, watching: set[int]) -> None:
    row = {"first_name": "Uusi", "last_name": "Johtaja", "area": area, "valid_from": timezone.localdate()}
    invite(Invitation(email=ALIAS, role=Role.MANAGER, **row), by)
    assert told("role_given") == set()


def test_where_there_is_no_team_lead_the_managers_are_told(area: EmploymentArea, by: User) -> None:
    manager = with_role(Role.MANAGER, area)
    RoleMembershipFactory(role=Role.TEAM_LEAD, area=area, valid_to=timezone.localdate() - DAY)
    row = {"first_name": "Oma", "last_name": "Toinen", "area": area, "valid_from": timezone.localdate()}
    invite(Invitation(email=ALIAS, role=Role.CASE_WORKER, **row), by)
    assert told("role_given") == {manager.pk}


@pytest.mark.parametrize("address_first", [True, False])
def test_address_and_second_factor_replaced_within_two_weeks_are_told(
    address_first: bool, area: EmploymentArea, by: User, watching: set[int]
) -> None:
    person = worker(area)
    steps = [
        lambda: change_address(person, by),
        lambda: services.reset_second_factor(User.objects.get(pk=person.pk), by),
    ]
    with time_machine.travel(timezone.now() - 13 * DAY):
        steps[not address_first]()
        assert told("way_in_replaced") == set()
    steps[address_first]()

    assert told("way_in_replaced") == watching
    assert all(person.last_name not in one.subject for one in Message.objects.filter(kind="way_in_replaced"))
    # The old address hears of both, whichever came last.
    assert set(Message.objects.filter(address=OLD).values_list("kind", flat=True)) == {
        "address_changed",
        "second_factor_reset",
    }


def test_a_longer_time_apart_they_are_not(area: EmploymentArea, by: User, watching: set[int]) -> None:
    person = worker(area)
    with time_machine.travel(timezone.now() - 15 * DAY):
        change_address(person, by)
    services.reset_second_factor(User.objects.get(pk=person.pk), by)
    assert told("way_in_replaced") == set()


def test_a_new_address_alone_opens_an_account_without_a_second_factor(
    area: EmploymentArea, by: User, watching: set[int]
) -> None:
    change_address(confirm_address(with_role(Role.CASE_WORKER, area, enrolled=False)), by)
    assert told("way_in_replaced") == watching


def test_auditors_see_it_among_the_anomalies_and_again_after_it_was_explained(
    area: EmploymentArea, by: User, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    def give() -> None:
        person = confirm_address(with_role(Role.TRAINING_COORDINATOR, area))
        row = RoleMembership(user=person, role=Role.CASE_WORKER, area=area, valid_from=timezone.localdate())
        with django_capture_on_commit_callbacks(execute=True):
            services.give_role(row, by)

    give()
    found = AccessAnomaly.objects.get()
    assert (found.kind, found.user_id, found.count, found.subjects) == (AnomalyKind.RIGHTS, by.pk, 1, [])
    auditor = Client()
    auditor.force_login(with_role(Role.AUDITOR))
    assert str(AnomalyKind.RIGHTS.label)[1:] in auditor.get(reverse("audit:anomalies")).content.decode()
    page = auditor.get(reverse("audit:anomaly", args=[found.pk]))
    assert "tiiminvetäj" in page.content.decode()
    AccessAnomaly.objects.update(state=AnomalyState.EXPLAINED)

    give()

    found.refresh_from_db()
    assert (found.count, found.state) == (2, AnomalyState.NEW)
    assert AccessAnomaly.objects.count() == 1
