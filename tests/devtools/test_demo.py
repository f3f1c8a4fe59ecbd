"""The demo as a person starts it: served, signed in to, ended by Ctrl-C without a trace of a process."""

import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from tests.devtools.conftest import Launcher, Launchers

pytestmark = pytest.mark.slow


def _processes_of(state: Path) -> list[str]:
    """Command lines of living processes that were started for this state folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"KOHTAANTO_STATE_DIR={state}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _said_until(launcher: Launcher, beginning: str) -> str:
    assert launcher.process.stdout is not None
    said = ""
    for line in launcher.process.stdout:
        said += line
        if line.strip().startswith(beginning):
            return said
    pytest.fail(f"the demo ended: {said} {launcher.finish()}")


def test_demo_comes_up_is_joined_and_leaves_no_process_behind(launchers: Launchers) -> None:
    port = _free_port()
    demo = launchers.start("demo", "--port", str(port))
    said = _said_until(demo, "The portal is at")
    steps = ["Servers", "Database tables", "People, vacancies", "Static files", "Web", "Matching"]
    places = [said.index(f"-> {step}") for step in steps]
    assert places == sorted(places)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert page.status == 200
        assert "<html" in page.read().decode()

    running = " ".join(_processes_of(launchers.state.root))
    assert all(program in running for program in ("gunicorn", "celery -A portal.celery worker", "beat", "postgres"))
    code, errors = launchers.start("demo", "--port", str(port)).finish()
    assert (code, errors.count("\n")) == (1, 1)
    assert "`dev.py demo`" in errors

    demo.process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + 60
    while demo.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert demo.process.poll() == 130
    assert _processes_of(launchers.state.root) == []
