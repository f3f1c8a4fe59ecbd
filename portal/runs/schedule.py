"""When the nightly job is due, and whether it is late. Settings say the time (Europe/Helsinki) and the grace.

All arithmetic is done in UTC, so that the nights on which daylight saving begins or ends need no rule of their own.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from portal.runs.models import JobRun, JobStop

ONE_DAY = timedelta(days=1)


def zone() -> ZoneInfo:
    """The time zone in which the night has its time."""
    return ZoneInfo(settings.TIME_ZONE)


def due_at(day: date) -> datetime:
    """When the night of `day` starts, in UTC. A time that the clocks skip counts as if they had not moved yet."""
    local = datetime.combine(day, time(settings.NIGHT_HOUR, settings.NIGHT_MINUTE), zone())
    return local.astimezone(UTC)


def last_due(now: datetime) -> datetime:
    """The latest start of a night that is not after `now` (aware), in UTC."""
    today = now.astimezone(zone()).date()
    due = due_at(today)
    return due if due <= now else due_at(today - ONE_DAY)


def next_due(now: datetime) -> datetime:
    """The first start of a night after `now` (aware), in UTC."""
    due = due_at(now.astimezone(zone()).date())
    return due if due > now else due_at(now.astimezone(zone()).date() + ONE_DAY)


def day_to_be_done(now: datetime) -> date:
    """The latest day whose night must have succeeded by `now`: its start and the grace after it have passed."""
    grace = timedelta(hours=settings.NIGHT_GRACE_HOURS)
    return last_due(now.astimezone(UTC) - grace).astimezone(zone()).date()


def is_late(job: str, now: datetime) -> bool:
    """Whether `job` has not succeeded for the day that must be done by `now`.

    A run of a later day than today (made by hand, to look ahead) does not count. While somebody has stopped the job,
    and for as long as a night's grace after that, nothing is late.
    """
    return bool(late_jobs([job], now))


def late_jobs(jobs: Sequence[str], now: datetime) -> list[str]:
    """Those of some jobs that are late, in their order."""
    today = now.astimezone(zone()).date()
    days = (day_to_be_done(now), today)
    done = JobRun.objects.succeeded().filter(job__in=jobs, for_date__range=days)
    grace = timedelta(hours=settings.NIGHT_GRACE_HOURS)
    stopped = JobStop.objects.filter(job__in=jobs, since__lte=now).holding_after(now - grace)
    in_order = {*done.order_by().values_list("job", flat=True), *stopped.order_by().values_list("job", flat=True)}
    return [job for job in jobs if job not in in_order]
