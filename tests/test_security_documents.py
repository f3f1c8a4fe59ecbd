"""What docs/security says is there, is there: every requirement once, every file and test that is named."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.own_code import ROOT

FOLDER = ROOT / "docs" / "security"
DOCUMENTS = ("README.md", "asvs.md", "threat-model.md")
STATUSES = {"yes", "partly", "no", "n.a."}

OF_LEVELS_1_AND_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1 without a gap."""


_LINE = re.compile(r"\| (?P<number>\d+\.\d+\.\d+) \| [^|]+ \| (?P<status>[^|]+) \| (?P<evidence>[^|]*) \|")
_SUMS = re.compile(r"\| yes \| partly \| no \| n\.a\. \| together \|\n\|[-|]+\|\n\|([\d |]+)\|\n")
_FILE = re.compile(
    r"(?:portal|employers|jobmatching|tests|docs|templates|static|requirements)/[\w./-]+(?:::\w+)?",
)


def requirements() -> list[tuple[str, str, str]]:
    """Number, status and evidence of each line."""
    lines = (FOLDER / "asvs.md").read_text(encoding="utf-8").splitlines()
    return [(found["number"], found["status"], found["evidence"]) for found in map(_LINE.fullmatch, lines) if found]


def named(document: str) -> Iterator[tuple[Path, str]]:
    """Files that a document names between backticks, and a test in them where it names one."""
    for told in re.findall(r"`([^`\n]+)`", (FOLDER / document).read_text(encoding="utf-8")):
        if _FILE.fullmatch(told):
            path, _colons, test = told.partition("::")
            yield ROOT / path, test


def test_every_requirement_of_level_2_stands_there_once() -> None:
    wanted = [f"{section}.{number}" for section, many in OF_LEVELS_1_AND_2.items() for number in range(1, many + 1)]
    assert [number for number, _status, _evidence in requirements()] == wanted
    assert len(wanted) == 253


def test_each_has_a_status_and_what_it_rests_on() -> None:
    lines = requirements()
    assert {status for _number, status, _evidence in lines} <= STATUSES
    assert not [number for number, _status, evidence in lines if not evidence]


def test_the_sums_are_those_of_the_lines() -> None:
    counted = Counter(status for _number, status, _evidence in requirements())
    text = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    told = _SUMS.search(text)
    assert told is not None
    wanted = [*(counted[one] for one in ("yes", "partly", "no", "n.a.")), counted.total()]
    assert [int(one) for one in told[1].split("|")] == wanted


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_named_exists(document: str) -> None:
    found = list(named(document))
    assert found
    assert not [str(path.relative_to(ROOT)) for path, _test in found if not path.exists()]
    tests = [(path, test) for path, test in found if test and path.exists()]
    assert not [
        f"{path.name}::{test}" for path, test in tests if f"def {test}(" not in path.read_text(encoding="utf-8")
    ]


def test_the_threat_model_has_every_letter() -> None:
    text = (FOLDER / "threat-model.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \*\*([STRIDE])\*\*", text, re.MULTILINE) == list("STRIDE")


def test_the_readme_leads_to_all_of_it() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for document in DOCUMENTS[1:]:
        assert f"({document})" in text
