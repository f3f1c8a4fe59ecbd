"""What is committed runs anywhere: no file names a machine's folders, an index host, or what lies beside it."""

import re
from pathlib import Path

import pytest

from tests.own_code import ROOT, committed_files

# Written apart, so that this file does not name what it looks for.
_FOLDERS = "|".join(
    ("work/" + "main", "work/" + "shared", "tmp/" + "k/", "opt/" + "pypi", "root/" + r"\w", "home/" + r"[a-z]\w+/")
)
FORBIDDEN = {
    "a folder of one machine": re.compile(rf"(?<![\w.~])/(?:{_FOLDERS})"),
    "reading matter beside the project": re.compile(r"\bshared" + r"/(?:design|data|research)\b"),
    "a package index": re.compile(r"-index-" + r"url[ =]\S*//(?!\S*example\.)|//pypi\.org/" + "simple"),
}
ALLOWED = {".ci/run": "the build looks whether real input lies beside the checkout"}
BINARY = {".png", ".jpg", ".ico", ".woff2", ".npz", ".gz", ".zip", ".mo"}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_names(what: str) -> None:
    found = []
    for path in committed_files():
        if path.suffix not in BINARY and str(path.relative_to(ROOT)) not in ALLOWED:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if FORBIDDEN[what].search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_locks_name_no_host() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert locks
    assert not [lock.name for lock in locks if "://" in lock.read_text()]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_can_be_held_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): _lines(path)
        for path in committed_files()
        if path.suffix == ".py" and "migrations" not in path.parts and _lines(path) > 500
    }
    assert not long, f"Split these by meaning: {long}"
