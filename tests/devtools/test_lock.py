"""The locks of requirements/: no host names, agreement, and what was asked for."""

import shutil
from pathlib import Path

import pytest

from portal.devtools.lock import foreign_lines, pins, problems_of
from portal.devtools.paths import CHECKOUT

HASH = "    --hash=sha256:" + "a" * 64


@pytest.fixture
def locks(tmp_path: Path) -> Path:
    """A copy of the project's own locks."""
    for file in (CHECKOUT / "requirements").iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path


def test_own_locks_are_in_order(locks: Path) -> None:
    assert problems_of(locks) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example.org/simple",
        "--extra-index-url http://user:secret@packages.example.org/simple",
        "--find-links /srv/wheels",
        "django @ https://packages.example.org/django-5.2.whl",
        "# via https://packages.example.org",
        "django>=5.2",
    ],
)
def test_lines_that_tie_the_lock_to_a_place_are_refused(locks: Path, line: str) -> None:
    base = locks / "base.txt"
    base.write_text(base.read_text() + line + "\n")
    number = len(base.read_text().splitlines())
    assert foreign_lines(base) == [f"base.txt, line {number}: only pins and hashes belong here, not {line!r}."]
    assert problems_of(locks)


def test_pins_of_both_locks_must_agree(locks: Path) -> None:
    base = locks / "base.txt"
    (version, _), *_ = pins(base)["babel"]
    base.write_text(base.read_text().replace(f"babel=={version}", "babel==2.0.0"))
    assert problems_of(locks) == ["babel differs between base.txt and dev.txt: run `python3 dev.py lock`."]


def test_request_that_the_lock_does_not_give_is_told(locks: Path) -> None:
    with open(locks / "dev.in", "a", encoding="utf-8") as file:
        file.write("pytest>=999\nnever-locked\n")
    problems = problems_of(locks)
    assert [problem.split(",")[0] for problem in problems] == [
        "dev.in asks for pytest>=999",
        "dev.in asks for never-locked",
    ]


def test_markers_and_spellings_of_names_are_understood(tmp_path: Path) -> None:
    lock = tmp_path / "base.txt"
    lock.write_text(
        f"numpy==2.4.6 ; python_full_version < '3.12' \\\n{HASH}\n"
        f"numpy==2.5.5 ; python_full_version >= '3.12' \\\n{HASH}\nRuamel_Yaml==1.0 \\\n{HASH} \\\n{HASH}\n"
    )
    assert foreign_lines(lock) == []
    found = pins(lock)
    assert {version for version, _ in found["numpy"]} == {"2.4.6", "2.5.5"}
    assert found["ruamel-yaml"] == {("1.0", "")}
