"""The benchmark of pages as a command: a copy of the area of that size, filled, asked, thrown away."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from employers.models import Vacancy
from jobmatching.models import JobSeeker
from portal.privacy.access.models import AccessLogEntry
from tests.bench.matching.database import AS_OF, Wishes, prepare, working_copy
from tests.bench.matching.say import step
from tests.bench.pages import Figures, Findings
from tests.bench.pages.filling import fill
from tests.databases import using_database

_SETTINGS: Final = "portal.settings.dev"


@dataclass(frozen=True)
class Plan:
    """How much is asked."""

    requests: int
    """Of each page, with the access log on; half as many with it off."""
    warm_up: int
    """Of each page before those, which do not count."""
    log_rows: int
    """That the access log has before."""


def run(wishes: Wishes, plan: Plan, *, as_json: bool) -> int:
    """Measure and print; 1 where a read left no row, or a profile page is slower than promised at size M."""
    found = measure(wishes, plan)
    print(found.table())
    if as_json:
        print(json.dumps(found.told()))
    return 0 if found.good else 1


def measure(wishes: Wishes, plan: Plan) -> Findings:
    """Ask for each page on a copy of the area."""
    prepare(wishes)
    with working_copy(wishes.database) as copy:
        with using_database(copy):
            fill(copy, AS_OF, plan.log_rows)
            found = Findings(wishes.size, JobSeeker.objects.count(), Vacancy.objects.count(), plan.requests)
            before = AccessLogEntry.objects.count()
        with step(f"{plan.requests} requests of each page"):
            told = _ask(copy, plan)
        found.waits_for_disk = told["waits_for_disk"]
        found.pages = {name: Figures(**figures) for name, figures in told["pages"].items()}
        with using_database(copy):
            found.log_rows = AccessLogEntry.objects.count() - before
    return found


def _ask(database: str, plan: Plan) -> dict[str, Any]:
    """What a process tells that serves this database (Any: JSON)."""
    numbers = map(str, (plan.requests, plan.warm_up, max(1, plan.requests // 2)))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.pages.process", *numbers],
        env={**os.environ, **_environment(database)}, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError("The requests failed: see the lines above.")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _environment(database: str) -> dict[str, str]:
    """The settings of development whoever asks (the tests too), on one database for all aliases, with the keys by
    which it was filled."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{database}")),
        "ACCESS_LOG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": _SETTINGS,
        "DEBUG": "off",
        "IDENTITY_KEYS": ",".join(settings.IDENTITY_KEYS),
        "IDENTITY_INDEX_KEY": settings.IDENTITY_INDEX_KEY,
        "MFA_KEYS": ",".join(settings.MFA_KEYS),
    }
