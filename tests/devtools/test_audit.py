"""`dev.py audit`: what it says with holes, without, and without network; and that nothing else depends on it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.devtools import audit, check, commands, environment
from portal.devtools.paths import CHECKOUT

Answers = Callable[[str, int], Path]

OFFLINE = (
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443): Max retries exceeded",
    "socket.gaierror: NameResolutionError: Temporary failure in name resolution",
    "OSError: [Errno 101] Network is unreachable",
    "TimeoutError: The read operation timed out",
)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Answers:
    """Put a program in the place of pip-audit that says something and ends with a code."""

    def stand_in(said: str, code: int) -> Path:
        seen = tmp_path / "arguments"
        program = tmp_path / "pip-audit"
        program.write_text(
            f"#!{sys.executable}\nimport sys\n"
            f"open({str(seen)!r}, 'w').write(' '.join(sys.argv[1:]))\n"
            f"print({said!r})\nsys.exit({code})\n"
        )
        program.chmod(0o700)
        monkeypatch.setattr(audit, "venv_program", lambda name: str(tmp_path / name))
        monkeypatch.setattr(environment, "ensure", lambda *_: None)
        return seen

    return stand_in


@pytest.mark.parametrize("trouble", OFFLINE)
def test_without_network_it_says_so_in_one_sentence(
    answers: Answers, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    answers(f"Traceback (most recent call last):\n  File x\n{trouble}", 1)
    assert commands.main(["audit"]) == 1
    told = capsys.readouterr()
    assert told.err == (
        "dev.py: The audit could not be done: the vulnerability database (OSV) cannot be reached from here.\n"
    )
    assert "Traceback" not in told.out


def test_a_hole_is_shown_and_ends_with_1(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    answers("Found 1 known vulnerability in 1 package\nurllib3 1.0 CVE-2099-1", 1)
    assert commands.main(["audit"]) == 1
    assert "CVE-2099-1" in capsys.readouterr().out


def test_without_holes_it_ends_with_0_and_asks_about_the_locked_packages(
    answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = answers("No known vulnerabilities found", 0)
    assert commands.main(["audit"]) == 0
    assert "No known vulnerabilities" in capsys.readouterr().out
    asked = seen.read_text().split()
    assert {"--require-hashes", "--disable-pip", str(environment.DEV)} <= set(asked), "nothing is resolved or installed"


def test_neither_check_nor_the_build_depend_on_it() -> None:
    assert not [tool.name for tool in check.tools() if "audit" in " ".join(tool.command)]
    assert "audit" not in (CHECKOUT / ".ci" / "run").read_text()
