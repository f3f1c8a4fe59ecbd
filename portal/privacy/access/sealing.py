"""Seals over the log: every minute, over all rows that can no longer be joined by an older one.

Ids are handed out before rows are committed, so a row may appear after one with a higher id. A seal therefore waits as
CREATE INDEX CONCURRENTLY does: it reads how far the sequence has come, then looks in `pg_locks` who holds a lock for
writing to the log, and waits until each of those transactions has ended. Whoever takes an id holds such a lock from
before until the commit; so once they are gone, every row up to that id is there or will never be. Nobody is made to
wait. Where a transaction stays open for longer than the wait, nothing is sealed until the next minute.
"""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigIntegerField, Func

from portal.privacy.access.models import AccessLogEntry, AccessLogSeal
from portal.privacy.access.partitions import PARENT, next_month, start_of
from portal.privacy.access.querysets import EntryQuerySet
from portal.runs.services import only_one

logger = logging.getLogger(__name__)

FORM: Final = 1
"""Version of the written form of rows. Another one is needed when the columns change; old seals keep theirs."""
COLUMNS: Final = (
    "id", "at_us", "user_id", "actor", "roles", "action", "subjects", "purpose", "view", "words_hashes", "about",
    "request_id",
)  # fmt: skip
NOTHING_BEFORE: Final = "0" * 64
LONGEST_RANGE: Final = 20_000
"""Rows under one seal at most: what a broken seal names is not too long to look at."""
WAIT_S: Final = 3.0
_POLL_S: Final = 0.02
_CHUNK: Final = 2_000

_WRITERS = f"""
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  AND (relation = '{PARENT}'::regclass
       OR relation IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = '{PARENT}'::regclass))
"""  # noqa: S608  a constant


def written(row: tuple[Any, ...]) -> bytes:
    """A row of `told_rows` in the one form that is hashed: JSON in ASCII, the columns in order, a line each."""
    return json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"


def digest_of(rows: Iterable[tuple[Any, ...]]) -> tuple[int, str]:
    """How many rows, and the digest of their written form; in the order of their ids."""
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        digest.update(written(row))
    return count, digest.hexdigest()


class NoSuchKey(KeyError):
    """The number of a key that ACCESS_LOG_SEAL_KEYS does not hold."""


def present_key() -> int:
    """The number of the key that seals: the last of ACCESS_LOG_SEAL_KEYS, counted from one; 0 where there is none."""
    return len(settings.ACCESS_LOG_SEAL_KEYS)


def chained(
    month: date, from_id: int, to_id: int, count: int, rows_sha256: str, previous: str, *, form: int = FORM, key: int
) -> str:
    """The seal: over the range, the digest of its rows and the seal before, with the key of that number.

    The key is not in the database: whoever can write there can change rows, and cannot make the seal that they need.
    Raises NoSuchKey.
    """
    told = f"{form}|{month.isoformat()}|{from_id}|{to_id}|{count}|{rows_sha256}|{previous}"
    if not key:
        return hashlib.sha256(told.encode("ascii")).hexdigest()
    if key > present_key():
        raise NoSuchKey(key)
    secret = settings.ACCESS_LOG_SEAL_KEYS[key - 1].encode()
    return hmac.new(secret, f"{key}|{told}".encode("ascii"), hashlib.sha256).hexdigest()


def settled_up_to(wait_s: float = WAIT_S) -> int | None:
    """The id up to which no row can come any more; None where a transaction that writes stays open for too long."""
    until = time.monotonic() + wait_s
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT last_value, is_called FROM {PARENT}_id_seq")  # noqa: S608  a constant
        last, called = cursor.fetchone()
        cursor.execute(_WRITERS)
        awaited = {row[0] for row in cursor.fetchall()}
        while awaited:
            if time.monotonic() > until:
                return None
            time.sleep(_POLL_S)
            cursor.execute(_WRITERS)
            awaited &= {row[0] for row in cursor.fetchall()}
    return int(last) if called else 0


def seal(wait_s: float = WAIT_S) -> list[AccessLogSeal]:
    """Seal all settled rows that have no seal yet; return the new seals. One process seals at a time."""
    with only_one("access_log.seal") as held:
        if not held:
            return []
        settled = settled_up_to(wait_s)
        if settled is None:
            logger.warning("The access log was not sealed: a transaction that writes to it stays open.")
            return []
        with transaction.atomic():
            made = _seal_up_to(settled)
    if made:
        # Also outside the database: whoever could write the chain anew cannot change what stands in the process's log.
        logger.info("Access log sealed up to row %s: seal %s is %s", made[-1].to_id, made[-1].pk, made[-1].sha256)
    return made


def _seal_up_to(settled: int) -> list[AccessLogSeal]:
    last = AccessLogSeal.objects.order_by("-pk").first()
    previous = last.sha256 if last else NOTHING_BEFORE
    made: list[AccessLogSeal] = []
    from_id = last.to_id + 1 if last else 1
    while (to_id := _end_of_range(from_id, settled)) is not None:
        for month in _months_of(from_id, to_id):
            count, digest = digest_of(rows_of(month, from_id, to_id))
            key = present_key()
            sha256 = chained(month, from_id, to_id, count, digest, previous, key=key)
            made.append(
                AccessLogSeal.objects.create(
                    month=month, from_id=from_id, to_id=to_id, count=count, rows_sha256=digest, sha256=sha256,
                    form=FORM, key=key,
                )
            )  # fmt: skip
            previous = sha256
        from_id = to_id + 1
    return made


def _end_of_range(from_id: int, settled: int) -> int | None:
    """The last id of the range that starts at `from_id`; None where no row is left to seal.

    Ranges follow each other without a gap, whatever ids were handed out and never committed.
    """
    ids = AccessLogEntry.objects.filter(id__range=(from_id, settled)).order_by("id").values_list("id", flat=True)
    if not ids.exists():
        return None
    last = ids[LONGEST_RANGE - 1 : LONGEST_RANGE].first()
    return settled if last is None else int(last)


def rows_of(month: date, from_id: int, to_id: int) -> Iterable[tuple[Any, ...]]:
    """The rows of a month with ids of a range, as they are hashed."""
    return told_rows(AccessLogEntry.objects.between(*bounds_of(month)).filter(id__range=(from_id, to_id)))


def told_rows(entries: EntryQuerySet) -> Iterable[tuple[Any, ...]]:
    """Rows in order of id with the columns that are hashed; the time in microseconds, the same in every session."""
    told: Any = entries.annotate(
        at_us=Func(
            "at", template="(extract(epoch FROM %(expressions)s) * 1000000)::bigint", output_field=BigIntegerField()
        )
    )
    rows: Iterable[tuple[Any, ...]] = told.order_by("id").values_list(*COLUMNS).iterator(chunk_size=_CHUNK)
    return rows


def bounds_of(month: date) -> tuple[datetime, datetime]:
    """The moments at which a month of the log starts and ends."""
    return start_of(month), start_of(next_month(month))


def _months_of(from_id: int, to_id: int) -> list[date]:
    """The months in which rows of a range lie: one, or two where it goes over a midnight."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM {PARENT}"  # noqa: S608  a constant
            " WHERE id BETWEEN %s AND %s ORDER BY 1",
            [from_id, to_id],
        )
        return [month for (month,) in cursor.fetchall()]
