"""`dev.py audit`: known vulnerabilities of the locked packages, asked from the OSV database."""

import subprocess

from portal.devtools import children, environment, say, variables
from portal.devtools.paths import CHECKOUT, venv_program

_NO_NETWORK = ("ConnectionError", "Max retries exceeded", "NameResolutionError", "Network is unreachable", "timed out")


def audit() -> int:
    """0 when no package of dev.txt has a known vulnerability."""
    given = variables.given()
    environment.ensure(environment.DEV, given)
    command = [venv_program("pip-audit"), "-s", "osv", "--require-hashes", "--disable-pip", "-r", str(environment.DEV)]
    process = subprocess.Popen(
        command,
        env=given,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=children.before_exec(),
    )
    output = process.communicate()[0].decode("utf-8", "replace").strip()
    if process.returncode and any(sign in output for sign in _NO_NETWORK):
        raise say.Trouble("The audit could not be done: the vulnerability database (OSV) cannot be reached from here.")
    say.line(output)
    return process.returncode
