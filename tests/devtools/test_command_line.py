"""What a person meets first: a wrong Python, a taken port, a full disk, no network; nothing has to be installed."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from portal.devtools import commands, environment, say
from portal.devtools.demo import Wishes, demo
from portal.devtools.paths import CHECKOUT, StateFolder
from portal.devtools.secrets import new_secrets
from portal.devtools.suite import pytest_arguments
from portal.devtools.variables import for_portal, read_env_file

DEV = CHECKOUT / "dev.py"


def test_command_line_needs_the_standard_library_only() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import portal.devtools.commands;"
        "print([name for name in sys.modules if name in ('django', 'babel', 'packaging', 'psycopg')])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_package_that_dev_py_imports_through_is_empty() -> None:
    assert (CHECKOUT / "portal" / "__init__.py").read_text() == ""


def test_old_python_can_read_dev_py_and_is_told_what_is_needed() -> None:
    source = DEV.read_text()
    ast.parse(source, feature_version=(3, 6))
    code = f"import sys; sys.version_info = (3, 9, 2); exec(compile(open({str(DEV)!r}).read(), 'dev.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("dev.py needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_taken_port_is_said_before_anything_is_started(open_folder: Path) -> None:
    environ = os.environ | {"KOHTAANTO_STATE_DIR": str(open_folder / "state")}
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, DEV, "demo", "--port", str(port)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (open_folder / "state" / "postgres").exists()


def test_missing_esco_folder_and_a_foreign_database_are_refused(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOHTAANTO_STATE_DIR", str(open_folder / "state"))
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(say.Trouble, match="there is no folder or file /nowhere"):
        demo(Wishes(size=None, port=port, esco=Path("/nowhere"), fresh=False))
    with pytest.raises(say.Trouble, match="DATABASE_URL names another"):
        demo(Wishes(size=None, port=port, esco=None, fresh=True))


def test_full_disk_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], open_folder: Path
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**10, 10**10 - 10**7, 10**7))
    with pytest.raises(say.Trouble, match=r"has 0\.0 GB free and 0\.5 GB are needed"):
        environment.require_space(open_folder / "not" / "yet", environment.SERVERS_NEED_BYTES)

    def full() -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(commands, "check", full)
    assert commands.main(["check"]) == 1
    assert capsys.readouterr().err == "dev.py: The disk is full: make room and start again.\n"


@pytest.mark.slow
def test_no_network_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> None:
    venv = open_folder / ".venv"
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(environment, "_STAMP", venv / "installed.json")
    nothing_listens = {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    with pytest.raises(say.Trouble, match="the package index cannot be reached"):
        environment.ensure(environment.BASE, others | nothing_listens | {"PIP_CONFIG_FILE": os.devnull})
    assert not environment.is_ready(environment.BASE), "the next start must try again"


def test_changed_lock_asks_for_a_new_installation(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> None:
    assert environment.is_ready(environment.DEV)
    changed = open_folder / "dev.txt"
    changed.write_text(environment.DEV.read_text() + "\n")
    monkeypatch.setattr(environment, "DEV", changed)
    assert not environment.is_ready(changed)
    assert not environment.is_ready(environment.BASE), "the environment is not known to hold the base lock"


@pytest.mark.parametrize(
    ("given", "leave_out", "expected"),
    [
        ([], "", ["-n", "2", "--dist", "worksteal", "--durations=20"]),
        (["-n0", "-k", "x"], "", ["--durations=20", "-n0", "-k", "x"]),
        (["--pdb"], "not slow", ["--durations=20", "-m", "(not slow)", "--pdb"]),
        (["-m", "slow", "-n", "4"], "not browser", ["--durations=20", "-m", "(slow) and (not browser)", "-n", "4"]),
    ],
)
def test_arguments_of_the_person_reach_pytest(given: list[str], leave_out: str, expected: list[str]) -> None:
    assert pytest_arguments(given, leave_out) == expected


def test_own_values_win_over_the_ones_made_and_the_shell_over_the_file(open_folder: Path) -> None:
    file = open_folder / ".env"
    file.write_text("# SECRET_KEY=no\nexport SECRET_KEY='mine'\nEMAIL_URL=\nSITE_URL=http://a/?b=c\n")
    given = read_env_file(file)
    assert given == {"SECRET_KEY": "mine", "SITE_URL": "http://a/?b=c"}

    made = dict.fromkeys(new_secrets(), "made")
    environ = for_portal(given, StateFolder(open_folder), made, {"DATABASE_URL": "postgres://x"}, "portal.settings.dev")
    assert (environ["SECRET_KEY"], environ["IDENTITY_KEYS"]) == ("mine", "made")
    assert environ["DJANGO_SETTINGS_MODULE"] == "portal.settings.dev"


def test_every_setting_that_the_portal_reads_is_named_in_the_example_file() -> None:
    named = {line.partition("=")[0] for line in (CHECKOUT / ".env.example").read_text().splitlines() if "=" in line}
    read = set()
    for module in sorted((CHECKOUT / "portal" / "settings").glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[0] == "env" and node.args):
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                read.add(first.value)
    only_tests = {"CELERY_EAGER"}
    assert "DATABASE_URL" in read
    assert {name for name in read - only_tests if name.isupper()} <= named
