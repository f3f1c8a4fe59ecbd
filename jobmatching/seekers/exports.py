"""The list of jobseekers as a file for a spreadsheet: what the list shows, without people under non-disclosure."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from jobmatching.seekers.models import JobSeeker

MOST_ROWS: Final = 2_000
_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(seekers: Iterable[JobSeeker]) -> bytes:
    """Rows of `JobSeekerQuerySet.for_list` as CSV: semicolons, and the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(_header())
    writer.writerows([[escaped(value) for value in _row(seeker)] for seeker in seekers])
    return written.getvalue().encode("utf-8-sig")


def escaped(value: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(_BEGINS_FORMULA) else value


def _header() -> list[str]:
    return [
        _("Last name"),
        _("First name"),
        _("Home municipality"),
        _("Situation"),
        _("Since"),
        _("Occupations wished"),
        _("Personal coach"),
        _("Language of service"),
        _("Ready to move"),
        _("Matching paused"),
    ]


def _row(seeker: JobSeeker) -> Iterator[str]:
    since: date | None = getattr(seeker, "situation_since")  # noqa: B009  added by the queryset
    yield seeker.last_name
    yield seeker.first_name
    yield str(seeker.home or "")
    yield seeker.situation_name
    yield since.isoformat() if since else ""
    yield ", ".join(f"{wish.occupation} ({wish.occupation.isco})" for wish in seeker.wishes.all())
    yield str(seeker.coach or "")
    yield str(seeker.service_language or "")
    yield _("yes") if seeker.ready_to_move else ""
    yield _("yes") if seeker.matching_paused_at else ""
