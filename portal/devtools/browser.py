"""What the browser tests need of the system: Debian's chromium, a library of Playwright's driver, a font."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from portal.devtools import children, say
from portal.devtools.paths import CHECKOUT


def _has_chromium() -> bool:
    return shutil.which("chromium") is not None


def _has_libatomic() -> bool:
    """Playwright's driver does not start without it, and says only "Connection closed"."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _has_font() -> bool:
    return any(Path("/usr/share/fonts").rglob("DejaVuSans*.ttf"))


_NEEDED = {"chromium": _has_chromium, "libatomic1": _has_libatomic, "fonts-dejavu-core": _has_font}


def missing() -> list[str]:
    """Debian packages of the browser tests that this machine lacks."""
    return [package for package, present in _NEEDED.items() if not present()]


def provide(environ: Mapping[str, str]) -> list[str]:
    """Install what is missing where the launcher may (root on Debian); what is still missing afterwards."""
    lacking = missing()
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        with say.step(f"Browser for the tests ({', '.join(lacking)})"):
            _install(lacking, environ)
        lacking = missing()
    return lacking


def _install(packages: list[str], environ: Mapping[str, str]) -> None:
    """apt-get install; with fresh package lists when the first try finds none (a bare container has no lists)."""
    quiet = dict(environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-o", "DPkg::Lock::Timeout=300", "-qq"]
    install = ["apt-get", *patient, "install", "--yes", "--no-install-recommends", *packages]
    if subprocess.run(
        install, env=quiet, capture_output=True, check=False, preexec_fn=children.before_exec()
    ).returncode:
        children.run(["apt-get", *patient, "update"], quiet, folder=CHECKOUT)
        children.run(install, quiet, folder=CHECKOUT)
