"""How long a person stays signed in: one table by role. Whoever holds several roles has the shortest of each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import ngettext

from portal.accounts.permissions import AnyUser, roles_of
from portal.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Limit:
    """`absolute`: from sign-in on, whatever one does. `idle`: since the last page that the person asked for."""

    absolute: timedelta
    idle: timedelta


_WORKING_DAY: Final = Limit(timedelta(hours=10), timedelta(minutes=60))
_CAREFUL: Final = Limit(timedelta(hours=8), timedelta(minutes=30))
_EMPLOYER: Final = Limit(timedelta(hours=12), timedelta(hours=2))

SESSION_LIMITS: Final[dict[Role, Limit]] = {
    Role.CASE_WORKER: _WORKING_DAY,
    Role.EMPLOYER_SPECIALIST: _WORKING_DAY,
    Role.WORK_PAIR: _WORKING_DAY,
    Role.TEAM_LEAD: _WORKING_DAY,
    Role.MANAGER: _WORKING_DAY,
    Role.TRAINING_COORDINATOR: _WORKING_DAY,
    # Rights over others' rights, and the traces of everybody: a screen left alone must close sooner.
    Role.ADMINISTRATOR: _CAREFUL,
    Role.AUDITOR: _CAREFUL,
    Role.PARTNER_WORKER: _CAREFUL,
    # An employer fills in a long form now and then, and reaches only the employer's own.
    Role.EMPLOYER_MEMBER: _EMPLOYER,
    Role.EMPLOYER_OWNER: _EMPLOYER,
}
NO_ROLE: Final = Limit(timedelta(hours=1), timedelta(minutes=30))
"""Signed in without a role in force: nothing opens anyway."""


def in_words(time: timedelta) -> str:
    """10 hours, 90 minutes."""
    minutes = round(time.total_seconds() / 60)
    if minutes % 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}


def limit_of(user: AnyUser) -> Limit:
    """What holds for a person today."""
    limits = [SESSION_LIMITS[role] for role in roles_of(user)] or [NO_ROLE]
    return Limit(min(one.absolute for one in limits), min(one.idle for one in limits))
