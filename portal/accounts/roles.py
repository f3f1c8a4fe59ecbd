"""What each role may do: one readable table.

A permission is a verb on a register, not on one object: which objects of it a person may see is decided by the
`visible_to(user)` of the register's queryset. Roles are those of the field (personal coach, employer services ...).
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role that a membership gives: in one employment area, or (administrators, auditors) in the installation."""

    CASE_WORKER = "case_worker", _("personal coach")
    EMPLOYER_SPECIALIST = "employer_specialist", _("employer services specialist")
    WORK_PAIR = "work_pair", _("work pair")
    TEAM_LEAD = "team_lead", _("team lead")
    MANAGER = "manager", _("manager")
    TRAINING_COORDINATOR = "training_coordinator", _("training co-ordinator")
    PARTNER_WORKER = "partner_worker", _("partner organisation worker")
    EMPLOYER_MEMBER = "employer_member", _("employer's member")
    EMPLOYER_OWNER = "employer_owner", _("employer's owner")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class Permission(StrEnum):
    """What can be permitted; used by views, templates, admin and API through `portal.accounts.permissions`."""

    VACANCIES_VIEW = "vacancies.view"
    SEEKERS_VIEW = "seekers.view"
    SEEKERS_EXPORT = "seekers.export"
    SEEKERS_IMPORT = "seekers.import"
    MATCHES_VIEW = "matches.view"
    RUNS_VIEW = "runs.view"
    RUNS_START = "runs.start"
    CLASSIFICATIONS_VIEW = "classifications.view"
    ADMIN_USE = "admin.use"


_BROKERING = frozenset(
    {
        Permission.VACANCIES_VIEW,
        Permission.SEEKERS_VIEW,
        Permission.MATCHES_VIEW,
        Permission.RUNS_VIEW,
        Permission.CLASSIFICATIONS_VIEW,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASE_WORKER: _BROKERING | {Permission.SEEKERS_EXPORT, Permission.SEEKERS_IMPORT},
    Role.EMPLOYER_SPECIALIST: _BROKERING,
    Role.WORK_PAIR: _BROKERING | {Permission.SEEKERS_EXPORT, Permission.SEEKERS_IMPORT},
    Role.TEAM_LEAD: _BROKERING | {Permission.SEEKERS_EXPORT, Permission.SEEKERS_IMPORT, Permission.RUNS_START},
    # Managers follow figures; they never reach a person.
    Role.MANAGER: frozenset(
        {
            Permission.VACANCIES_VIEW,
            Permission.RUNS_VIEW,
            Permission.RUNS_START,
            Permission.CLASSIFICATIONS_VIEW,
        }
    ),
    Role.TRAINING_COORDINATOR: frozenset({Permission.VACANCIES_VIEW, Permission.CLASSIFICATIONS_VIEW}),
    Role.PARTNER_WORKER: frozenset(),
    Role.EMPLOYER_MEMBER: frozenset({Permission.VACANCIES_VIEW}),
    Role.EMPLOYER_OWNER: frozenset({Permission.VACANCIES_VIEW}),
    # Auditors read logs and runs, administrators keep settings and users: neither sees profiles.
    Role.AUDITOR: frozenset({Permission.RUNS_VIEW}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.RUNS_VIEW,
            Permission.RUNS_START,
            Permission.CLASSIFICATIONS_VIEW,
            Permission.ADMIN_USE,
        }
    ),
}

# Roles whose membership must name an employment area.
AREA_ROLES: frozenset[Role] = frozenset(
    {
        Role.CASE_WORKER,
        Role.EMPLOYER_SPECIALIST,
        Role.WORK_PAIR,
        Role.TEAM_LEAD,
        Role.MANAGER,
        Role.TRAINING_COORDINATOR,
    }
)
