"""How long a read waits for its row in the access log: `record()` on a filled log, as views call it.

Every call is a request of its own by one of some users: lists of 25 people, single pages, searches with words. The
connection stays open, as it does in the pool of the web process.
"""

import time
from itertools import cycle
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections
from django.test import RequestFactory

from portal.accounts.models import User
from portal.privacy.access import Action, record

LONGEST_MS: Final = 2.0
"""What a request may spend on its row."""
_PEOPLE: Final = 60_000
_USERS: Final = 50

_FILL: Final = """
INSERT INTO privacy_accesslogentry
    (user_id, actor, roles, action, subjects, purpose, view, words_hashes, about, request_id)
SELECT (%(users)s::bigint[])[1 + n %% cardinality(%(users)s::bigint[])], '', '{case_worker}',
    CASE WHEN n %% 3 = 0 THEN 'list' ELSE 'profile' END,
    CASE WHEN n %% 3 = 0
         THEN ARRAY(SELECT people.ids[1 + (n::bigint * 7919 + i * 104729) %% people.number]
                    FROM generate_series(1, 25) AS i)
         ELSE ARRAY[people.ids[1 + (n::bigint * 7919) %% people.number]] END,
    'client', 'seekers:page', '{}', '', md5(n::text)
FROM generate_series(1, %(rows)s) AS n,
    (SELECT %(people)s::bigint[] AS ids, cardinality(%(people)s::bigint[]) AS number) AS people
"""


def fill_log(rows: int, users: list[int], people: list[int]) -> None:
    """Give the log of the present database so many rows by these users, each person in as many as the others."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"users": users, "people": people, "rows": rows})
        cursor.execute("VACUUM ANALYZE privacy_accesslogentry")


def measure(reads: int, rows: int) -> dict[str, Any]:
    """Fill the log of the present database with so many rows, note so many reads; the figures (Any: JSON)."""
    fill_log(rows, list(range(1, _USERS + 1)), list(range(_PEOPLE)))
    users = [User(pk=number, email=f"{number}@example.org") for number in range(1, _USERS + 1)]
    for user in users:
        user._active_memberships = ()  # type: ignore[attr-defined]  # read for the permission before, in every request
    factory = RequestFactory()
    kinds = cycle(
        (
            (Action.LIST, "seekers:list", range(1, 26), ""),
            (Action.PROFILE, "seekers:page", range(1, 2), ""),
            (Action.SEARCH, "seekers:list", range(1, 11), "matti meikäläinen"),
        )
    )
    taken, bare = [], []
    for number in range(reads):
        request = factory.get("/")
        request.user = users[number % _USERS]
        action, view, offsets, words = next(kinds)
        people = [(number * 31 + offset) % _PEOPLE for offset in offsets]
        started = time.perf_counter()
        record(request, action, view=view, seekers=people, purpose="client", words=words)
        taken.append(1000 * (time.perf_counter() - started))
        bare.append(_round_trip_ms())
    # The first one opens the connection, as the pool does before anybody asks.
    return {
        "reads": reads - 1,
        "rows": rows,
        **_quantiles(taken[1:]),
        "select_1": _quantiles(bare[1:]),
        "waits_for_disk": waits_for_disk(),
    }


def own_ms(measured: dict[str, Any], quantile: str) -> float:
    """What is the log's own of a quantile: without what a bare round trip took in the same moments."""
    return float(measured[quantile]) - float(measured["select_1"][quantile])


def _quantiles(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    places = {"median_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    found = {name: round(ordered[int(len(ordered) * place)], 3) for name, place in places.items()}
    return {**found, "longest_ms": round(ordered[-1], 3)}


def _round_trip_ms() -> float:
    """The peer: the shortest question there is, on the same connection, which waits for the same busy machine."""
    with connections[settings.ACCESS_LOG_DATABASE].cursor() as cursor:
        started = time.perf_counter()
        cursor.execute("SELECT 1")
        cursor.fetchone()
        return 1000 * (time.perf_counter() - started)


def waits_for_disk() -> bool:
    """Whether a row of the log waits until it is on the disk."""
    with connections[settings.ACCESS_LOG_DATABASE].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return bool(cursor.fetchone()[0] != "off")
