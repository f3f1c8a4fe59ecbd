"""The page of the stop switch, and what lists show while it holds."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from jobmatching.models import Match, MatchResult
from jobmatching.nightly.enums import MATCHING
from portal.accounts.roles import Role
from portal.runs.models import JobStop
from portal.runs.schedule import due_at
from portal.runs.services import open_run
from portal.runs.starting import JOB_NAMES
from portal.runs.stopping import lift, stop, stop_in_force
from tests.world import World

SWITCH, STOP, LIFT = (reverse(f"matching:{name}") for name in ("switch", "stop", "lift"))
WORDS = "Listat näyttävät vääriltä <b>tänään</b>."


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.own.users[role])
    return client


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_matching_is_stopped_after_a_confirmation_that_says_what_happens(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    going_on = open_run(MATCHING, world.day)
    asked = text(manager.post(STOP, {"reason": WORDS, "results": "hide"}))
    assert escape(WORDS) in asked
    assert "päättyy seuraavaan vaiheeseensa" in asked
    assert stop_in_force(MATCHING) is None

    response = manager.post(STOP, {"reason": WORDS, "results": "hide", "confirmed": "1"}, follow=True)

    assert response.redirect_chain == [(SWITCH, 302)]
    held = JobStop.objects.get()
    assert (held.reason, held.stopped_by, held.until) == (WORDS, world.own.users[Role.MANAGER], None)
    going_on.refresh_from_db()
    assert not going_on.is_active
    page = text(response)
    assert escape(WORDS) in page
    assert "Kaino" not in page
    assert LIFT in page


def test_who_wants_to_change_the_words_loses_nothing(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    day = timezone.localdate() + timedelta(days=4)
    written = {"reason": WORDS, "results": "show", "until": day.isoformat(), "confirmed": "1", "change": "1"}
    page = text(manager.post(STOP, written))
    assert escape(WORDS) in page
    assert f'value="{day.isoformat()}"' in page
    assert stop_in_force(MATCHING) is None


def test_until_a_day_means_until_it_begins_in_finland(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    day = timezone.localdate() + timedelta(days=4)
    manager.post(STOP, {"reason": WORDS, "results": "show", "until": day.isoformat(), "confirmed": "1"})
    held = JobStop.objects.get()
    assert held.until is not None
    local = timezone.localtime(held.until)
    assert (local.date(), local.hour, held.hides_results) == (day, 0, False)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"reason": "  ", "results": "hide"}, "Kirjoita, miksi kohtaanto pysäytetään."),
        ({"reason": WORDS}, "Valitse, näytetäänkö ehdokkaat ja osumat."),
        ({"reason": WORDS, "results": "hide", "until": "today"}, "Valitse myöhempi päivä kuin tämä päivä."),
        ({"reason": WORDS, "results": "hide", "until": "soon"}, "Kirjoita päivä muodossa 31.12.2026."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_stopped(world: World, written: dict[str, str], told: str) -> None:
    written = {name: timezone.localdate().isoformat() if value == "today" else value for name, value in written.items()}
    page = text(signed_in(world, Role.MANAGER).post(STOP, written | {"confirmed": "1"}))
    assert told in page
    assert stop_in_force(MATCHING) is None


def test_it_goes_on_with_a_reason_and_the_history_tells_all(world: World) -> None:
    stop(MATCHING, world.own.users[Role.MANAGER], WORDS)
    administrator = signed_in(world, Role.ADMINISTRATOR)
    assert "Kirjoita, miksi kohtaanto saa jatkua." in text(administrator.post(LIFT, {"reason": ""}))
    response = administrator.post(LIFT, {"reason": "Säännöt korjattiin."}, follow=True)
    page = text(response)
    assert stop_in_force(MATCHING) is None
    for told in (
        escape(WORDS),
        "Säännöt korjattiin.",
        str(world.own.users[Role.MANAGER]),
        str(world.own.users[Role.ADMINISTRATOR]),
    ):
        assert told in page


def test_a_stop_that_ended_by_itself_says_so(world: World) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        stop(MATCHING, None, WORDS, until=timezone.now() + timedelta(days=2))
    page = text(signed_in(world, Role.AUDITOR).get(SWITCH))
    assert "päättyi itsestään" in page
    assert "Kohtaantoa ei ole pysäytetty." in page


def test_stopping_twice_and_lifting_nothing_lead_back(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    assert manager.get(LIFT, follow=True).redirect_chain == [(SWITCH, 302)]
    stop(MATCHING, None, WORDS)
    response = manager.post(STOP, {"reason": "Again", "results": "hide", "confirmed": "1"}, follow=True)
    assert response.redirect_chain == [(SWITCH, 302)]
    assert JobStop.objects.count() == 1


# --- What people see meanwhile ---------------------------------------------------------------------------------------
def pages_with_matches(world: World) -> list[str]:
    return [
        reverse("vacancies:page", args=[world.own.vacancy.pk]),
        reverse("seekers:matches", args=[world.own.seeker.pk]),
        reverse("vacancies:list"),
        reverse("seekers:list"),
    ]


def test_every_list_says_that_matching_is_stopped_when_and_why(world: World) -> None:
    held = stop(MATCHING, None, WORDS)
    client = signed_in(world, Role.CASE_WORKER)
    for url in pages_with_matches(world):
        page = text(client.get(url))
        assert page.count("Kohtaanto on pysäytetty.") == 1, url
        assert escape(WORDS) in page
        assert f"{timezone.localtime(held.since).day}.{timezone.localtime(held.since).month}." in page
    employer = signed_in(world, Role.EMPLOYER_OWNER)
    assert "pysäytetty" not in text(employer.get(reverse("vacancies:list")))


def test_hidden_results_are_in_no_list_no_count_and_no_line(world: World) -> None:
    client = signed_in(world, Role.CASE_WORKER)
    pair = [world.own.vacancy.pk, world.own.seeker.pk]
    line, other_line = reverse("matching:candidate", args=pair), reverse("matching:vacancy_of_seeker", args=pair[::-1])
    vacancy, matches, vacancies, seekers = pages_with_matches(world)
    assert world.own.seeker.name in text(client.get(vacancy))

    stop(MATCHING, None, WORDS, hide=True)

    assert world.own.seeker.name not in text(client.get(vacancy))
    assert world.own.seeker.name not in text(client.get(f"{vacancy}?nakyma=lahelta"))
    assert world.own.vacancy.title not in text(client.get(matches))
    assert [client.get(url).status_code for url in (line, other_line)] == [404, 404]
    for url in (vacancies, seekers):
        [panel] = client.get(url).context["row_panels"]
        assert panel.context["counts"] == {}
    assert not Match.objects.current().exists()

    lift(MATCHING, None, "They are right.")
    assert world.own.seeker.name in text(client.get(vacancy))
    assert client.get(line).status_code == 200


def test_results_that_are_not_hidden_are_still_there(world: World) -> None:
    stop(MATCHING, None, WORDS, hide=False)
    page = text(signed_in(world, Role.CASE_WORKER).get(pages_with_matches(world)[0]))
    assert world.own.seeker.name in page
    assert "Kohtaanto on pysäytetty." in page


def test_an_inquiry_can_still_explain_a_hidden_pair(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    stop(MATCHING, None, WORDS, hide=True)
    call_command("explain_match", world.own.vacancy.pk, world.own.seeker.pk)
    assert "total" in capsys.readouterr().out


def test_everybody_may_know_that_matching_is_stopped_but_not_why(world: World) -> None:
    stop(MATCHING, None, WORDS)
    page = text(Client().get(reverse("matching:how")))
    assert "Kohtaanto on pysäytetty." in page
    assert "vääriltä" not in page


def test_the_run_list_tells_of_the_stop_and_raises_no_alarm(world: World) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        manager = signed_in(world, Role.MANAGER)
        assert (MATCHING, JOB_NAMES[MATCHING]) in manager.get(reverse("runs:list")).context["late"]
        stop(MATCHING, None, WORDS)
        response = manager.get(reverse("runs:list"))
    assert MATCHING not in dict(response.context["late"])
    page = text(response)
    assert SWITCH in page
    assert "on pysäytetty." in page


@pytest.mark.parametrize("hides", [True, False])
def test_result_and_stop_are_told_together(world: World, hides: bool) -> None:
    result, nothing = MatchResult.objects.now_and_stop()
    assert result == MatchResult.objects.now()
    assert nothing is None

    held = stop(MATCHING, None, "The lists look wrong.", hide=hides)
    assert MatchResult.objects.now_and_stop() == (None if hides else result, held)

    lift(MATCHING, None, "They were right.")
    assert MatchResult.objects.now_and_stop() == (result, None)
    MatchResult.objects.update(current=False)
    later = stop(MATCHING, None, "Before the first night.")
    assert MatchResult.objects.now_and_stop() == (None, later)


# --- What happens next -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "told", "not_told"),
    [(1, "Seuraava ajo alkaa", "Väliin jäänyt"), (30, "Väliin jäänyt yö", "Seuraava ajo")],
)
def test_lifting_promises_a_missed_night_only_where_one_was_missed(
    world: World, hours: int, told: str, not_told: str
) -> None:
    begun = due_at(timezone.localdate()) + timedelta(hours=2)
    with time_machine.travel(begun, tick=False):
        stop(MATCHING, None, WORDS)
    with time_machine.travel(begun + timedelta(hours=hours), tick=False):
        answer = signed_in(world, Role.MANAGER).post(LIFT, {"reason": "They were right."}, follow=True)
    (message,) = answer.context["messages"]
    assert told in str(message)
    assert not_told not in str(message)


def test_the_list_of_runs_does_not_promise_a_run_that_is_stopped(world: World) -> None:
    manager = signed_in(world, Role.MANAGER)
    assert "Seuraava ajo alkaa" in text(manager.get(reverse("runs:list")))
    stop(MATCHING, None, WORDS)
    assert "Seuraava ajo alkaa" not in text(manager.get(reverse("runs:list")))
