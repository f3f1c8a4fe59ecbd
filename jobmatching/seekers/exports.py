"""The list of jobseekers as a file for a spreadsheet: what the list shows, without people under non-disclosure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from jobmatching.seekers.models import JobSeeker
from portal.ui.spreadsheets import writing

MOST_ROWS: Final = 2_000


def as_csv(seekers: Iterable[JobSeeker]) -> bytes:
    """Rows of `JobSeekerQuerySet.for_list` as CSV."""
    return writing.as_csv(columns(), (_row(seeker) for seeker in seekers))


def columns() -> list[str]:
    """Names of the columns, in the language of the person."""
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
