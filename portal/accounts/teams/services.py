"""Changes of who works with whom. Rows end; they are not rewritten, so that one sees later who served when."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.teams.models import StandIn, TeamMembership, WorkPair
from portal.accounts.users import User

Dated = TeamMembership | WorkPair | StandIn


class NotAllowed(Exception):
    """A change that the rules refuse; its text says why, for people."""


def end(row: Dated, last_day: date) -> None:
    """Let a row end with `last_day`, today at the earliest. One that has not begun by then goes altogether.

    Raises NotAllowed for a day that has passed, and for one after the row ends anyway.
    """
    if last_day < timezone.localdate():
        raise NotAllowed(_("The last day can be today at the earliest: what has been stays as it was."))
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if locked.valid_to is not None and last_day > locked.valid_to:
            raise NotAllowed(_("This ends earlier than that already."))
        if locked.valid_from > last_day:
            locked.delete()
        else:
            locked.valid_to = last_day
            locked.save(update_fields=["valid_to"])


def change_lead(membership: TeamMembership, *, lead: bool, by: User) -> None:
    """From today on somebody leads the team, or no longer does; yesterday's row stays as it was.

    Raises NotAllowed for oneself: a lead serves the clients of all members, and nobody takes that alone.
    """
    if lead and membership.user_id == by.pk:
        raise NotAllowed(_("Somebody else has to name you as the lead: another team lead, or an administrator."))
    today = timezone.localdate()
    with transaction.atomic():
        locked = TeamMembership.objects.select_for_update().get(pk=membership.pk)
        if locked.lead == lead:
            return
        if locked.valid_to is not None and locked.valid_to < today:
            raise NotAllowed(_("This membership has ended."))
        if locked.valid_from >= today:
            locked.lead = lead
            locked.save(update_fields=["lead"])
            return
        last = locked.valid_to
        locked.valid_to = today - timedelta(days=1)
        locked.save(update_fields=["valid_to"])
        TeamMembership.objects.create(team=locked.team, user=locked.user, lead=lead, valid_from=today, valid_to=last)
