"""`manage.py permission_matrix`: what it prints, when it fails, where it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from portal.accounts.management.commands import permission_matrix
from tests.permission_answers import Answer
from tests.permission_matrix import ROWS
from tests.permission_questions import Case

RIGHT: dict[str, Any] = {
    "url": "/x/", "method": "GET", "role": "case_worker", "object": "own", "expected": 200, "got": 200,
}  # fmt: skip
WRONG = RIGHT | {"role": "case_worker, outsider", "object": "other", "expected": 404, "got": 200}


def answering(monkeypatch: pytest.MonkeyPatch, *lines: dict[str, Any], code: int = 0, said: str = "") -> None:
    """Let the command run a program that prints these lines."""
    out = "\n".join(json.dumps(line) for line in lines)
    program = f"import sys; print({out!r}); sys.stderr.write({said!r}); sys.exit({code})"
    real = subprocess.Popen

    def stand_in(command: list[str], **options: Any) -> "subprocess.Popen[str]":
        assert command[1:3] == ["-m", "tests.permission_run"]
        assert options["env"]["DJANGO_SETTINGS_MODULE"] == "portal.settings.test"
        return real([sys.executable, "-c", program], **options)

    monkeypatch.setattr(permission_matrix.subprocess, "Popen", stand_in)


def test_json_comes_line_by_line_and_counts_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, RIGHT, {"rows": 1, "unexpected": 0})
    call_command("permission_matrix", "--json")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [RIGHT, {"rows": 1, "unexpected": 0}]


def test_something_unexpected_ends_with_1_and_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, RIGHT, WRONG, {"rows": 2, "unexpected": 1}, code=1)
    with pytest.raises(SystemExit) as end:
        call_command("permission_matrix")
    assert end.value.code == 1
    out = capsys.readouterr().out
    assert "UNEXPECTED GET /x/ by case_worker, outsider (other): 200, not 404" in out
    assert "2 questions, 1 unexpected answers." in out
    assert "200!404" in out


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Traceback\nOperationalError: no connection to the server\n", "no connection to the server"),
        ("Traceback\nModuleNotFoundError: No module named 'factory'\n", "requirements/dev.txt"),
        ("", "without a word"),
    ],
)
def test_a_run_that_breaks_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, said: str, told: str) -> None:
    answering(monkeypatch, code=1, said=said)
    with pytest.raises(CommandError, match=told) as refused:
        call_command("permission_matrix")
    assert "\n" not in str(refused.value)


def test_production_refuses(settings: LazySettings) -> None:
    settings.DEMO_ACCOUNTS = False
    with pytest.raises(CommandError, match="refused in production"):
        call_command("permission_matrix")


def test_without_the_tests_it_says_what_is_missing(settings: LazySettings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="needs the folder tests/"):
        call_command("permission_matrix")


@pytest.mark.parametrize(
    ("expected", "may", "got", "wrong", "told"),
    [
        ({200}, True, 200, "", 200),
        ({403, 405}, False, 405, "", 405),
        ({403, 405}, False, 200, "comes in", 403),
        (set(), True, 302, "", 302),
        (set(), True, 500, "breaks", 200),
        (set(), False, 200, "comes in", 302),
    ],
)
def test_expected_equals_got_exactly_when_the_answer_is_right(
    expected: set[int], may: bool, got: int, wrong: str, told: int
) -> None:
    case = Case("GET", "anonymous", None, "/x/", "x", "none", frozenset(expected), may, {})
    answer = Answer(case, got, wrong)
    assert answer.expected == told
    assert (answer.expected == answer.got) == (not wrong)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_real_run_asks_on_databases_of_its_own_and_leaves_none(settings: LazySettings) -> None:
    usual = connection.settings_dict["NAME"].removeprefix("test_").partition("_gw")[0]
    ran = subprocess.run(
        [sys.executable, "manage.py", "permission_matrix", "--json", "--only", "ui:", "--processes", "2"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    *rows, counts = [json.loads(line) for line in ran.stdout.splitlines()]
    assert counts == {"rows": len(rows), "unexpected": 0}
    assert all(row.keys() == RIGHT.keys() and row["expected"] == row["got"] for row in rows)
    assert {row["role"] for row in rows} > {"anonymous", "case_worker", "administrator", "auditor"}
    assert len({row["url"] for row in rows}) == len([row for row in ROWS if row.name.startswith("ui:")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{usual}_[0-9]+_matrix"])
        assert cursor.fetchall() == []
