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
    HISTORY_VIEW = "history.view"
    SEEKERS_VIEW = "seekers.view"
    SEEKERS_EXPORT = "seekers.export"
    SEEKERS_IMPORT = "seekers.import"
    IDENTITY_REVEAL = "identity.reveal"
    NON_DISCLOSURE_SET = "non_disclosure.set"
    NON_DISCLOSURE_NAME = "non_disclosure.name"
    MATCHES_VIEW = "matches.view"
    AUDIT_VIEW = "audit.view"
    AUDIT_HANDLE = "audit.handle"
    TRUST_VIEW = "trust.view"
    RUNS_VIEW = "runs.view"
    RUNS_START = "runs.start"
    RETENTION_VIEW = "retention.view"
    RETENTION_PROPOSE = "retention.propose"
    RETENTION_APPROVE = "retention.approve"
    RETENTION_RUN = "retention.run"
    REGISTER_VIEW = "register.view"
    SUBJECT_REQUESTS = "subject.requests"
    SUBJECT_DECIDE = "subject.decide"
    SUBJECT_EXPORT = "subject.export"
    CLASSIFICATIONS_VIEW = "classifications.view"
    MATCHING_STOP = "matching.stop"
    FAIRNESS_VIEW = "fairness.view"
    FAIRNESS_COMMENT = "fairness.comment"
    SYSTEM_CARD_VIEW = "system_card.view"
    RULES_VIEW = "rules.view"
    RULES_DRAFT = "rules.draft"
    RULES_APPROVE = "rules.approve"
    OUTBOX_VIEW = "outbox.view"
    OUTBOX_MANAGE = "outbox.manage"
    TEAMS_MANAGE = "teams.manage"
    USERS_MANAGE = "users.manage"
    USERS_INVITE = "users.invite"
    ROLES_VIEW = "roles.view"
    ADMIN_USE = "admin.use"


_BROKERING = frozenset(
    {
        Permission.TRUST_VIEW,
        Permission.VACANCIES_VIEW,
        Permission.HISTORY_VIEW,
        Permission.SEEKERS_VIEW,
        Permission.MATCHES_VIEW,
        Permission.RUNS_VIEW,
        Permission.CLASSIFICATIONS_VIEW,
        Permission.SYSTEM_CARD_VIEW,
        Permission.REGISTER_VIEW,
    }
)

# What a personal coach does for a jobseeker beside brokering: lists in and out, and requests about the own data.
_COACHING = frozenset(
    {
        Permission.SEEKERS_EXPORT,
        Permission.SEEKERS_IMPORT,
        Permission.IDENTITY_REVEAL,
        Permission.NON_DISCLOSURE_SET,
        Permission.SUBJECT_REQUESTS,
        Permission.SUBJECT_EXPORT,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASE_WORKER: _BROKERING | _COACHING,
    Role.EMPLOYER_SPECIALIST: _BROKERING,
    Role.WORK_PAIR: _BROKERING | _COACHING,
    Role.TEAM_LEAD: _BROKERING
    | _COACHING
    | {
        Permission.TEAMS_MANAGE,
        Permission.SUBJECT_DECIDE,
        Permission.NON_DISCLOSURE_NAME,
        Permission.RUNS_START,
        Permission.FAIRNESS_VIEW,
        Permission.RULES_VIEW,
        Permission.RULES_DRAFT,
    },
    # Managers follow figures; they never reach a person.
    Role.MANAGER: frozenset(
        {
            Permission.TRUST_VIEW,
            Permission.ROLES_VIEW,
            Permission.VACANCIES_VIEW,
            Permission.RUNS_VIEW,
            Permission.RUNS_START,
            Permission.CLASSIFICATIONS_VIEW,
            Permission.MATCHING_STOP,
            Permission.FAIRNESS_VIEW,
            Permission.FAIRNESS_COMMENT,
            Permission.SYSTEM_CARD_VIEW,
            Permission.RULES_VIEW,
            Permission.RULES_DRAFT,
            Permission.RULES_APPROVE,
            Permission.RETENTION_VIEW,
            Permission.RETENTION_APPROVE,
            Permission.REGISTER_VIEW,
        }
    ),
    Role.TRAINING_COORDINATOR: frozenset(
        {
            Permission.TRUST_VIEW,
            Permission.VACANCIES_VIEW,
            Permission.CLASSIFICATIONS_VIEW,
            Permission.SYSTEM_CARD_VIEW,
        }
    ),
    Role.PARTNER_WORKER: frozenset(),
    Role.EMPLOYER_MEMBER: frozenset({Permission.VACANCIES_VIEW}),
    Role.EMPLOYER_OWNER: frozenset({Permission.VACANCIES_VIEW}),
    # Auditors read logs and runs, administrators keep settings and users: neither sees profiles.
    Role.AUDITOR: frozenset(
        {
            Permission.TRUST_VIEW,
            Permission.AUDIT_VIEW,
            Permission.AUDIT_HANDLE,
            Permission.ROLES_VIEW,
            Permission.RUNS_VIEW,
            Permission.FAIRNESS_VIEW,
            Permission.FAIRNESS_COMMENT,
            Permission.SYSTEM_CARD_VIEW,
            Permission.RULES_VIEW,
            Permission.RETENTION_VIEW,
            Permission.REGISTER_VIEW,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.TRUST_VIEW,
            Permission.RUNS_VIEW,
            Permission.RUNS_START,
            Permission.CLASSIFICATIONS_VIEW,
            Permission.MATCHING_STOP,
            Permission.SYSTEM_CARD_VIEW,
            Permission.RULES_VIEW,
            Permission.RULES_DRAFT,
            Permission.RETENTION_VIEW,
            Permission.RETENTION_PROPOSE,
            Permission.RETENTION_RUN,
            Permission.REGISTER_VIEW,
            Permission.OUTBOX_VIEW,
            Permission.OUTBOX_MANAGE,
            Permission.TEAMS_MANAGE,
            Permission.HISTORY_VIEW,
            Permission.USERS_MANAGE,
            Permission.USERS_INVITE,
            Permission.ROLES_VIEW,
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

# Roles that are held in the whole installation: their membership names no area, so that no row looks as if what an
# auditor reads or an administrator keeps ended at the border of one.
INSTALLATION_ROLES: frozenset[Role] = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})

# People of companies and other employers; everybody else works for the employment area or a partner of it.
EMPLOYER_ROLES: frozenset[Role] = frozenset({Role.EMPLOYER_MEMBER, Role.EMPLOYER_OWNER})
# Roles that are given by an administrator alone, and that sign in with a second factor.
STAFF_ROLES: frozenset[Role] = frozenset(Role) - EMPLOYER_ROLES
