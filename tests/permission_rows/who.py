"""Who may: sets of roles that several rows name, and what others get there."""

from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from tests.permission_rows.kinds import HIDDEN


def who_may(permission: Permission) -> frozenset[Role]:
    """Roles with a permission. For rows whose address asks for exactly this one."""
    return frozenset(role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions)


SEES_MATCHES = who_may(Permission.MATCHES_VIEW)
SEES_RUNS = who_may(Permission.RUNS_VIEW)
AUDITS = who_may(Permission.AUDIT_VIEW)
SERVES_SEEKERS = who_may(Permission.SEEKERS_VIEW)
SEES_HISTORY = who_may(Permission.HISTORY_VIEW)
NAMED_ALONE = {"allowed": frozenset({Role.CASE_WORKER}), "but": dict.fromkeys(SERVES_SEEKERS, HIDDEN)}
"""Rows about somebody under non-disclosure: for all but the named worker there is no such person."""
HIDES_SEEKERS = who_may(Permission.NON_DISCLOSURE_SET)
NAMED_AND_MAY = {"allowed": frozenset({Role.CASE_WORKER}), "but": dict.fromkeys(HIDES_SEEKERS, HIDDEN)}
"""Rows about changing a non-disclosure: for the named worker alone."""
RECORDS_REQUESTS = who_may(Permission.SUBJECT_REQUESTS)
DECIDES_REQUESTS = who_may(Permission.SUBJECT_DECIDE)
NAMED_AND_RECORDS = {"allowed": frozenset({Role.CASE_WORKER}), "but": dict.fromkeys(RECORDS_REQUESTS, HIDDEN)}
LEAD_ALONE = {"allowed": DECIDES_REQUESTS, "but": dict.fromkeys(RECORDS_REQUESTS - DECIDES_REQUESTS, HIDDEN)}
"""Rows about somebody whose processing is restricted: for all but those who decide on it there is no such person."""
SEES_RULES = who_may(Permission.RULES_VIEW)
DRAFTS_RULES = who_may(Permission.RULES_DRAFT)
WROTE_RULES = {"allowed": frozenset({Role.TEAM_LEAD}), "but": dict.fromkeys(DRAFTS_RULES, 302)}
"""Rows about the draft that the team lead has written: others are led back to the version."""
SEES_RETENTION = who_may(Permission.RETENTION_VIEW)
HIDING = {"ground": "applied", "valid_from": "2026-01-01", "confirmed": "1"}

ASKED_WHY = dict.fromkeys(SERVES_SEEKERS - {Role.CASE_WORKER}, 302)
"""Those who do not serve the side's seekers are sent to give a reason: the case worker is their personal coach."""
ALL_ASKED_WHY = dict.fromkeys(SERVES_SEEKERS, 302)
"""Nobody serves this person, so everybody gives a reason."""

KEEPS_TEAMS = who_may(Permission.TEAMS_MANAGE)
ADMINISTRATORS = who_may(Permission.USERS_MANAGE)

STAFF = frozenset(Role) - {Role.EMPLOYER_MEMBER, Role.EMPLOYER_OWNER, Role.PARTNER_WORKER}
