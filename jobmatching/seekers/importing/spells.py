"""The registration that a row tells, against the spells that the person has already."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from jobmatching.seekers.importing.columns import open_spell, pending, rows_of
from jobmatching.seekers.models import JobSeeker, RegistrationSpell


@dataclass(frozen=True)
class Registration:
    """The open spell as the file tells it: `started_on` None where it tells nothing."""

    seeker: JobSeeker
    open: Any
    """The spell that is open now, or None."""
    started_on: date | None
    status: str

    @classmethod
    def told(cls, seeker: JobSeeker) -> Self:
        """What the row tells; ValueError with what to do where it does not fit the spells that there are."""
        told = pending(seeker)
        is_open = open_spell(seeker)
        started_on: date | None = told.get("registered_on")
        status: str = told.get("situation") or ""
        if not started_on and not status:
            return cls(seeker, is_open, None, "")
        if started_on is None:
            if is_open is None or status != is_open.status:
                raise ValueError(_("A new situation needs the day from which it holds. Write the day."))
            started_on = is_open.started_on
        if not status:
            if is_open is None or started_on != is_open.started_on:
                raise ValueError(_("A new registration needs the situation. Write both or neither."))
            status = is_open.status
        # The new spell has no end: it must start after every other one has ended.
        ends = (row.started_on if row is is_open else row.ended_on for row in rows_of(seeker, "spells"))
        if any(started_on < end for end in ends):
            raise ValueError(
                _(
                    "The person has a registration on that day already. "
                    "Write a later day, or correct it on the person's page."
                )
            )
        return cls(seeker, is_open, started_on, status)

    def store(self) -> None:
        """End the earlier spell on the day on which the new one starts; the same day only corrects the situation."""
        if self.started_on is None:
            return
        if self.open is not None and self.open.started_on == self.started_on:
            if self.open.status != self.status:
                RegistrationSpell.objects.filter(pk=self.open.pk).update(status=self.status)
            return
        if self.open is not None:
            RegistrationSpell.objects.filter(pk=self.open.pk).update(ended_on=self.started_on)
        RegistrationSpell.objects.create(seeker=self.seeker, started_on=self.started_on, status=self.status)
