"""The months of the log: made ahead, and dropped by retention alone, once every row is sealed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection, transaction

from portal.privacy.access.models import AccessAnomaly, AccessLogEntry, AccessReason
from portal.runs.errors import Tellable

PARENT: Final = AccessLogEntry._meta.db_table
MONTHS_AHEAD: Final = 2
_LOCK_TIMEOUT: Final = "5s"


class NotSealed(Tellable):
    """A month of the log is not wholly sealed, or is not as it was sealed: it is kept."""


@dataclass(frozen=True)
class Month:
    """A month of the log: its table and its first day (UTC)."""

    table: str
    first: date

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return next_month(self.first)


@dataclass(frozen=True)
class Dropped:
    """What went with a month."""

    month: date
    rows: int
    seals: int


def next_month(first: date) -> date:
    """The first day of the month after that of `first`."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def start_of(first: date) -> datetime:
    """The moment at which a month of the log starts."""
    return datetime(first.year, first.month, 1, tzinfo=UTC)


def months() -> list[Month]:
    """The months that have a table, first one first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = %s::regclass",
            [PARENT],
        )
        names = [name for (name,) in cursor.fetchall()]
    found = [Month(name, date(int(name[-6:-2]), int(name[-2:]), 1)) for name in names]
    return sorted(found, key=lambda month: month.first)


def make_months(now: datetime, ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the month of `now` and the next ones where they are missing; return the tables that are new."""
    there = {month.table for month in months()}
    made = []
    first = now.astimezone(UTC).date().replace(day=1)
    with transaction.atomic(), connection.cursor() as cursor:
        for _month in range(ahead + 1):
            cursor.execute("SELECT privacy_accesslog_month(%s)", [first])
            made.append(cursor.fetchone()[0])
            first = next_month(first)
    return [table for table in made if table not in there]


def drop_sealed(before: date) -> list[Dropped]:
    """Drop the months that end on or before `before`; return what went, first month first.

    For retention alone. Each month goes in a transaction of its own: its rows are held against their seals once more,
    the seals are marked (they stay, and the chain with them), reasons and anomalies of that time go too. Raises
    NotSealed, and keeps the month and all later ones, where a row is not sealed or not as it was.
    """
    return [_drop(month) for month in months() if month.after <= before]


@transaction.atomic
def _drop(month: Month) -> Dropped:
    from portal.privacy.access.verifying import check_month

    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        # Nobody adds a row between the check and the end; those who write to the months of today do not wait for it.
        cursor.execute(f"LOCK TABLE {month.table} IN EXCLUSIVE MODE")
        checked = check_month(month.first)
        if checked.findings or checked.unsealed:
            raise NotSealed(
                f"{month.first:%Y-%m} of the access log is kept: {checked.unsealed} rows without a seal,"
                f" {len(checked.findings)} findings. Run verify_access_log."
            )
        # The database's own function marks the seals and drops the table, and refuses a month before its time.
        cursor.execute("SELECT privacy_accesslog_drop(%s)", [month.first])
        seals = cursor.fetchone()[0]
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    over = start_of(month.after)
    AccessReason.objects.filter(at__lt=over).delete()
    AccessAnomaly.objects.filter(day__lt=over.date()).delete()
    return Dropped(month.first, checked.rows, seals)
