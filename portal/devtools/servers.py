"""PostgreSQL and Valkey for one command: started by it, joined from another one, or the person's own."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from portal.devtools import postgres, say
from portal.devtools.children import Child, end_all, undisturbed
from portal.devtools.environment import SERVERS_NEED_BYTES, require_space
from portal.devtools.network import free_port
from portal.devtools.paths import StateFolder
from portal.devtools.postgres import Postgres
from portal.devtools.secrets import load_secrets, write_private
from portal.devtools.system_user import server_user
from portal.devtools.valkey import Valkey

_JOIN_PATIENCE_S = 60


@dataclass
class Servers:
    """The servers that a command works with."""

    urls: dict[str, str]
    """DATABASE_URL and REDIS_URL."""
    secrets: dict[str, str]
    children: list[Child] = field(default_factory=list)
    """Those that this launcher started itself."""


@contextmanager
def own(
    state: StateFolder, environ: Mapping[str, str], profile: postgres.Profile, command: str, *, fresh: bool = False
) -> Iterator[Servers]:
    """Start the servers and own them; a second owner of the state folder is refused in one sentence."""
    state.make()
    with ExitStack() as stack:
        lock = stack.enter_context(_open(state.owner_lock))
        if not _try_lock(lock):
            raise say.Trouble(_already_running(state))
        yield from _own(stack, state, environ, profile, command, fresh=fresh)


def refuse_second(state: StateFolder) -> None:
    """Raise `Trouble` when another launcher owns the state folder; said before anything else is begun."""
    with _open(state.owner_lock) as lock:
        if not _try_lock(lock):
            raise say.Trouble(_already_running(state))


@contextmanager
def join_or_own(
    state: StateFolder, environ: Mapping[str, str], profile: postgres.Profile, command: str
) -> Iterator[Servers]:
    """Use the servers that run in the state folder; where none do, start them for this command."""
    state.make()
    if environ.get("DATABASE_URL") and environ.get("REDIS_URL"):
        yield Servers(_given_urls(environ), load_secrets(state.secrets_file))
        return
    deadline = time.monotonic() + _JOIN_PATIENCE_S
    while True:
        with ExitStack() as stack:
            guest = stack.enter_context(_open(state.guests_lock))
            fcntl.flock(guest, fcntl.LOCK_SH)  # waits while an owner is shutting down
            owner = stack.enter_context(_open(state.owner_lock))
            if _try_lock(owner):
                fcntl.flock(guest, fcntl.LOCK_UN)
                yield from _own(stack, state, environ, profile, command, wait_for_guests=True)
                return
            owner.close()
            running = _running(state)
            if running is not None:
                yield Servers(_joined_urls(state, environ, running), load_secrets(state.secrets_file))
                return
        if time.monotonic() > deadline:
            raise say.Trouble(f"Another launcher holds {state.owner_lock} but its servers do not come up.")
        time.sleep(0.1)


def _own(
    stack: ExitStack,
    state: StateFolder,
    environ: Mapping[str, str],
    profile: postgres.Profile,
    command: str,
    *,
    fresh: bool = False,
    wait_for_guests: bool = False,
) -> Iterator[Servers]:
    """The owner's part: start, publish the ports, and in the end stop in order. The owner lock is held."""
    require_space(state.root, SERVERS_NEED_BYTES)
    if fresh:
        clear(state)
    servers = Servers(_given_urls(environ), load_secrets(state.secrets_file))
    stack.callback(_stop, state, servers)
    ports = _start(state, environ, profile, servers)
    write_private(state.servers_file, json.dumps({"pid": os.getpid(), "command": command, **ports}) + "\n")
    yield servers
    if wait_for_guests:
        guests = stack.enter_context(_open(state.guests_lock))
        if not _try_lock(guests):
            say.line("Another command still uses the servers; they are kept until it ends.")
            fcntl.flock(guests, fcntl.LOCK_EX)


def _start(
    state: StateFolder, environ: Mapping[str, str], profile: postgres.Profile, servers: Servers
) -> dict[str, int | None]:
    """Start what the person has no address for; the ports of what was started."""
    last = _read(state.servers_file) or {}
    ports: dict[str, int | None] = {"postgres": None, "valkey": None}
    user = server_user() if len(servers.urls) < len(ports) else None
    if "DATABASE_URL" not in servers.urls:
        password = servers.secrets["DATABASE_PASSWORD"]
        port = free_port(_port(last, "postgres"))
        servers.children.append(Postgres(state, password, user, profile, environ).start(port))
        servers.urls["DATABASE_URL"] = Postgres.url(port, password)
        ports["postgres"] = port
    if "REDIS_URL" not in servers.urls:
        password = servers.secrets["VALKEY_PASSWORD"]
        port = free_port(_port(last, "valkey"))
        servers.children.append(Valkey(state, password, user, environ).start(port))
        servers.urls["REDIS_URL"] = Valkey.url(port, password)
        ports["valkey"] = port
    return ports


def _stop(state: StateFolder, servers: Servers) -> None:
    with undisturbed():
        end_all(servers.children)
        last = _read(state.servers_file)
        if last is not None:  # kept for its ports: the next start prefers them
            write_private(state.servers_file, json.dumps(last | {"pid": None}) + "\n")


def clear(state: StateFolder) -> None:
    """Forget all data of the embedded servers. Only folders that the launcher made are removed."""
    for folder in (state.postgres, state.valkey):
        shutil.rmtree(folder, ignore_errors=True)
    for file in state.root.glob(f"{state.beat_schedule.name}*"):
        file.unlink()


def _given_urls(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)}


def _joined_urls(state: StateFolder, environ: Mapping[str, str], running: Mapping[str, object]) -> dict[str, str]:
    secrets = load_secrets(state.secrets_file)
    urls = _given_urls(environ)
    for name, part, url, secret in (
        ("DATABASE_URL", "postgres", Postgres.url, "DATABASE_PASSWORD"),
        ("REDIS_URL", "valkey", Valkey.url, "VALKEY_PASSWORD"),
    ):
        port = _port(running, part)
        if name not in urls and port is None:
            raise say.Trouble(
                f"The running `dev.py {running.get('command')}` was started with its own {name}: set the same one here."
            )
        if name not in urls and port is not None:
            urls[name] = url(port, secrets[secret])
    return urls


def _open(path: Path) -> IO[str]:
    """A lock file; opened without emptying it, for it is shared."""
    return open(path, "a", encoding="utf-8")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> dict[str, object] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _port(content: Mapping[str, object], part: str) -> int | None:
    port = content.get(part)
    return port if isinstance(port, int) else None


def _running(state: StateFolder) -> dict[str, object] | None:
    """What the living owner wrote about its servers; None while it has not written it."""
    content = _read(state.servers_file)
    if content is None or not isinstance(content.get("pid"), int):
        return None
    return content if Path(f"/proc/{content['pid']}").exists() or not Path("/proc/self").exists() else None


def _already_running(state: StateFolder) -> str:
    content = _read(state.servers_file) or {}
    which = f"`dev.py {content['command']}` (process {content['pid']})" if content.get("pid") else "Another launcher"
    return (
        f"{which} already runs on {state.root}: end it with Ctrl-C there, or set KOHTAANTO_STATE_DIR to another folder."
    )
