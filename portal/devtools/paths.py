"""Where things are: the checkout, its virtual environment, and the state folder of the embedded servers."""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.devtools.say import Trouble

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
SYSTEM_STATE = Path("/var/lib/kohtaanto")
"""Where root keeps what the dropped user cannot reach in the checkout."""


def venv_program(name: str) -> str:
    """The path of a program that the virtual environment holds."""
    return str(VENV / "bin" / name)


def others_can_reach(path: Path) -> bool:
    """Whether a user with no rights of its own can pass through every folder down to `path`."""
    existing = [folder for folder in (path, *path.parents) if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in existing if folder.is_dir())


@dataclass(frozen=True)
class StateFolder:
    """One set of embedded servers: data, secrets, logs, locks. Never shared by two launchers."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def servers_file(self) -> Path:
        """Who runs the servers and on which ports, for commands that join them."""
        return self.root / "servers.json"

    @property
    def owner_lock(self) -> Path:
        """Held by the launcher that runs the servers."""
        return self.root / "owner.lock"

    @property
    def guests_lock(self) -> Path:
        """Held (shared) by each command that uses servers started by another one."""
        return self.root / "guests.lock"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "celerybeat-schedule"

    @property
    def numba_cache(self) -> Path:
        return self.root / "numba"

    def make(self) -> None:
        """Create the folders; others may pass through them (the dropped user must), the secrets are closed files."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.root, SYSTEM_STATE):
            if folder in (self.root, *self.root.parents) and os.geteuid() == folder.stat().st_uid:
                folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        for folder in (self.logs, self.numba_cache):
            folder.mkdir(exist_ok=True)


def state_folder(environ: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT) -> StateFolder:
    """The state folder of this checkout.

    KOHTAANTO_STATE_DIR wins. Otherwise ./.state, except for root in a closed checkout: the servers refuse to run as
    root, and the user they run as could not reach the folder.
    """
    chosen = environ.get("KOHTAANTO_STATE_DIR")
    if chosen:
        root = Path(chosen).expanduser().absolute()
        if os.geteuid() == 0 and not others_can_reach(root):
            raise Trouble(
                f"KOHTAANTO_STATE_DIR ({root}) lies in a folder that other users cannot enter, and PostgreSQL does not"
                " run as root: choose one under /var/lib or /tmp."
            )
        return StateFolder(root)
    if os.geteuid() == 0 and not others_can_reach(checkout):
        return StateFolder(SYSTEM_STATE / hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12])
    return StateFolder(checkout / ".state")
