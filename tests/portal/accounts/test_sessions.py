"""Sessions that are over leave nothing behind."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal.accounts.sessions.ended import forget_ended
from portal.accounts.tasks import forget_ended_sessions
from portal.celery import app
from tests.factories import UserFactory


@pytest.mark.django_db
def test_only_sessions_that_are_over_are_forgotten_with_where_they_came_from() -> None:
    keys = []
    for _person in range(2):
        client = Client()
        client.force_login(UserFactory())
        keys.append(client.session.session_key)
        user_id = client.session["_auth_user_id"]
        UserSession.objects.update_or_create(
            session_key=keys[-1], defaults={"user_id": user_id, "ip": "192.0.2.1", "user_agent": "a browser"}
        )
    over, going_on = keys
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - timedelta(minutes=1))

    assert forget_ended() == 1

    assert list(Session.objects.order_by("pk").values_list("session_key", flat=True)) == [going_on]
    assert list(UserSession.objects.order_by("pk").values_list("session_key", flat=True)) == [going_on]


def test_it_is_done_every_day() -> None:
    assert forget_ended_sessions.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert forget_ended_sessions.name in app.tasks
