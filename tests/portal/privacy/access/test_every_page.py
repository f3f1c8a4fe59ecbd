"""No page shows a person without a row in the log: every address of the permission matrix is asked and read.

The people of the small world have names of their own. Whoever stands in an answer by name must stand in the rows that
the request has left, and nobody else.
"""

import re
from collections.abc import Iterable

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from portal.accounts.models import User
from portal.privacy.access.models import AccessLogEntry
from tests.permission_matrix import PEOPLE, ROWS, Row
from tests.permission_questions import Case, cases
from tests.world import World

_READS_NAMES = re.compile(r'SELECT\b.*"jobmatching_jobseeker"\."last_name".*\bFROM\b', re.DOTALL)

SHOWS_NOBODY: dict[str, str] = {
    "seekers:document_progress": "the guard reads the person whose document it is; the page tells how far it is",
    "seekers:non_disclosures": "empty for all but named workers; where it shows somebody, a row is asked for",
    "seekers:non_disclosure_name": "names a worker for somebody whom nobody sees, by a key: the page does not say who",
}
"""Addresses that read names and show none, and why."""

ABOUT_MORE_THAN_IT_SHOWS: dict[str, str] = {
    "matching:vacancy_of_seeker": "a part of the person's page: it tells what they can, their name stands above",
    "seekers:document_html": "the document of the small world is empty",
    "seekers:document_json": "the document of the small world is empty",
    "audit:person": "people stand on the auditor's pages as numbers",
    "audit:anomaly": "people stand on the auditor's pages as numbers",
    "audit:anomalies_export": "people stand in the auditor's files as numbers",
    "seekers:requests_file": "the file names people by their number",
}
"""Addresses whose rows name people that the answer does not show by name, and why."""


class Visit:
    """One request: its answer, the rows it has left, and whether it has read names of people."""

    def __init__(self, case: Case, client: Client) -> None:
        with transaction.atomic():
            before = AccessLogEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
            with CaptureQueriesContext(connection) as captured:
                # The method that a case names is always one that is offered here.
                self.answer = client.post(case.url, case.data) if case.method == "POST" else client.get(case.url)
                self.body = _body_of(self.answer)
            self.rows = list(AccessLogEntry.objects.filter(id__gt=before).order_by("id"))
            self.reads_names = any(_READS_NAMES.match(query["sql"]) for query in captured)
            transaction.set_rollback(True)

    @property
    def noted(self) -> set[int]:
        """Whom the rows name."""
        return {number for row in self.rows for number in row.subjects}


def _body_of(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content) if isinstance(answer, StreamingHttpResponse) else answer.content  # type: ignore[attr-defined,arg-type]
    return content.decode(errors="replace")


def _people(world: World) -> dict[int, str]:
    return {(one := getattr(side, name)).pk: one.name for side in world.sides() for name in PEOPLE}


def _shown(body: str, people: dict[int, str]) -> set[int]:
    """Who stands in an answer by name, in either order."""
    found = set()
    for number, name in people.items():
        first, last = name.split(" ", 1)
        if any(
            text in body for text in (escape(name), escape(f"{last} {first}"), f"{last};{first}", f"{last}, {first}")
        ):
            found.add(number)
    return found


def _answered(row: Row, world: World) -> Iterable[Case]:
    """The cases of a row that those who may ask about their own area, in each of their roles."""
    for case in cases(row, world):
        if case.user is not None and row.status(case.method) is not None and case.expected <= {200, 302}:
            yield case


def test_the_names_of_the_small_world_are_all_different(world: World) -> None:
    names = _people(world).values()
    assert len(set(names)) == len(names) == len(PEOPLE) * 2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row.name, *row.objects]))
def test_whoever_is_shown_is_noted_and_nobody_else(row: Row, world: World) -> None:
    people = _people(world)
    clients: dict[User, Client] = {}
    wrong = []
    for case in _answered(row, world):
        assert case.user is not None
        if case.user not in clients:
            clients[case.user] = Client()
            clients[case.user].force_login(case.user)
        visit = Visit(case, clients[case.user])
        shown, noted = _shown(visit.body, people), visit.noted & people.keys()
        if missing := shown - noted:
            wrong.append(f"{case}: shows {sorted(missing)} without a row")
        extra = noted - shown
        if extra and visit.answer.status_code == 200 and row.name not in ABOUT_MORE_THAN_IT_SHOWS:
            wrong.append(f"{case}: notes {sorted(extra)}, whom it does not show")
        if visit.reads_names and not visit.rows and row.name not in SHOWS_NOBODY and visit.answer.status_code == 200:
            wrong.append(f"{case}: reads names of people without a row")
        if any(entry.user_id != case.user.pk for entry in visit.rows):
            wrong.append(f"{case}: notes somebody else as the reader")
    assert not wrong, "\n".join(wrong)


def test_what_is_said_of_single_addresses_is_still_about_addresses() -> None:
    assert {*SHOWS_NOBODY, *ABOUT_MORE_THAN_IT_SHOWS} <= {row.name for row in ROWS}
