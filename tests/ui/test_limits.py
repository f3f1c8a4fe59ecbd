"""How often is too often: per person, per kind, over a window that slides."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

import portal.urls
from portal.accounts.roles import Role
from portal.ui import limits
from portal.ui.limits import Limit, TooOften, limited, spend
from tests.factories import UserFactory, with_role

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOST, SECONDS = Limit.EXPORT.value.most, Limit.EXPORT.value.seconds


def spend_all(who: int = 1, limit: Limit = Limit.EXPORT) -> None:
    for _time in range(limit.value.most):
        spend(limit, who)


@limited(Limit.REVEAL)
def _guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


@limited(Limit.IMPORT, when_reading=False)
def _guarded_when_sending(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [*portal.urls.urlpatterns, path("reveal/", _guarded), path("import/", _guarded_when_sending)]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


def test_as_often_as_allowed_and_once_more() -> None:
    spend_all()
    with pytest.raises(TooOften) as refused:
        spend(Limit.EXPORT, 1)
    assert refused.value.limit is Limit.EXPORT


def test_other_people_and_other_limits_have_counts_of_their_own() -> None:
    spend_all()
    spend(Limit.EXPORT, 2)
    spend(Limit.SEARCH, 1)


def test_a_refused_try_is_not_counted(clock: time_machine.Traveller) -> None:
    spend_all()
    for _time in range(3):
        with pytest.raises(TooOften):
            spend(Limit.EXPORT, 1)
    clock.shift(2 * SECONDS)
    spend_all()


def test_a_cost_counts_as_many_times() -> None:
    spend(Limit.EXPORT, 1, cost=MOST)
    with pytest.raises(TooOften):
        spend(Limit.EXPORT, 1)
    with pytest.raises(TooOften):
        spend(Limit.EXPORT, 2, cost=MOST + 1)
    spend(Limit.EXPORT, 2, cost=MOST)


def test_the_border_of_two_windows_does_not_give_twice_as_many(clock: time_machine.Traveller) -> None:
    clock.shift(SECONDS - 1)
    spend_all()
    clock.shift(2)
    with pytest.raises(TooOften):
        spend(Limit.EXPORT, 1)


@given(
    spent=st.lists(st.tuples(st.integers(0, SECONDS), st.integers(1, MOST)), min_size=1, max_size=6),
    cost=st.integers(1, MOST),
)
def test_it_is_possible_again_exactly_when_it_was_said(spent: list[tuple[int, int]], cost: int) -> None:
    cache.clear()
    with time_machine.travel(START, tick=False) as clock:
        for seconds, much in spent:
            clock.shift(seconds)
            with suppress(TooOften):
                spend(Limit.EXPORT, 1, much)
        try:
            spend(Limit.EXPORT, 1, cost)
        except TooOften as refused:
            wait = refused.retry_after
        else:
            return
        assert 0 < wait <= 2 * SECONDS
        if wait > 2:
            clock.shift(wait - 2)
            with pytest.raises(TooOften):
                spend(Limit.EXPORT, 1, cost)
            clock.shift(2)
        else:
            clock.shift(wait)
        spend(Limit.EXPORT, 1, cost)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_the_page_says_when_to_try_again(client: Client) -> None:
    user = with_role(Role.CASE_WORKER)
    client.force_login(user)
    spend_all(user.pk, Limit.REVEAL)
    refused = client.get("/reveal/")
    assert refused.status_code == 429
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= 2 * Limit.REVEAL.value.seconds
    assert str(-(-wait // 60)) in refused.content.decode()
    assert "shown" not in refused.content.decode()
    assert "no-store" in refused.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_where_only_sending_counts_reading_is_free(client: Client) -> None:
    user = with_role(Role.CASE_WORKER)
    client.force_login(user)
    spend_all(user.pk, Limit.IMPORT)
    assert client.get("/import/").status_code == 200
    assert client.post("/import/").status_code == 429


@pytest.mark.django_db
def test_the_log_names_an_id_and_no_person(caplog: pytest.LogCaptureFixture) -> None:
    user = UserFactory(email="aino.virtanen@example.org", last_name="Virtanen")
    spend_all(user.pk)
    with pytest.raises(TooOften):
        spend(Limit.EXPORT, user.pk)
    assert str(user.pk) in caplog.text
    assert "irtanen" not in caplog.text


def test_nothing_is_given_out_while_it_cannot_be_counted(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def __getattr__(self, name: str) -> Callable[..., object]:
            def fail(*args: object, **kwargs: object) -> object:
                raise ConnectionError("no cache")

            return fail

    monkeypatch.setattr(limits, "cache", Away())
    request = rf.get("/reveal/")
    request.user = AnonymousUser()
    with pytest.raises(ConnectionError):
        _guarded(request)
