"""Processes of the launcher: an own end is told, a stubborn one is killed with its group."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.devtools import children, say
from portal.devtools.check import Tool, run_tools
from portal.devtools.children import Child


def _child(folder: Path, script: str, **options: float) -> Child:
    return Child("Worker", ["sh", "-c", script], log=folder / "log", environ=os.environ, folder=folder, **options)


def _wait_for(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return path.read_text().strip()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_child_that_ends_by_itself_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("from an earlier start\n")
    child = _child(tmp_path, "echo the broker is gone; exit 3")
    with pytest.raises(say.Trouble) as caught:
        children.wait_until(lambda: False, child, 10, "It did not come up")
    assert "Worker ended by itself (exit code 3)" in str(caught.value)
    assert "the broker is gone" in str(caught.value)
    assert "earlier start" not in str(caught.value)


def test_child_that_does_not_come_up_is_told_after_the_time_limit_and_ended(tmp_path: Path) -> None:
    child = _child(tmp_path, "echo waiting; sleep 60")
    with pytest.raises(say.Trouble, match="It did not come up within 0 s"), children.ended_on_failure(child):
        children.wait_until(lambda: False, child, 0.2, "It did not come up")
    assert child.exit_code() == -signal.SIGTERM


def test_stubborn_child_is_killed_with_what_it_started(tmp_path: Path) -> None:
    child = _child(tmp_path, "trap '' TERM; sleep 60 & echo $! > pid; wait; sleep 60", grace_s=0.3)
    grandchild = int(_wait_for(tmp_path / "pid"))
    child.end()
    assert child.exit_code() == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while _is_alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(grandchild)


def test_foreground_program_ends_when_a_watched_child_does(tmp_path: Path) -> None:
    child = _child(tmp_path, "exit 4")
    started = time.monotonic()
    with pytest.raises(say.Trouble, match="exit code 4"):
        children.run(["sleep", "60"], os.environ, folder=tmp_path, watching=[child])
    assert time.monotonic() - started < 10


def test_stop_signal_ends_the_foreground_program_first(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from portal.devtools import children, say\n"
        "children.install_stop_signals()\n"
        "try:\n"
        "    children.run(['sh', '-c', 'echo $$ > pid; exec sleep 60'], os.environ, folder=sys.argv[1])\n"
        "except say.Stopped:\n"
        "    sys.exit(130)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) as launcher:
        program = int(_wait_for(tmp_path / "pid"))
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(10) == 130
    assert not _is_alive(program)


def test_failing_tool_is_shown_and_does_not_hide_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = [
        Tool("first", ["sh", "-c", "echo wrong line; exit 1"]),
        Tool("second", ["sh", "-c", "echo all fine"]),
        Tool("third", ["sh", "-c", f"touch {tmp_path}/third; exit 2"]),
    ]
    assert sorted(run_tools(tools, os.environ)) == ["first", "third"]
    said = capsys.readouterr().out
    assert "FAILED first" in said
    assert "wrong line" in said
    assert "ok     second" in said
    assert "all fine" not in said
    assert (tmp_path / "third").exists()
