"""The user without rights that the servers run as when the launcher is root: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.devtools.say import Trouble

NAME = "kohtaanto"


@dataclass(frozen=True)
class SystemUser:
    """An account of this machine."""

    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:  # Any: keyword arguments of subprocess.Popen
        """How subprocess starts a program as this user, with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make an existing folder this user's own and closed to others."""
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def server_user() -> SystemUser | None:
    """Who the embedded servers run as: None means the user of the launcher; root makes and uses its own account."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        entry = pwd.getpwnam(NAME)
    return SystemUser(entry.pw_uid, entry.pw_gid)


def _create() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    if useradd is None:
        raise Trouble(f"PostgreSQL does not run as root and useradd is missing: create a system user named {NAME}.")
    options = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    done = subprocess.run([useradd, *options, NAME], capture_output=True, text=True, check=False)
    exists_meanwhile = 9
    if done.returncode not in (0, exists_meanwhile):
        raise Trouble(
            f"PostgreSQL does not run as root and the system user {NAME} could not be made: {done.stderr.strip()}"
        )
