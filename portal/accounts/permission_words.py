"""Permissions in words, for the page "Roles and permissions"."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission

WORDS: Final[dict[Permission, Promise]] = {
    Permission.VACANCIES_VIEW: _("see vacancies"),
    Permission.SEEKERS_VIEW: _("see jobseekers of the area"),
    Permission.SEEKERS_EXPORT: _("export the list of jobseekers"),
    Permission.SEEKERS_IMPORT: _("import jobseekers from a file"),
    Permission.IDENTITY_REVEAL: _("show an identity code on demand"),
    Permission.NON_DISCLOSURE_SET: _("keep the non-disclosure of those for whom one is named"),
    Permission.NON_DISCLOSURE_NAME: _("name workers for somebody under non-disclosure"),
    Permission.MATCHES_VIEW: _("see matches with their reasons"),
    Permission.RUNS_VIEW: _("see the nightly runs"),
    Permission.RUNS_START: _("start a run"),
    Permission.RETENTION_VIEW: _("see retention times and what is due"),
    Permission.RETENTION_PROPOSE: _("propose retention times"),
    Permission.RETENTION_APPROVE: _("approve retention times"),
    Permission.RETENTION_RUN: _("run the deletion of what is due"),
    Permission.REGISTER_VIEW: _("see the register of personal fields"),
    Permission.SUBJECT_REQUESTS: _("record people's requests about their data"),
    Permission.SUBJECT_DECIDE: _("decide on people's requests about their data"),
    Permission.SUBJECT_EXPORT: _("give a person all data about them"),
    Permission.CLASSIFICATIONS_VIEW: _("see occupations and skills"),
    Permission.MATCHING_STOP: _("stop all matching, and let it go on"),
    Permission.FAIRNESS_VIEW: _("see the report of equal treatment"),
    Permission.FAIRNESS_COMMENT: _("comment on the report of equal treatment"),
    Permission.SYSTEM_CARD_VIEW: _("see the system card"),
    Permission.RULES_VIEW: _("see the rules of matching"),
    Permission.RULES_DRAFT: _("draft rules of matching"),
    Permission.RULES_APPROVE: _("approve rules of matching"),
    Permission.OUTBOX_VIEW: _("see how messages stand"),
    Permission.OUTBOX_MANAGE: _("send messages again or withdraw them"),
    Permission.TRUST_VIEW: _("open the page of trust"),
    Permission.AUDIT_VIEW: _("search the access log"),
    Permission.AUDIT_HANDLE: _("handle what stands out in the access log"),
    Permission.HISTORY_VIEW: _("see the history of records"),
    Permission.TEAMS_MANAGE: _("keep teams, work pairs and stand-ins"),
    Permission.USERS_MANAGE: _("keep accounts and roles"),
    Permission.USERS_INVITE: _("invite staff"),
    Permission.ROLES_VIEW: _("see roles and permissions"),
    Permission.ADMIN_USE: _("use the administration pages"),
}


def words_of(permission: str) -> str:
    """What a permission lets one do; its code for one of the past that has no words any more."""
    try:
        return str(WORDS[Permission(permission)])
    except (KeyError, ValueError):
        return permission
