"""The nightly job: one run, its proof, its failure seen as failure, and the same run again."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.seekers.retention import JOBSEEKERS
from portal.outbox.models import Message
from portal.privacy.retention import night, tasks
from portal.privacy.retention.models import Origin, RetentionLine, RetentionNotice, RetentionReport, Tombstone
from portal.privacy.retention.replay import Mark, delete_again, marks, still_there
from portal.privacy.retention.rules import rules
from portal.privacy.retention.telling import KIND, tell_responsible
from portal.runs.models import JobRun, RunState
from portal.runs.services import open_run
from tests.factories import JobSeekerFactory, UserFactory
from tests.portal.privacy.retention.conftest import gone_seeker, long_ago, ripe
from tests.rights import notice_of

pytestmark = pytest.mark.django_db


def test_a_run_keeps_a_proof_with_a_line_for_each_rule(today: date) -> None:
    ripe(gone_seeker(long_ago(today)), today)
    report = night.run_here(today)
    assert [line.rule for line in report.lines.order_by("place")] == [rule.code for rule in rules()]
    assert (report.origin, report.failed, report.finished_at is not None) == (Origin.COMMAND, False, True)
    assert report.run.state == RunState.SUCCEEDED
    assert report.run.counts["deleted"] == report.deleted_total == 1
    assert all(line.row.code for line in report.lines.select_related("row"))


def test_the_second_run_of_a_day_does_nothing_more(today: date) -> None:
    ripe(gone_seeker(long_ago(today)), today)
    gone_seeker(long_ago(today), coach=UserFactory())
    first = night.run_here(today)
    letters = Message.objects.filter(kind=KIND).count()
    second = night.run_here(today)
    assert (first.deleted_total, second.deleted_total) == (1, 0)
    assert RetentionNotice.objects.count() == 1
    assert Message.objects.filter(kind=KIND).count() == letters == 1


def test_a_run_that_could_not_delete_everything_has_failed(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)

    def refuse(rule: Any, pk: int) -> None:
        raise ValueError(seeker.last_name)

    monkeypatch.setattr(type(JOBSEEKERS), "delete", refuse)
    with pytest.raises(night.NotAllDone):
        night.run_here(today)
    run = JobRun.objects.get(job="retention")
    assert run.state == RunState.FAILED
    assert seeker.last_name not in run.error
    line = RetentionLine.objects.get(rule="jobseekers")
    assert (line.deleted, line.failed, line.errors, line.report.failed) == (0, 1, ["ValueError"], True)
    monkeypatch.undo()
    assert night.run_here(today).deleted_total == 1


def test_a_rule_that_cannot_be_followed_keeps_none_of_the_others(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    ripe(gone_seeker(long_ago(today)), today)
    runs = next(rule for rule in rules() if rule.code == "runs")

    def broken(rule: Any, before: date) -> None:
        raise ValueError("a value of a row")

    monkeypatch.setattr(type(runs), "remove", broken)
    with pytest.raises(night.NotAllDone):
        night.run_here(today)
    report = RetentionReport.objects.get()
    assert report.failed
    assert report.run.counts["not_followed"] == {"runs": "ValueError"}
    assert report.lines.get(rule="jobseekers").deleted == 1


def test_a_run_taken_up_again_goes_on_after_the_rules_that_have_their_line(today: date) -> None:
    run = open_run(night.JOB, today)
    night.begin(run)
    report = RetentionReport.objects.create(run=run, for_date=today, origin=Origin.NIGHT)
    first = rules()[0]
    night.write_line(report, 0, night.carry_out(first, today))
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    assert night.work_through(run.pk, Origin.NIGHT) == report
    assert report.lines.count() == len(rules())
    assert JobSeeker.objects.filter(pk=seeker.pk).exists() is (first.code == "jobseekers")


def test_nothing_is_deleted_while_matching_goes_on(today: date) -> None:
    ripe(gone_seeker(long_ago(today)), today)
    open_run("matching", today)
    run = open_run(night.JOB, today)
    with pytest.raises(night.MatchingGoesOn):
        night.work_through(run.pk, Origin.NIGHT)
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert not RetentionReport.objects.exists()


def test_a_silent_run_is_taken_up_and_an_endless_one_given_up(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.retain, "delay", sent.append)
    run = open_run(night.JOB, today)
    tasks.sweep_retention()
    assert sent == []
    JobRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - tasks.SILENT_FOR - timedelta(minutes=1))
    tasks.sweep_retention()
    assert sent == [run.pk]
    JobRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - tasks.GIVEN_UP_AFTER - timedelta(minutes=1))
    tasks.sweep_retention()
    run.refresh_from_db()
    assert run.state == RunState.FAILED


# --- Who is told ---------------------------------------------------------------------------------------------------
def test_one_mail_says_how_many_and_never_who(today: date) -> None:
    coach = UserFactory(language="en")
    people = [gone_seeker(long_ago(today)) for _ in range(2)]
    for seeker in people:
        notice_of(seeker.pk, responsible=coach, noticed_on=today)
    assert tell_responsible(today) == 1
    assert tell_responsible(today) == 1
    message = Message.objects.get(kind=KIND)
    assert message.address == coach.email
    assert "2 entries" in message.text
    for seeker in people:
        for word in (seeker.first_name, seeker.last_name, f"/{seeker.pk}/"):
            assert word not in message.subject + message.text + message.html


# --- Commands ------------------------------------------------------------------------------------------------------
def told(*args: str) -> dict[str, Any]:
    """The last line of the command as JSON."""
    out = StringIO()
    call_command("run_retention", *args, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return answer


def test_the_command_says_what_a_run_would_do_and_then_does_it(today: date) -> None:
    seeker = gone_seeker(long_ago(today))
    ripe(seeker, today)
    planned = told("--dry-run")
    assert JobSeeker.objects.filter(pk=seeker.pk).exists()
    assert not RetentionReport.objects.exists()
    done = told()
    assert not JobSeeker.objects.filter(pk=seeker.pk).exists()
    lines = {line["rule"]: line for line in planned["rules"]}
    for line in done["rules"]:
        assert lines[line["rule"]]["deleted"] == line["deleted"]
    assert (planned["dry_run"], done["dry_run"], done["failed"]) == (True, False, False)


def test_a_dry_run_looks_ahead_and_a_run_does_not(today: date) -> None:
    gone_seeker(long_ago(today) + timedelta(days=5))
    later = (today + timedelta(days=70)).isoformat()
    assert {line["rule"]: line["found"] for line in told("--dry-run", "--as-of", later)["rules"]}["jobseekers"] == 1
    with pytest.raises(CommandError, match="--dry-run"):
        call_command("run_retention", "--as-of", later)
    with pytest.raises(CommandError, match="later"):
        call_command("run_retention", "--dry-run", "--as-of", "2020-01-01")


# --- After a backup was restored -----------------------------------------------------------------------------------
def test_what_comes_back_with_a_backup_is_deleted_again_by_its_mark(today: date) -> None:
    gone, other = gone_seeker(long_ago(today)), JobSeekerFactory()
    ripe(gone, today)
    night.run_here(today)
    kept = list(marks())
    assert kept == [Mark("jobseekers", Tombstone.objects.get().mark)]
    JobSeekerFactory(pk=gone.pk)
    assert still_there(kept) == {"jobseekers": [gone.pk]}
    report = delete_again(kept)
    assert (report.origin, report.deleted_total) == (Origin.REPLAY, 1)
    assert set(JobSeeker.objects.values_list("pk", flat=True)) == {other.pk}
    assert delete_again(kept).deleted_total == 0


def test_marks_are_found_after_a_change_of_keys_or_it_is_said_aloud(today: date, tmp_path: Path, settings: Any) -> None:
    gone = gone_seeker(long_ago(today))
    ripe(gone, today)
    night.run_here(today)
    out = StringIO()
    call_command("retention_marks", stdout=out)
    file = tmp_path / "marks"
    file.write_text(out.getvalue(), encoding="utf-8")
    JobSeekerFactory(pk=gone.pk)
    old, former_index_key = settings.RETENTION_KEYS, settings.IDENTITY_INDEX_KEY
    settings.RETENTION_KEYS, settings.IDENTITY_INDEX_KEY = ["new"], "new as well"
    with pytest.raises(CommandError, match="are not set here"):
        call_command("retention_marks", "--delete-again", str(file))
    settings.RETENTION_KEYS = ["new", *old]
    with pytest.raises(CommandError, match="1 of the keys"):
        call_command("retention_marks", "--check", str(file))
    settings.RETENTION_KEYS = ["new", *old, former_index_key]
    call_command("retention_marks", "--delete-again", str(file), stdout=StringIO())
    assert not JobSeeker.objects.filter(pk=gone.pk).exists()


def test_a_file_of_marks_without_its_keys_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "marks"
    file.write_text('{"rule": "jobseekers", "mark": "0"}', encoding="utf-8")
    with pytest.raises(CommandError, match="by which keys"):
        call_command("retention_marks", "--check", str(file))
