"""The virtual environment: made and filled from the hashed locks with nothing but the system's own pip."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.devtools import children, say
from portal.devtools.paths import CHECKOUT, PYTHON, VENV

BASE = CHECKOUT / "requirements" / "base.txt"
DEV = CHECKOUT / "requirements" / "dev.txt"
_STAMP = VENV / "installed.json"
_NEEDED_BYTES = {BASE: 1_200_000_000, DEV: 2_000_000_000}
SERVERS_NEED_BYTES = 500_000_000


def require_space(folder: Path, needed: int) -> None:
    """Raise `Trouble` unless the disk of `folder` (or of its nearest existing parent) has `needed` bytes free."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise say.Trouble(f"The disk of {existing} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed.")


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_ready(lock: Path) -> bool:
    """Whether .venv holds what `lock` lists; the development lock covers the base one."""
    try:
        installed: dict[str, str] = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not PYTHON.exists():
        return False
    return any(installed.get(one.name) == _hash(one) for one in (lock, DEV))


def ensure(lock: Path, environ: Mapping[str, str]) -> None:
    """Create .venv where it is missing and install the packages of `lock` where they changed."""
    if is_ready(lock):
        return
    require_space(VENV, _NEEDED_BYTES[lock])
    VENV.mkdir(exist_ok=True)
    with open(VENV / "install.lock", "w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two commands started at once install once
        if is_ready(lock):
            return
        with say.step(f"Environment ({lock.name} into .venv)"):
            if not _python_works():
                _make(environ)
            _install(lock, environ)
            _STAMP.write_text(json.dumps({lock.name: _hash(lock)}) + "\n", encoding="utf-8")


def _python_works() -> bool:
    """Whether .venv has a Python of the launcher's version (a system upgrade leaves a dead one behind)."""
    if not PYTHON.exists():
        return False
    probe = [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _make(environ: Mapping[str, str]) -> None:
    """`--without-pip` works on a bare Debian, where ensurepip is missing."""
    code = children.run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)], environ, folder=CHECKOUT)
    if code:
        raise say.Trouble("The virtual environment .venv could not be made: see the lines above.")


def _install(lock: Path, environ: Mapping[str, str]) -> None:
    """Install with the pip of the Python that runs dev.py, into .venv."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        raise say.Trouble(
            "pip is missing: install it for the Python that runs dev.py (on Debian: apt-get install python3-pip)."
        )
    log = VENV / "install.log"
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--require-hashes", "-r", str(lock)]
    plain = ["--progress-bar", "off", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    _STAMP.unlink(missing_ok=True)
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [*command, *plain],
            env=dict(environ),
            cwd=CHECKOUT,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=children.before_exec(),
        )
        code = children.finish(process)
    if code:
        raise say.Trouble(_reason(log))


def _reason(log: Path) -> str:
    """One sentence on why pip failed."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in text:
        return "The packages could not be installed because the disk is full: make room and start again."
    no_network = ("NewConnectionError", "NameResolutionError", "Temporary failure in name resolution", "ConnectTimeout")
    if any(sign in text for sign in (*no_network, "Network is unreachable", "ProxyError")):
        return f"The packages could not be downloaded: the package index cannot be reached (no network?); see {log}."
    if "DO NOT MATCH THE HASHES" in text:
        return f"A downloaded package does not have the hash of the lock and was refused: see {log}."
    last = next((line for line in reversed(text.splitlines()) if line.startswith("ERROR")), "see the log")
    return f"The packages could not be installed ({last.removeprefix('ERROR: ')}): see {log}."
