"""Holding the log against its seals: what was changed, taken away or put in behind its back is named by its range."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import connection, transaction

from portal.privacy.access.dropping import months_dropped_by_retention
from portal.privacy.access.models import AccessLogEntry, AccessLogSeal
from portal.privacy.access.partitions import months
from portal.privacy.access.sealing import (
    NOTHING_BEFORE,
    NoSuchKey,
    bounds_of,
    chained,
    digest_of,
    present_key,
    told_rows,
)

MOST_NAMED: Final = 20
"""Rows named one by one in a finding."""
_CHUNK: Final = 5_000
_AT_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What can be wrong."""

    ROWS_CHANGED = "rows_changed"
    ROWS_MISSING = "rows_missing"
    ROWS_ADDED = "rows_added"
    MONTH_MISSING = "month_missing"
    MONTH_NOT_DROPPED = "month_not_dropped"
    CHAIN_BROKEN = "chain_broken"
    SEAL_MISSING = "seal_missing"
    KEY_MISSING = "key_missing"
    KEY_TOO_OLD = "key_too_old"
    DROPPED_BY_HAND = "dropped_by_hand"


WORDS: Final[dict[Kind, str]] = {
    Kind.ROWS_CHANGED: "rows are not as they were sealed",
    Kind.ROWS_MISSING: "rows are missing",
    Kind.ROWS_ADDED: "rows were put in after sealing",
    Kind.MONTH_MISSING: "the month's table is gone, and retention has not dropped it",
    Kind.MONTH_NOT_DROPPED: "the seal says that the rows were dropped, and rows are there",
    Kind.CHAIN_BROKEN: "the seal does not follow from its range and the seal before",
    Kind.SEAL_MISSING: "a seal is missing before this one, or the one noted elsewhere is not there",
    Kind.KEY_MISSING: "the key of the seal is not in ACCESS_LOG_SEAL_KEYS",
    Kind.KEY_TOO_OLD: "the seal was made without a key, or with an older one than the seal before",
    Kind.DROPPED_BY_HAND: "the month is marked as dropped before its time, or no proof of retention names it",
}


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed."""

    kind: Kind
    month: date | None
    from_id: int
    to_id: int
    seal: int | None
    expected: int | None = None
    found: int | None = None
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = f"rows {self.from_id} to {self.to_id}" + (f" of {self.month:%Y-%m}" if self.month else "")
        counts = f" ({self.found} in place of {self.expected})" if self.expected is not None else ""
        named = f": {', '.join(map(str, self.rows))}" if self.rows else ""
        seal = f"seal {self.seal}, " if self.seal else ""
        return f"{seal}{where}: {WORDS[self.kind]}{counts}{named}"


@dataclass
class Checked:
    """What was looked at, and what was found."""

    seals: int = 0
    dropped: int = 0
    rows: int = 0
    unsealed: int = 0
    oldest_unsealed: datetime | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """The whole log held against its seals; `head` is the last seal: its number and itself."""

    checked: Checked
    head: tuple[int, str] | None

    @property
    def in_order(self) -> bool:
        return not self.checked.findings


def verify(noted: Iterable[tuple[int, str]] = ()) -> Report:
    """Check the chain of seals and every range that retention has not dropped.

    `noted` are seals written down elsewhere (number, seal): by the nightly check in its run, by the job that seals in
    the process's log. They show that the chain has not been written anew, nor cut at its end.
    """
    with transaction.atomic():
        if len(connection.atomic_blocks) == 1:
            # Rows and seals of one moment, although others go on writing.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        checked = Checked()
        head, sealed_months = _check_chain(checked, dict(noted))
        there = {month.first for month in months()}
        by_retention = months_dropped_by_retention()
        for month in sorted(sealed_months | there):
            _check_rows(checked, month, by_retention, there=month in there)
    return Report(checked, head)


def check_month(month: date) -> Checked:
    """Check the rows of one month against its seals; not the chain."""
    checked = Checked()
    _check_rows(checked, month, there=True)
    return checked


def _check_chain(checked: Checked, noted: dict[int, str]) -> tuple[tuple[int, str] | None, set[date]]:
    """Each seal follows from the one before, and no range is left out between them."""
    sealed_months: set[date] = set()
    previous, before = NOTHING_BEFORE, None
    head = None
    for seal in AccessLogSeal.objects.order_by("pk").iterator(chunk_size=_CHUNK):
        if wrong := _wrong_with(seal, before, previous):
            checked.findings.append(_of_seal(wrong, seal))
        same_range = before is not None and (seal.from_id, seal.to_id) == (before.from_id, before.to_id)
        if not same_range and seal.from_id != (before.to_id + 1 if before else 1):
            checked.findings.append(_of_seal(Kind.SEAL_MISSING, seal))
        if noted.pop(seal.pk, seal.sha256) != seal.sha256:
            checked.findings.append(_of_seal(Kind.CHAIN_BROKEN, seal))
        checked.seals += 1
        checked.dropped += seal.dropped_at is not None
        sealed_months.add(seal.month)
        previous, before, head = seal.sha256, seal, (seal.pk, seal.sha256)
    for number in sorted(noted):
        checked.findings.append(Finding(Kind.SEAL_MISSING, None, 0, 0, number))
    return head, sealed_months


def _wrong_with(seal: AccessLogSeal, before: AccessLogSeal | None, previous: str) -> Kind | None:
    """What is wrong with a seal itself, beside the seal before it."""
    try:
        told = chained(
            seal.month, seal.from_id, seal.to_id, seal.count, seal.rows_sha256, previous, form=seal.form, key=seal.key
        )
    except NoSuchKey:
        return Kind.KEY_MISSING
    if told != seal.sha256:
        return Kind.CHAIN_BROKEN
    # Whoever has no key could write the chain anew without one, or with one that has become known since.
    if seal.key < max(before.key if before else 0, min(1, present_key())):
        return Kind.KEY_TOO_OLD
    return None


def _check_rows(checked: Checked, month: date, by_retention: Collection[date] = (), *, there: bool) -> None:
    """Hold the rows of one month against its seals, both in order of id. `by_retention`: months that it has dropped."""
    seals = list(AccessLogSeal.objects.filter(month=month).order_by("from_id", "pk"))
    dropped = next((seal for seal in seals if seal.dropped_at is not None), None)
    if dropped is not None and month not in by_retention:
        checked.findings.append(_of_seal(Kind.DROPPED_BY_HAND, dropped))
    if not there:
        checked.findings += [_of_seal(Kind.MONTH_MISSING, seal) for seal in seals if seal.dropped_at is None]
        return
    last_sealed = AccessLogSeal.objects.order_by("-to_id").values_list("to_id", flat=True).first() or 0
    rows = _Rows(told_rows(AccessLogEntry.objects.between(*bounds_of(month))))
    stray: list[int] = []
    for seal in seals:
        stray += [row[0] for row in rows.up_to(seal.from_id - 1)]
        count, digest = digest_of(rows.up_to(seal.to_id))
        checked.rows += count
        if seal.dropped_at is not None:
            if count:
                checked.findings.append(_of_seal(Kind.MONTH_NOT_DROPPED, seal, found=count))
        elif count != seal.count:
            kind = Kind.ROWS_MISSING if count < seal.count else Kind.ROWS_ADDED
            checked.findings.append(_of_seal(kind, seal, found=count))
        elif digest != seal.rows_sha256:
            checked.findings.append(_of_seal(Kind.ROWS_CHANGED, seal))
    stray += [row[0] for row in rows.up_to(last_sealed)]
    checked.rows += len(stray)
    if stray:
        named = tuple(stray[:MOST_NAMED])
        checked.findings.append(
            Finding(Kind.ROWS_ADDED, month, stray[0], stray[-1], None, expected=0, found=len(stray), rows=named)
        )
    for row in rows.rest():
        checked.rows += 1
        checked.unsealed += 1
        at = _AT_ZERO + timedelta(microseconds=row[1])
        checked.oldest_unsealed = min(checked.oldest_unsealed or at, at)


def _of_seal(kind: Kind, seal: AccessLogSeal, found: int | None = None) -> Finding:
    expected = seal.count if found is not None else None
    return Finding(kind, seal.month, seal.from_id, seal.to_id, seal.pk, expected=expected, found=found)


class _Rows:
    """Rows in order of id, taken piece by piece."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows = iter(rows)
        self._next: tuple[Any, ...] | None = next(self._rows, None)

    def up_to(self, last_id: int) -> Iterator[tuple[Any, ...]]:
        """The next rows, as far as their ids are not above `last_id`."""
        while self._next is not None and self._next[0] <= last_id:
            yield self._next
            self._next = next(self._rows, None)

    def rest(self) -> Iterator[tuple[Any, ...]]:
        """All that is left."""
        while self._next is not None:
            yield self._next
            self._next = next(self._rows, None)
