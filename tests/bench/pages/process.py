"""The requests, in a process of its own: `python -m tests.bench.pages.process REQUESTS WARM_UP WITHOUT_LOG`.

It serves the portal as the web process does (portal.wsgi, pooled connections, hashed static files) from the database of
DATABASE_URL, and is its own browser. The last line of its output is JSON: `waits_for_disk`, and `pages`: page ->
figures.
"""

import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any, Final
from unittest import mock
from urllib.parse import urlencode

from tests.bench.matching.say import say
from tests.bench.pages import AREA_LIST, BARE, OWN_LIST, PAGES, SEARCH, VACANCY, VACANCY_LIST, Asked, figures_of

SEED: Final = 2026
_PER_PAGE: Final = 25
_DEEPEST_PAGE: Final = 40
"""Of the whole area's list; nobody turns more pages than that."""


def main(requests: int, warm_up: int, without_log: int) -> None:
    """Serve, ask for each page, tell."""
    from django.conf import settings

    with tempfile.TemporaryDirectory() as static:
        settings.STATIC_ROOT = static
        # Counts of limits and the like of other portals on the same server stay theirs.
        settings.CACHES["default"]["KEY_PREFIX"] = f"bench_pages_{os.getpid()}"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        from portal.wsgi import application

        pages = _measure(Browser(application), requests, warm_up, without_log)
        from tests.bench.access_log import waits_for_disk

        print(json.dumps({"waits_for_disk": waits_for_disk(), "pages": pages}))


@dataclass
class Browser:
    """Sends requests to the application in this process, and waits until each is wholly answered and closed."""

    application: Callable[..., Any]
    cookies: dict[int, str] = field(default_factory=dict)
    """Session cookie by the id of the user."""

    def ask(self, user: int, path: str, posted: dict[str, str] | None = None) -> tuple[int, str]:
        """Status, and where the answer leads to ("" where it leads nowhere)."""
        token = "a" * 32
        body = urlencode(posted or {}).encode()
        address, _mark, query = path.partition("?")
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            told.update(status=int(status[:3]), headers=dict(headers))

        answer = self.application(
            {
                "REQUEST_METHOD": "GET" if posted is None else "POST",
                "SCRIPT_NAME": "",
                "PATH_INFO": address,
                "QUERY_STRING": query,
                "CONTENT_TYPE": "application/x-www-form-urlencoded" if posted is not None else "",
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_COOKIE": f"{self.cookies[user]}; csrftoken={token}",
                "HTTP_X_CSRFTOKEN": token,
                "HTTP_HOST": "localhost",
                "HTTP_ACCEPT_LANGUAGE": "fi",
                "REMOTE_ADDR": "127.0.0.1",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.input": BytesIO(body),
                "wsgi.errors": sys.stderr,
                "wsgi.multithread": False,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
            },
            start,
        )
        try:
            for _part in answer:
                pass
        finally:
            answer.close()  # the connection goes back into the pool
        return told["status"], told["headers"].get("Location", "")


@dataclass
class Log:
    """The stop watch beside the access log."""

    ms: float = 0.0
    rows: int = 0


def _nothing(*row: Any) -> None:
    """The access log switched off."""


@contextmanager
def _watched(log: Log, *, on: bool) -> Iterator[None]:
    """Measure what the access log takes; or switch it off."""
    from portal.privacy.access import recording

    usual = recording._insert

    def timed(*row: Any) -> None:
        started = time.perf_counter()
        usual(*row)
        log.ms += 1000 * (time.perf_counter() - started)
        log.rows += 1

    with mock.patch.object(recording, "_insert", timed if on else _nothing):
        yield


def _measure(browser: Browser, requests: int, warm_up: int, without_log: int) -> dict[str, Any]:
    """Page -> figures (Any: JSON)."""
    draw = random.Random(SEED)
    people = _clients()
    vacancies = _vacancies()
    _sign_in(browser, sorted({coach for _pk, coach, _name in people}))
    log = Log()

    def once(page: str, *, on: bool) -> Asked:
        pk, coach, name = draw.choice(people)
        steps = _steps(page, pk, name, draw, vacancies)
        log.ms, log.rows = 0.0, 0
        with _watched(log, on=on):
            started, on_processor = time.perf_counter(), time.process_time()
            for path, posted in steps:
                status, leads_to = browser.ask(coach, path, posted)
                if status == 302 and page == SEARCH and leads_to:
                    status, leads_to = browser.ask(coach, leads_to)
                if status != 200:
                    raise RuntimeError(f"{page}: {path} answers {status} {leads_to}")
            ms, cpu_ms = 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - on_processor)
        return Asked(ms, cpu_ms, log.ms, log.rows)

    found = {}
    for page in PAGES:
        for _number in range(warm_up):
            once(page, on=False)
        kept: dict[bool, list[Asked]] = {True: [], False: []}
        for number in range(requests):
            kept[True].append(once(page, on=True))
            if page != BARE and number * without_log // requests != (number + 1) * without_log // requests:
                kept[False].append(once(page, on=False))
        found[page] = asdict(figures_of(kept[True], kept[False]))
        say(f"   {page}: {found[page]['p50']:.0f} ms, 95 of 100 within {found[page]['p95']:.0f} ms")
    return found


def _steps(
    page: str, pk: int, name: str, draw: random.Random, vacancies: list[int]
) -> list[tuple[str, dict[str, str] | None]]:
    """The requests that somebody's browser sends for a page."""
    from django.urls import reverse

    listed = reverse("seekers:list")
    if page == OWN_LIST:
        return [(f"{listed}?scope=own&page={draw.randint(1, 4)}", None)]
    if page == AREA_LIST:
        return [(f"{listed}?scope=area&page={draw.randint(1, _DEEPEST_PAGE)}", None)]
    if page == SEARCH:
        return [(reverse("seekers:search"), {"q": name})]
    if page == VACANCY:
        return [(reverse(page, args=[draw.choice(vacancies)]), None)]
    if page == VACANCY_LIST:
        return [(f"{reverse(page)}?page={draw.randint(1, _DEEPEST_PAGE)}", None)]
    return [(reverse(page, args=[] if page == BARE else [pk]), None)]


def _clients() -> list[tuple[int, int, str]]:
    """Id, coach and surname of everybody whose coach has a second factor, and so can sign in."""
    from allauth.mfa.models import Authenticator

    from jobmatching.models import JobSeeker

    rows = JobSeeker.objects.filter(coach__in=Authenticator.objects.values("user"), non_disclosure=False)
    return list(rows.order_by("pk").values_list("pk", "coach_id", "last_name"))


def _vacancies() -> list[int]:
    """Vacancies of the night, of the coaches' area."""
    from allauth.mfa.models import Authenticator

    from employers.models import Vacancy
    from jobmatching.nightly.models import Match

    area = Authenticator.objects.values("user__memberships__area")
    matched = Match.objects.current().values("vacancy_id")
    return list(Vacancy.objects.filter(area__in=area, pk__in=matched).order_by("pk").values_list("pk", flat=True))


def _sign_in(browser: Browser, users: list[int]) -> None:
    """A session in the database for each."""
    from django.conf import settings
    from django.test import Client

    from portal.accounts.models import User
    from tests.second_factor import note_shown

    for user in User.objects.filter(pk__in=users):
        client = Client(headers={"user-agent": secrets.token_hex(4)})
        client.force_login(user)
        note_shown(client, user)
        browser.cookies[user.pk] = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
