"""The embedded servers: kept data, kill -9, second launchers, joining, passwords."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal.devtools import postgres, servers
from portal.devtools.system_user import server_user
from tests.devtools.conftest import Launcher, Launchers, all_gone, processes_in

pytestmark = pytest.mark.slow


def _write_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('säilyy')")


def _rows(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT word FROM kept").fetchall()


def _postmaster(launchers: Launchers) -> int:
    return int((launchers.state.postgres / "data" / "postmaster.pid").read_text().split()[0])


def test_data_and_ports_survive_an_orderly_restart(launchers: Launchers) -> None:
    first = launchers.start("services")
    url = first.url_when_up()
    _write_row(url)
    first.end(signal.SIGINT)
    assert all_gone(launchers.state.root, within_s=0), "Ctrl-C must end the servers before the launcher"

    assert launchers.start("services").url_when_up() == url
    assert _rows(url) == [("säilyy",)]


def test_servers_end_with_a_killed_launcher_and_the_next_one_takes_over_at_once(launchers: Launchers) -> None:
    first = launchers.start("services")
    _write_row(first.url_when_up())
    assert processes_in(launchers.state.root)
    first.end(signal.SIGKILL)  # no pause: the old PostgreSQL may still be shutting down

    url = launchers.start("services").url_when_up()
    assert _rows(url) == [("säilyy",)]


def test_all_servers_end_when_the_launcher_is_killed(launchers: Launchers) -> None:
    first = launchers.start("services")
    first.url_when_up()
    first.end(signal.SIGKILL)
    assert all_gone(launchers.state.root, within_s=20)


def test_database_recovers_after_kill_9_of_everything(launchers: Launchers) -> None:
    first = launchers.start("services")
    _write_row(first.url_when_up())
    os.kill(_postmaster(launchers), signal.SIGKILL)
    first.end(signal.SIGKILL)

    url = launchers.start("services").url_when_up()
    assert _rows(url) == [("säilyy",)]
    assert "was not properly shut down" in (launchers.state.logs / "postgres.log").read_text()


def test_pid_file_that_names_another_living_program_is_seen_as_stale(launchers: Launchers) -> None:
    first = launchers.start("services")
    first.url_when_up()
    first.end(signal.SIGINT)
    user = server_user()
    options = user.popen_options() if user else {}
    with subprocess.Popen(["sleep", "60"], **options) as stranger:  # the pid of a server before the machine restarted
        pid_file = launchers.state.postgres / "data" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n5432\n\n127.0.0.1\n\nready\n")
        launchers.start("services").url_when_up()
        assert stranger.poll() is None, "the other program must be left alone"
        stranger.kill()


def test_a_server_that_dies_ends_the_launcher_with_its_name_and_log(launchers: Launchers) -> None:
    first = launchers.start("services")
    first.url_when_up()
    os.kill(_postmaster(launchers), signal.SIGKILL)
    code, errors = first.finish()
    assert code == 1
    assert "PostgreSQL ended by itself" in errors
    assert "database system is ready" in errors
    assert "Traceback" not in errors
    assert all_gone(launchers.state.root, within_s=5)


def test_second_launcher_is_refused_in_one_sentence(services: tuple[Launcher, str]) -> None:
    first, url = services
    second = Launcher(first.state, "services")
    code, errors = second.finish()
    assert code == 1
    assert errors.count("\n") == 1
    assert f"`dev.py services` (process {first.process.pid}) already runs" in errors
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_other_commands_join_running_servers_and_leave_them_running(services: tuple[Launcher, str]) -> None:
    first, url = services
    with servers.join_or_own(first.state, {}, postgres.THROW_AWAY, "manage") as joined:
        assert joined.urls["DATABASE_URL"] == url
        assert joined.children == []
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_servers_of_a_command_end_with_it_and_an_own_address_starts_nothing(launchers: Launchers) -> None:
    given = {"DATABASE_URL": "postgres://elsewhere/db"}
    with servers.join_or_own(launchers.state, given, postgres.THROW_AWAY, "manage") as own:
        assert [child.name for child in own.children] == ["Valkey"]
        assert own.urls["DATABASE_URL"] == "postgres://elsewhere/db"
        assert own.urls["REDIS_URL"].startswith("redis://:")
    assert processes_in(launchers.state.root) == []
    with servers.join_or_own(
        launchers.state, given | {"REDIS_URL": "redis://elsewhere"}, postgres.DEMO, "manage"
    ) as none:
        assert none.children == []


def test_servers_of_a_command_wait_for_those_that_joined_it(open_folder: Path) -> None:
    """A short command owns the servers, a longer one joins; the longer one must be able to finish its work."""
    script = (
        "import sys, time, psycopg\n"
        "from pathlib import Path\n"
        "from portal.devtools import postgres, servers\n"
        "from portal.devtools.paths import StateFolder\n"
        "folder, until = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "with servers.join_or_own(StateFolder(folder), {}, postgres.THROW_AWAY, 'manage') as own:\n"
        "    print('owner' if own.children else 'guest', flush=True)\n"
        "    while not until.exists():\n"
        "        time.sleep(0.05)\n"
        "    with psycopg.connect(own.urls['DATABASE_URL']) as connection:\n"
        "        print(connection.execute('SELECT 1').fetchone(), flush=True)\n"
    )
    state, short, long = open_folder / "state", open_folder / "short", open_folder / "long"

    def command(until: Path) -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, "-c", script, state, until], stdout=subprocess.PIPE, text=True)

    with command(short) as owner, command(long) as guest:
        try:
            assert owner.stdout
            assert guest.stdout
            parts = {owner.stdout.readline().strip(): owner, guest.stdout.readline().strip(): guest}
            assert set(parts) == {"owner", "guest"}
            first, second = (short, long) if parts["owner"] is owner else (long, short)
            first.touch()
            assert parts["owner"].stdout.readline() == "(1,)\n"
            assert (
                parts["owner"].stdout.readline()
                == "Another command still uses the servers; they are kept until it ends.\n"
            )
            second.touch()
            assert parts["guest"].communicate(timeout=30)[0] == "(1,)\n"
            assert (parts["owner"].wait(30), parts["guest"].wait(30)) == (0, 0)
        finally:
            owner.kill()
            guest.kill()


def test_fresh_forgets_the_data_and_keeps_the_secrets(launchers: Launchers) -> None:
    with servers.own(launchers.state, {}, postgres.THROW_AWAY, "demo") as own:
        url = own.urls["DATABASE_URL"]
        _write_row(url)
    with servers.own(launchers.state, {}, postgres.THROW_AWAY, "demo", fresh=True) as own:
        assert own.urls["DATABASE_URL"] == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_cluster_is_fit_for_finnish_text_and_closed_without_the_password(services: tuple[Launcher, str]) -> None:
    first, url = services
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT lower('ÄÖÅ'), 'Ä' ILIKE 'ä'").fetchone() == ("äöå", True)
        assert connection.execute("SELECT to_tsvector('finnish', 'mallien')::text").fetchone() == ("'mal':1",)
        connection.execute("CREATE DATABASE later")
        ports = json.loads(first.state.servers_file.read_text())
    with psycopg.connect(url.rpartition("/")[0] + "/later") as connection:
        found = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert set(postgres.EXTENSIONS) <= found
    without = f"postgres://{postgres.ROLE}@127.0.0.1:{ports['postgres']}/kohtaanto"
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(without)


def test_no_secret_is_readable_by_others_or_seen_in_the_process_list(services: tuple[Launcher, str]) -> None:
    state = services[0].state
    kept = json.loads(state.secrets_file.read_text())
    for file in (state.secrets_file, state.servers_file, state.valkey / "valkey.conf"):
        assert file.stat().st_mode & 0o077 == 0, file
    for folder in (state.postgres, state.valkey):
        assert folder.stat().st_mode & 0o077 == 0, folder
    for pid in processes_in(state.root):
        shown = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        assert not any(secret in shown for secret in kept.values())
