"""The embedded PostgreSQL: made once, run as a direct child, recovered after kill -9."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.devtools import say
from portal.devtools.binaries import postgres_programs
from portal.devtools.children import Child, ended_on_failure, wait_until
from portal.devtools.network import LOOPBACK
from portal.devtools.paths import StateFolder
from portal.devtools.secrets import write_private
from portal.devtools.system_user import SystemUser

DATABASE = "kohtaanto"
ROLE = "kohtaanto"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist")
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 107 with the file name
_BUILTIN_LOCALES_SINCE = 17
_SHARED_MEMORY = "/dev/shm"  # noqa: S108  looked at, never written


@dataclass(frozen=True)
class Profile:
    """How a cluster is tuned: a durable one for the demo, a throw-away one for tests."""

    shared_buffers: str
    durable: bool


DEMO = Profile(shared_buffers="1GB", durable=True)
THROW_AWAY = Profile(shared_buffers="256MB", durable=False)


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def settings(profile: Profile) -> dict[str, str]:
    """Server settings for a small machine on which web, worker and database live together.

    max_wal_size and minimal WAL are for the nightly COPY into new partitions.
    """
    small_machine = _memory_bytes() < 6 * 1024**3
    chosen = {
        "shared_buffers": "256MB" if small_machine else profile.shared_buffers,
        "effective_cache_size": f"{_memory_bytes() // 2 // 1024**2}MB",
        "work_mem": "16MB" if small_machine else "64MB",
        "maintenance_work_mem": "128MB" if small_machine else "512MB",
        "max_connections": "100",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": "-1",  # statements can hold personal data
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",  # a DETAIL line would quote the row
    }
    if not profile.durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}
    if _shared_memory_is_small():
        chosen["dynamic_shared_memory_type"] = "sysv"
    return chosen


def _shared_memory_is_small() -> bool:
    """Whether /dev/shm (64 MB in many containers) is too small for parallel queries."""
    try:
        return shutil.disk_usage(_SHARED_MEMORY).total < 512 * 1024**2
    except OSError:
        return True


class Postgres:
    """One cluster in a state folder."""

    def __init__(
        self, state: StateFolder, password: str, user: SystemUser | None, profile: Profile, environ: Mapping[str, str]
    ) -> None:
        self._home = state.postgres
        self._data = state.postgres / "data"
        self._sockets = state.postgres / "socket"
        self._log = state.logs / "postgres.log"
        self._password = password
        self._user = user
        self._profile = profile
        self._programs = postgres_programs(user, environ)
        # PG* variables of the person would lead psql and the server astray.
        self._environ = {name: value for name, value in environ.items() if not name.startswith(("PG", "LC_"))}
        self._environ |= {"LANG": "C.UTF-8", "LC_MESSAGES": "C"}

    @staticmethod
    def url(port: int, password: str, database: str = DATABASE) -> str:
        """The DATABASE_URL of the cluster on `port`."""
        return f"postgres://{ROLE}:{password}@{LOOPBACK}:{port}/{database}"

    def start(self, port: int) -> Child:
        """Create the cluster when there is none, start it, and see that its database and extensions are there."""
        self._home.mkdir(exist_ok=True)
        if self._user:
            self._user.own(self._home)
        if not self._data.exists():
            self._create()
        self._refuse_other_version()
        self._clear_remains()
        child = Child(
            "PostgreSQL",
            [str(self._programs / "postgres"), "-D", str(self._data), *self._options(port)],
            log=self._log,
            environ=self._environ,
            folder=self._home,
            user=self._user,
            stop_signal=signal.SIGINT,  # "fast": open sessions are ended, what is committed stays
            grace_s=60,
        )
        with ended_on_failure(child):
            wait_until(lambda: self._is_ready(child.pid), child, 120, "PostgreSQL did not accept connections")
            if not (self._home / "complete").exists():
                self._complete(port)
        return child

    def _options(self, port: int) -> list[str]:
        fits = len(os.fsencode(self._sockets)) <= _SOCKET_PATH_LIMIT - len(".s.PGSQL.00000")
        addresses = {
            "listen_addresses": LOOPBACK,
            "port": str(port),
            "unix_socket_directories": str(self._sockets) if fits else "",
        }
        chosen = settings(self._profile) | addresses
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def _version(self) -> int:
        done = subprocess.run([self._programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(re.findall(r"\d+", done.stdout)[0])

    def _refuse_other_version(self) -> None:
        kept = (self._data / "PG_VERSION").read_text(encoding="ascii").strip()
        if int(kept) != self._version():
            raise say.Trouble(
                f"The data in {self._data} are of PostgreSQL {kept} and the programs of {self._version()}:"
                " start once with --fresh, or set PG_BINDIR to programs of that version."
            )

    def _create(self) -> None:
        """initdb into a folder beside, renamed when complete: an interrupted one leaves nothing behind."""
        half = self._home / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        (self._home / "complete").unlink(missing_ok=True)
        self._sockets.mkdir(exist_ok=True)
        password_file = self._home / "password"
        write_private(password_file, self._password)
        if self._user:
            self._user.own(self._sockets)
            os.chown(password_file, self._user.uid, self._user.gid)
        if self._version() >= _BUILTIN_LOCALES_SINCE:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        else:
            locale = ["--locale=C.UTF-8"]
        # Not synced: when the machine fails at this very start, the next one begins anew.
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions", "--no-sync", *locale]
        done = subprocess.run(
            [self._programs / "initdb", "-D", half, "-U", ROLE, f"--pwfile={password_file}", *options],
            env=self._environ,
            cwd=self._home,
            capture_output=True,
            text=True,
            check=False,
            **(self._user.popen_options() if self._user else {}),
        )
        password_file.unlink()
        if done.returncode:
            raise say.Trouble(f"initdb could not create the database cluster: {done.stderr.strip()}")
        half.rename(self._data)

    def _clear_remains(self) -> None:
        """After kill -9 of everything: end what still works in the data folder, then remove its stale lock files.

        The caller holds the lock of the state folder, so no living launcher owns these processes. PostgreSQL itself
        refuses to start while the pid in such a file answers, even when that is a zombie nobody reaps or, after a
        restart of the machine, another program.
        """
        deadline = time.monotonic() + 30
        while remains := self._processes():
            for pid in remains:
                try:
                    os.kill(pid, signal.SIGINT if time.monotonic() < deadline - 20 else signal.SIGQUIT)
                except ProcessLookupError:
                    continue
            if time.monotonic() > deadline:
                raise say.Trouble(f"Another PostgreSQL (process {remains[0]}) works in {self._data}: end it first.")
            time.sleep(0.2)
        for stale in (self._data / "postmaster.pid", *self._sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """Living processes whose working folder is the data folder, as that of every PostgreSQL process is."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(entry / "cwd") == str(self._data.resolve()):
                    found.append(int(entry.name))
            except OSError:  # ended meanwhile, a zombie, or somebody else's
                continue
        return found

    def _is_ready(self, pid: int) -> bool:
        """What the server itself says in the last line of its pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        status_line = 8
        return len(lines) >= status_line and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _complete(self, port: int) -> None:
        """Put the extensions into template1, so that test and benchmark databases have them, and make the database."""
        sql = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS]
        missing = f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')"
        sql.append(f"SELECT 'CREATE DATABASE {DATABASE}' {missing} \\gexec")
        address = ["-h", LOOPBACK, "-p", str(port), "-U", ROLE, "-d", "template1"]
        done = subprocess.run(
            [self._programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *address],
            input="\n".join(sql) + "\n",
            env=self._environ | {"PGPASSWORD": self._password, "PGOPTIONS": "-c client_min_messages=warning"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise say.Trouble(f"The database could not be made: {done.stderr.strip()}")
        (self._home / "complete").touch()
