"""The locks of requirements/: made with uv, without any host name, and checked against what was asked for.

`python -m portal.devtools.lock --check` runs in the virtual environment (it needs `packaging`).
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.devtools import children, environment, say, variables
from portal.devtools.paths import CHECKOUT, venv_program

_COMPILE = ["--universal", "--python-version", "3.11", "--generate-hashes"]
_BARE = ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"\s+--hash=sha256:[0-9a-f]{64}(?: \\)?$")


def lock(arguments: Sequence[str]) -> int:
    """Write base.txt and dev.txt anew; versions stay unless `--upgrade` (or another option of uv) is given."""
    given = variables.given()
    environment.ensure(environment.DEV, given)
    environ = given | {"UV_NATIVE_TLS": "1"}  # uv does not read the system's certificates otherwise
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        for name, constraint in (("base", []), ("dev", ["-c", str(new / "base.txt")])):
            with say.step(f"requirements/{name}.txt"):
                _compile(name, new / f"{name}.txt", [*constraint, *arguments], environ)
        problems = [problem for name in ("base", "dev") for problem in foreign_lines(new / f"{name}.txt")]
        if problems:
            raise say.Trouble(f"The new lock is refused and the old one kept: {problems[0]}")
        for name in ("base", "dev"):
            shutil.copyfile(new / f"{name}.txt", CHECKOUT / "requirements" / f"{name}.txt")
    return 0


def _compile(name: str, target: Path, options: Sequence[str], environ: Mapping[str, str]) -> None:
    before = CHECKOUT / "requirements" / f"{name}.txt"
    if before.exists():
        shutil.copyfile(before, target)  # uv prefers the versions that the output file has
    source = str(CHECKOUT / "requirements" / f"{name}.in")
    command = [venv_program("uv"), "pip", "compile", source, "-o", str(target), *_COMPILE, *_BARE, *options]
    if children.run(command, environ, folder=CHECKOUT):
        raise say.Trouble(f"uv could not resolve requirements/{name}.in: see the lines above.")


def foreign_lines(path: Path) -> list[str]:
    """What does not belong in a lock: anything but pins, their markers and their hashes.

    An index address would tie every installation to one host (and could carry its password).
    """
    problems = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or _HASH.fullmatch(line):
            continue
        if line.startswith((" ", "-", "#")) or "://" in line or not _PIN.fullmatch(line):
            problems.append(f"{path.name}, line {number}: only pins and hashes belong here, not {line.strip()!r}.")
    return problems


def pins(path: Path) -> dict[str, set[tuple[str, str]]]:
    """Normalised package name -> its pinned versions with their markers (one for each marker)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _PIN.fullmatch(line)
        if match:
            found.setdefault(_normal(match["name"]), set()).add((match["version"], match["marker"] or ""))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def problems_of(folder: Path) -> list[str]:
    """All that is wrong with the locks in `folder`: foreign lines, disagreement, requests that are not met."""
    base, dev = folder / "base.txt", folder / "dev.txt"
    problems = foreign_lines(base) + foreign_lines(dev)
    base_pins, dev_pins = pins(base), pins(dev)
    for name, versions in sorted(base_pins.items()):
        if dev_pins.get(name) != versions:
            problems.append(f"{name} differs between base.txt and dev.txt: run `python3 dev.py lock`.")
    problems += _unmet(folder / "base.in", base_pins) + _unmet(folder / "dev.in", dev_pins)
    return problems


def _unmet(requests: Path, locked: Mapping[str, set[tuple[str, str]]]) -> list[str]:
    from packaging.requirements import Requirement  # in the virtual environment only

    problems = []
    for line in requests.read_text(encoding="utf-8").splitlines():
        request = line.split("#")[0].strip()
        if not request or request.startswith("-"):
            continue
        wanted = Requirement(request)
        versions = locked.get(_normal(wanted.name), set())
        if not versions or not all(wanted.specifier.contains(version, prereleases=True) for version, _ in versions):
            problems.append(
                f"{requests.name} asks for {request}, which the lock does not give: run `python3 dev.py lock`."
            )
    return problems


if __name__ == "__main__":
    found = problems_of(CHECKOUT / "requirements")
    print("\n".join(found) or "The locks are in order.")
    sys.exit(1 if found else 0)
