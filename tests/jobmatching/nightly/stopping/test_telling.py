"""Whoever works with matches is told once when matching is stopped, and once when it goes on."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from jobmatching.nightly import tasks
from jobmatching.nightly.enums import MATCHING
from jobmatching.nightly.stopping.telling import RESUMED, STOPPED, tell
from portal.accounts.models import RoleMembership, User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.outbox.models import Message
from portal.runs.stopping import lift, stop
from tests.world import World

WHY = "Listat näyttävät vääriltä."


def told(kind: str) -> set[int]:
    found = Message.objects.filter(kind=kind).order_by("pk").values_list("recipient_id", flat=True)
    ids = [pk for pk in found if pk is not None]
    assert len(ids) == len(set(ids))  # nobody is told twice
    return set(ids)


def people(*permissions: Permission) -> set[int]:
    roles = [role for role in Role if ROLE_PERMISSIONS[role] & set(permissions)]
    return set(RoleMembership.objects.filter(role__in=roles).order_by("pk").values_list("user_id", flat=True))


def test_the_page_tells_everybody_concerned_but_who_did_it(world: World) -> None:
    manager = world.own.users[Role.MANAGER]
    client = Client()
    client.force_login(manager)
    posted = {"reason": WHY, "results": "hide", "confirmed": "1"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("matching:stop"), posted)
    concerned = people(Permission.MATCHES_VIEW, Permission.MATCHING_STOP)
    assert told(STOPPED) == concerned - {manager.pk}
    assert world.own.users[Role.CASE_WORKER].pk in told(STOPPED)
    assert not told(STOPPED) & people(Permission.AUDIT_VIEW)
    assert not told(RESUMED)

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("matching:lift"), {"reason": "Syy löytyi."})
    assert told(RESUMED) == concerned - {manager.pk}


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("fi", "Kohtaanto on pysäytetty", "piilotettu"),
        ("sv", "Matchningen har stoppats", "dolda"),
        ("en", "Matching has been stopped", "hidden"),
    ],
)
def test_the_mail_says_when_and_why_in_the_readers_language(
    world: World, language: str, subject: str, body: str
) -> None:
    reader = world.own.users[Role.CASE_WORKER]
    User.objects.filter(pk=reader.pk).update(language=language)
    stop(MATCHING, world.own.users[Role.MANAGER], WHY)
    tell()
    mail = Message.objects.get(kind=STOPPED, recipient_id=reader.pk)
    assert mail.subject == subject
    assert WHY in mail.text
    assert body in mail.text
    assert reverse("matching:switch") in mail.html


def test_what_the_page_missed_the_sweeper_tells_once(world: World) -> None:
    stop(MATCHING, None, WHY, hide=False)
    for _again in range(3):
        tasks.tell_of_stops()
    concerned = people(Permission.MATCHES_VIEW, Permission.MATCHING_STOP)
    assert told(STOPPED) == concerned
    assert "muutu" in Message.objects.filter(kind=STOPPED)[0].text
    lift(MATCHING, None, "Syy löytyi.")
    for _again in range(3):
        tasks.tell_of_stops()
    assert told(RESUMED) == concerned


def test_a_stop_that_ends_by_itself_is_told_of_when_its_time_is_over(world: World) -> None:
    stop(MATCHING, None, WHY, until=timezone.now() + timedelta(hours=3))
    assert tell() == 1
    assert not told(RESUMED)
    with time_machine.travel(timezone.now() + timedelta(hours=4), tick=False):
        assert tell() == 1
        assert tell() == 0
    mail = Message.objects.filter(kind=RESUMED)[0]
    assert "aika päättyi" in mail.text


def test_old_stops_are_no_news(world: World) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        stop(MATCHING, None, WHY, until=timezone.now() + timedelta(days=1))
    assert tell() == 0


def test_a_stop_that_was_lifted_before_anybody_was_told_is_told_as_ended(world: World) -> None:
    stop(MATCHING, None, WHY)
    lift(MATCHING, None, "Turha hälytys.")
    assert tell() == 1
    assert not told(STOPPED)
    assert told(RESUMED)
