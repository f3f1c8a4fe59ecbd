"""Pages of runs: history, one run with its live progress, starting by hand, and the alarm."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.nightly.models import MatchingRules, RequirementUnlock
from jobmatching.nightly.panels_run import FEWEST_SEEKERS, leverage, steps_of_run
from jobmatching.nightly.run_words import SHOWN_STEPS, SKIPPED, STEPS
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.runs.models import JobRun, RunState
from portal.runs.services import begin, fail, open_run, step, succeed
from portal.runs.starting import JOB_NAMES, START_LABELS, day_to_run, jobs, start
from tests.factories import CardFactory, with_role

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
LIST = reverse("runs:list")


@pytest.fixture
def lead(client: Client) -> User:
    user = with_role(Role.TEAM_LEAD)
    client.force_login(user)
    return user


def finished(day: date = DAY, job: str = "matching", **fields: Any) -> JobRun:
    """A run that has succeeded."""
    run = open_run(job, day)
    begin(run)
    for name, value in fields.items():
        setattr(run, name, value)
    run.done = run.total = 3
    run.save()
    succeed(run)
    return run


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


# --- History ---------------------------------------------------------------------------------------------------------
def test_latest_first_with_pages(client: Client, lead: User, django_assert_max_num_queries: Any) -> None:
    runs = [finished(DAY - timedelta(days=number)) for number in range(30)]
    text(client, LIST)
    with django_assert_max_num_queries(12):
        response = client.get(LIST)
    assert [run.pk for run in response.context["page_obj"]] == [run.pk for run in reversed(runs)][:25]
    assert len(client.get(f"{LIST}?page=2").context["page_obj"]) == 5


def test_a_night_that_is_late_raises_an_alarm_until_it_has_succeeded(client: Client, lead: User) -> None:
    assert client.get(LIST).context["late"]
    assert 'role="alert"' in text(client, LIST)
    finished(timezone.localdate())
    assert JOB_NAMES["matching"] not in client.get(LIST).context["late"]
    for job in jobs()[1:]:
        finished(timezone.localdate(), job)
    assert not client.get(LIST).context["late"]
    assert 'role="alert"' not in text(client, LIST)


# --- Starting by hand ------------------------------------------------------------------------------------------------
def test_every_job_of_the_night_has_a_starter() -> None:
    assert jobs()[0] == "matching"
    for job in jobs():
        run = start(job, timezone.now(), None)
        assert (run.job, run.state, run.for_date) == (job, RunState.QUEUED, day_to_run(timezone.now()))
        assert {job} <= JOB_NAMES.keys() & START_LABELS.keys()
    with pytest.raises(KeyError):
        start("nothing", timezone.now(), None)


def test_who_may_start_sees_the_button_and_the_run_bears_the_name(client: Client, lead: User) -> None:
    assert reverse("runs:start") in text(client, LIST)
    response = client.post(reverse("runs:start"), {"job": "matching"}, follow=True)
    run = JobRun.objects.get()
    assert run.started_by == lead
    assert response.redirect_chain == [(reverse("runs:page", args=[run.pk]), 302)]
    assert len(list(response.context["messages"])) == 1


def test_one_run_at_a_time_and_the_second_press_leads_to_the_first_run(client: Client, lead: User) -> None:
    going_on = open_run("matching", DAY)
    response = client.post(reverse("runs:start"), {"job": "matching"}, follow=True)
    page = reverse("runs:page", args=[going_on.pk])
    assert response.redirect_chain == [(page, 302)]
    [message] = response.context["messages"]
    assert f'href="{page}"' in str(message)
    assert JobRun.objects.count() == 1


def test_who_may_only_look_has_no_button(client: Client) -> None:
    client.force_login(with_role(Role.CASE_WORKER))
    failed = open_run("matching", DAY)
    fail(failed.pk, "Broken: here")
    for url in (LIST, reverse("runs:page", args=[failed.pk])):
        assert reverse("runs:start") not in text(client, url)
    assert client.post(reverse("runs:start"), {"job": "matching"}).status_code == 403
    assert JobRun.objects.count() == 1


def test_a_job_that_the_night_does_not_have_is_not_started(client: Client, lead: User) -> None:
    assert client.post(reverse("runs:start"), {"job": "os.system"}).status_code == 404


# --- One run ---------------------------------------------------------------------------------------------------------
def test_a_run_going_on_is_asked_again_and_one_that_has_ended_is_not(client: Client, lead: User) -> None:
    run = open_run("matching", DAY)
    begin(run)
    run.total, run.done = 10, 4
    run.save()
    progress = reverse("runs:progress", args=[run.pk])
    page = text(client, reverse("runs:page", args=[run.pk]))
    assert f'hx-get="{progress}"' in page
    assert 'aria-valuenow="40"' in page
    part = text(client, progress)
    assert f'hx-get="{progress}"' in part
    assert "<html" not in part
    assert "hx-swap-oob" not in part

    succeed(run)
    part = text(client, progress)
    assert "hx-get" not in part
    assert 'hx-swap-oob="true"' in part
    assert "data-announce" in part
    assert "hx-get" not in text(client, reverse("runs:page", args=[run.pk]))


def test_a_run_that_waits_has_no_percentage_yet(client: Client, lead: User) -> None:
    run = open_run("matching", DAY)
    page = text(client, reverse("runs:page", args=[run.pk]))
    assert "aria-valuenow" not in page
    assert "hx-get" in page


def test_a_failed_run_tells_its_error_and_can_be_run_again(client: Client, lead: User) -> None:
    run = open_run("matching", DAY)
    begin(run)
    fail(run.pk, "OperationalError: <the server went away>")
    page = text(client, reverse("runs:page", args=[run.pk]))
    assert "OperationalError: &lt;the server went away&gt;" in page
    assert reverse("runs:start") in page


def test_the_page_tells_counts_reasons_steps_and_hashes(client: Client, lead: User) -> None:
    run = finished(
        counts={"seekers": 4000, "vacancies": 800, "pairs_kept": 31234, "seekers_matched": 3000, "new": 12, "gone": 3,
                "moved": 4, "skipped": {"seeker_matching_paused": 77, "moon": 5}},
        seconds={"publish": 0.04, "vectors": 61.6, "tides": 3.0},
        input_hash="ab" * 32,
        result_hash="cd" * 32,
        rules_version="2026.1",
    )  # fmt: skip
    page = text(client, reverse("runs:page", args=[run.pk])).replace("\xa0", " ")
    for told in ("4 000", "31 234", "75 %", ">77<", "moon", "tides", "1 min 2 s", "ab" * 32, "cd" * 32, "2026.1"):
        assert told in page
    assert page.index("1 min 2 s") < page.index("0 s</dd>") < page.index("tides")


def test_a_run_of_a_job_that_matching_knows_nothing_of_is_shown_too(client: Client, lead: User) -> None:
    run = open_run("digests", DAY)
    assert "digests" in text(client, reverse("runs:page", args=[run.pk]))
    assert "digests" not in text(client, LIST)


# --- What matching tells of its runs ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "total", "current"),
    [
        ("vectors", 0, "vectors"),
        ("freeze", 0, "freeze"),
        ("freeze", 5, "match"),
        ("merge", 5, "merge"),
        ("compare", 5, "explain"),
        ("index", 5, "store"),
        ("publish", 5, "publish"),
    ],
)
def test_the_steps_tell_where_a_run_is(at: str, total: int, current: str, rf: Any) -> None:
    run = JobRun(job="matching", state=RunState.RUNNING, step=at, total=total)
    filled = steps_of_run(rf.get("/"), run)
    assert filled is not None
    steps = filled[1]["steps"]
    place = list(SHOWN_STEPS).index(current)
    assert [one.current for one in steps].index(True) == place
    assert [one.done for one in steps] == [number < place for number in range(len(steps))]


def test_every_step_that_a_run_names_has_words(lead: User) -> None:
    run = open_run("matching", DAY)
    for name in STEPS:
        with step(run, name):
            pass
    assert list(run.seconds) == list(STEPS)
    assert set(SHOWN_STEPS) <= set(STEPS)
    assert all(str(words) for words in (*STEPS.values(), *SHOWN_STEPS.values(), *SKIPPED.values()))


def test_leverage_tells_what_can_be_learnt_apart_and_leaves_out_what_is_about_few() -> None:
    card = CardFactory(code="022", name_fi="Hygieniapassi")
    run = finished(rules_version="test.1")
    MatchingRules.objects.create(
        version="test.1",
        scheme=Scheme.DEMO,
        content=b"",
        requirements=[
            {"bit": 136, "kind": "card", "code": card.code, "level": "", "criterion": 6},
            {"bit": 122, "kind": "work_time", "code": "03", "level": "", "criterion": 4},
        ],
    )
    unlock: Callable[..., Any] = RequirementUnlock.objects.create
    unlock(run=run, requirement=136, pairs=50, seekers=FEWEST_SEEKERS, vacancies=3)
    unlock(run=run, requirement=122, pairs=90, seekers=30, vacancies=9)
    unlock(run=run, requirement=256, pairs=99, seekers=FEWEST_SEEKERS - 1, vacancies=9)
    told = leverage(run)
    assert told is not None
    assert [(one.name, one.seekers, one.vacancies, one.pairs) for one in told.by_training] == [
        ("Hygieniapassi", FEWEST_SEEKERS, 3, 50)
    ]
    assert [one.pairs for one in told.other] == [90]
    assert told.few == 1
    run.rules_version = "gone"
    assert leverage(run) is None
