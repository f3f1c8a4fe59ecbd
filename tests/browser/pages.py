"""The pages of the portal: who opens them in the tests, and how many queries they may cost.

Every address of ours that shows a page has an entry (`html` rows of tests/permission_matrix.py); of the parts made by
others, those that people meet. The rest is in `NOT_OPENED`, rule by rule, with the reason.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from portal.accounts.roles import Role
from tests.world import Side, World


@dataclass(frozen=True)
class Page:
    """A page as one role sees it."""

    name: str = ""
    """Name of the address; empty for a page that has none (`path`)."""
    role: Role | None = None
    """None: somebody who has not signed in."""
    queries: int = 0
    """The most queries it may take, sessions and sign-in included."""
    objects: tuple[str, ...] = ()
    """Attributes of the own `Side`, or of the `World`, in the order of the address."""
    query: str = ""
    path: str = ""
    status: int = 200
    printed: bool = False
    """Is looked at as it comes out of a printer, too."""
    confirmed: bool = False
    """The person has just typed the password once more."""
    axe_off: dict[str, str] = field(default_factory=dict)
    """Rules of axe that the page need not keep, and why: only for pages whose markup is not ours."""

    def __str__(self) -> str:
        who = self.role.value if self.role else "anonymous"
        return " ".join([f"{self.name or self.path}{self.query}", *self.objects, who])

    def url(self, world: World) -> str:
        """The address for a world's objects."""
        if self.path:
            return self.path
        owners = [getattr(world.own if one in Side.__dataclass_fields__ else world, one) for one in self.objects]
        return reverse(self.name, args=[owner.pk for owner in owners]) + self.query


PAGES: tuple[Page, ...] = (
    # --- For everybody
    Page("account_login", queries=1),
    Page("account_reset_password", queries=1),
    Page("account_signup", queries=1),
    Page("account_reset_password_done", queries=1),
    Page("account_email_verification_sent", queries=1),
    Page("account_inactive", queries=1),
    Page(path="/tili/confirm-email/ei-ole/", queries=2),
    Page(path="/tili/password/reset/key/1-ei-ole/", queries=4),
    Page("ui:accessibility", queries=1, printed=True),
    Page("ui:privacy", queries=1, printed=True),
    Page("ui:feedback", queries=1),
    # --- Links of messages, for people without an account
    Page("outbox:contact_answer", objects=("question",), queries=4),
    Page(path="/vastaa/ei-ole/", queries=2, status=404),
    Page("outbox:mailbox", queries=4),
    Page("outbox:letter", objects=("letter",), queries=3),
    # --- One's own account
    Page("accounts:own", Role.CASE_WORKER, queries=7),
    Page("account_change_password", Role.CASE_WORKER, queries=3),
    Page("account_logout", Role.CASE_WORKER, queries=3),
    Page("account_email", Role.EMPLOYER_OWNER, queries=6),
    Page("account_email", Role.CASE_WORKER, queries=6),
    Page("account_reauthenticate", Role.CASE_WORKER, queries=9),
    Page("accounts:enrol", Role.EMPLOYER_OWNER, queries=4),
    Page("mfa_index", Role.CASE_WORKER, queries=5),
    Page("mfa_activate_totp", Role.EMPLOYER_OWNER, queries=9, confirmed=True),
    Page("mfa_deactivate_totp", Role.CASE_WORKER, queries=11, confirmed=True),
    Page("accounts:replace_totp", Role.CASE_WORKER, queries=9, confirmed=True),
    Page("mfa_generate_recovery_codes", Role.CASE_WORKER, queries=7, confirmed=True),
    Page("mfa_list_webauthn", Role.CASE_WORKER, queries=5),
    Page("mfa_add_webauthn", Role.CASE_WORKER, queries=10, confirmed=True),
    Page("mfa_reauthenticate", Role.CASE_WORKER, queries=9),
    Page("usersessions_list", Role.CASE_WORKER, queries=4),
    Page("outbox:preferences", Role.CASE_WORKER, queries=6),
    Page("outbox:preferences", Role.ADMINISTRATOR, queries=6),
    # --- Messages
    Page("outbox:list", Role.ADMINISTRATOR, queries=9),
    Page("outbox:list", Role.ADMINISTRATOR, query="?state=given_up&kind=password_reset&day=2020-01-01", queries=9),
    Page("outbox:page", Role.ADMINISTRATOR, objects=("message",), queries=9),
    Page("outbox:send_again", Role.ADMINISTRATOR, objects=("message",), queries=9),
    Page("outbox:withdraw", Role.ADMINISTRATOR, objects=("message",), queries=9),
    Page("outbox:confirm_sent", Role.ADMINISTRATOR, objects=("message",), queries=9),
    Page("outbox:send_all_again", Role.ADMINISTRATOR, queries=9),
    # --- Teams, accounts, invitations
    Page("accounts:teams", Role.TEAM_LEAD, queries=7),
    Page("accounts:new_team", Role.TEAM_LEAD, queries=7),
    Page("accounts:team", Role.TEAM_LEAD, objects=("team",), queries=9),
    Page("accounts:rename_team", Role.ADMINISTRATOR, objects=("team",), queries=6),
    Page("accounts:end_team_membership", Role.TEAM_LEAD, objects=("team_membership",), queries=5),
    Page("accounts:pairs", Role.TEAM_LEAD, queries=8),
    Page("accounts:new_pair", Role.TEAM_LEAD, queries=10),
    Page("accounts:end_pair", Role.TEAM_LEAD, objects=("pair",), queries=5),
    Page("accounts:stand_ins", Role.ADMINISTRATOR, queries=9),
    Page("accounts:new_stand_in", Role.TEAM_LEAD, queries=8),
    Page("accounts:end_stand_in", Role.TEAM_LEAD, objects=("stand_in",), queries=5),
    Page("accounts:people", Role.ADMINISTRATOR, query="?role=case_worker&state=open", queries=11),
    Page("accounts:person", Role.ADMINISTRATOR, objects=("somebody",), queries=12),
    Page("accounts:person_details", Role.ADMINISTRATOR, objects=("somebody",), queries=5),
    Page("accounts:reset_factor", Role.ADMINISTRATOR, objects=("somebody",), queries=5),
    Page("accounts:forget_organisation", Role.ADMINISTRATOR, objects=("somebody",), queries=5),
    Page("accounts:close_account", Role.ADMINISTRATOR, objects=("somebody",), queries=5),
    Page("accounts:end_role", Role.ADMINISTRATOR, objects=("somebodys_role",), queries=5),
    Page("accounts:invitations", Role.ADMINISTRATOR, queries=8),
    Page("accounts:new_invitation", Role.ADMINISTRATOR, queries=5),
    Page("accounts:withdraw_invitation", Role.ADMINISTRATOR, objects=("invitation",), queries=5),
    Page(path="/tili/kutsu/", status=410, queries=1),
    Page("accounts:roles", Role.AUDITOR, queries=8, printed=True),
    # --- Jobseekers
    Page("seekers:list", Role.CASE_WORKER, queries=12, printed=True),
    Page("seekers:list", Role.TEAM_LEAD, query="?age=over54&field=7&occupation=hitsaaja", queries=10),
    Page("seekers:export", Role.CASE_WORKER, query="?scope=area&age=over54&moves=on", queries=10),
    Page("seekers:export", Role.TEAM_LEAD, queries=9),
    Page("seekers:import", Role.CASE_WORKER, queries=5),
    Page("seekers:page", Role.CASE_WORKER, objects=("seeker",), queries=19, printed=True),
    Page("seekers:page", Role.CASE_WORKER, objects=("hidden_seeker",), queries=18),
    Page("seekers:history", Role.CASE_WORKER, objects=("seeker",), queries=19, printed=True),
    Page(
        "seekers:history",
        Role.CASE_WORKER,
        objects=("hidden_seeker",),
        query="?field=jobmatching.seekerskill",
        queries=11,
    ),
    Page("seekers:matches", Role.CASE_WORKER, objects=("seeker",), queries=35),
    Page("seekers:matches", Role.CASE_WORKER, objects=("hidden_seeker",), queries=16),
    Page("seekers:looked", Role.CASE_WORKER, objects=("seeker",), query="?nayta=kaikki", queries=12, printed=True),
    Page("seekers:looked", Role.CASE_WORKER, objects=("hidden_seeker",), queries=10),
    Page("seekers:reason", Role.TEAM_LEAD, objects=("seeker",), queries=10),
    Page("seekers:contact", Role.CASE_WORKER, objects=("seeker",), queries=14),
    Page("seekers:contact", Role.CASE_WORKER, objects=("hidden_seeker",), queries=10),
    Page("seekers:pause", Role.CASE_WORKER, objects=("seeker",), queries=7),
    Page("seekers:resume", Role.CASE_WORKER, objects=("paused_seeker",), queries=8),
    Page("seekers:non_disclosures", Role.CASE_WORKER, queries=8, printed=True),
    Page("seekers:non_disclosures", Role.TEAM_LEAD, queries=8),
    Page("seekers:non_disclosure_name", Role.TEAM_LEAD, objects=("unseen",), queries=9),
    Page("seekers:non_disclosure", Role.CASE_WORKER, objects=("seeker",), queries=10),
    Page("seekers:non_disclosure", Role.CASE_WORKER, objects=("hidden_seeker",), queries=13, printed=True),
    Page("seekers:non_disclosure_set", Role.CASE_WORKER, objects=("seeker",), queries=8),
    Page("seekers:non_disclosure_workers", Role.CASE_WORKER, objects=("hidden_seeker",), queries=13),
    Page("seekers:non_disclosure_validity", Role.CASE_WORKER, objects=("hidden_seeker",), queries=8),
    Page("seekers:non_disclosure_lift", Role.CASE_WORKER, objects=("hidden_seeker",), queries=8),
    # --- Requests about own data, restriction, holds, documents of all data
    Page("seekers:requests", Role.TEAM_LEAD, queries=14, printed=True),
    Page("seekers:requests", Role.CASE_WORKER, query="?nakyma=decided&laji=access", queries=11),
    Page("seekers:departing", Role.TEAM_LEAD, queries=15),
    Page("seekers:departing", Role.CASE_WORKER, queries=9),
    Page("seekers:rights", Role.CASE_WORKER, objects=("seeker",), queries=19, printed=True),
    Page("seekers:rights", Role.TEAM_LEAD, objects=("restricted_seeker",), queries=19),
    Page("seekers:rights", Role.TEAM_LEAD, objects=("leads_seeker",), queries=19),
    Page("seekers:request_new", Role.CASE_WORKER, objects=("seeker",), queries=7),
    Page("seekers:request", Role.CASE_WORKER, objects=("seeker", "wanted"), queries=9),
    Page("seekers:request", Role.TEAM_LEAD, objects=("leads_seeker", "erasing"), queries=21),
    Page("seekers:erasure", Role.TEAM_LEAD, objects=("leads_seeker", "erasing"), queries=12),
    Page("seekers:restriction_new", Role.TEAM_LEAD, objects=("leads_seeker",), queries=8),
    Page("seekers:restriction_lift", Role.TEAM_LEAD, objects=("restricted_seeker",), queries=8),
    Page("seekers:hold_new", Role.CASE_WORKER, objects=("seeker",), queries=7),
    Page("seekers:hold_release", Role.CASE_WORKER, objects=("seeker", "hold"), queries=8),
    Page("seekers:document_new", Role.CASE_WORKER, objects=("seeker",), queries=10),
    Page("seekers:document", Role.CASE_WORKER, objects=("seeker", "document"), queries=8),
    # --- Trust: the front page, the access log, what looks strange in it
    Page("trust:index", Role.AUDITOR, queries=9),
    Page("trust:index", Role.CASE_WORKER, queries=5),
    Page("audit:log", Role.AUDITOR, queries=16, printed=True),
    Page("audit:log", Role.AUDITOR, query="?action=profile&start=2026-01-01", queries=16),
    Page("audit:person", Role.AUDITOR, objects=("seeker",), queries=11),
    Page("seekers:looked", Role.CASE_WORKER, objects=("seeker",), query="?nayta=evatyt", queries=12),
    Page("audit:export", Role.AUDITOR, queries=8),
    Page("audit:anomalies", Role.AUDITOR, queries=16, printed=True),
    Page("audit:anomaly", Role.AUDITOR, objects=("anomaly",), queries=14, printed=True),
    # --- The register of personal fields
    Page("register:fields", Role.AUDITOR, queries=6, printed=True),
    Page("register:fields", Role.CASE_WORKER, query="?whose=jobseekers&history=no&q=numero", queries=6),
    Page("register:public", queries=4, printed=True),
    # --- Retention
    Page("retention:classes", Role.AUDITOR, queries=10, printed=True),
    Page("retention:class", Role.ADMINISTRATOR, path="/luottamus/sailytys/luokat/profile/", queries=8),
    Page("retention:propose", Role.ADMINISTRATOR, path="/luottamus/sailytys/luokat/profile/ehdotus/", queries=6),
    Page("retention:proposal", Role.MANAGER, objects=("proposal",), queries=10),
    Page("retention:trial", Role.AUDITOR, queries=37, printed=True),
    Page("retention:reports", Role.AUDITOR, queries=8),
    Page("retention:report", Role.AUDITOR, objects=("proof",), queries=8, printed=True),
    # --- Vacancies
    # One asks whether matching has been stopped: that has to hold at once.
    Page("vacancies:list", Role.EMPLOYER_SPECIALIST, queries=11),
    Page("vacancies:list", Role.EMPLOYER_OWNER, queries=9),
    Page("vacancies:page", Role.EMPLOYER_SPECIALIST, objects=("vacancy",), queries=32, printed=True),
    Page("vacancies:page", Role.EMPLOYER_OWNER, objects=("vacancy",), queries=10),
    Page("vacancies:posting", Role.EMPLOYER_SPECIALIST, objects=("vacancy",), queries=10),
    Page("vacancies:history", Role.EMPLOYER_SPECIALIST, objects=("vacancy",), queries=24, printed=True),
    Page("companies:history", Role.EMPLOYER_SPECIALIST, objects=("employer",), queries=14),
    Page("history:user", Role.ADMINISTRATOR, objects=("account",), queries=11),
    # --- Occupations and skills
    Page("classifications:occupations", Role.CASE_WORKER, query="?q=hitsaaja", queries=8),
    Page("classifications:occupation", Role.CASE_WORKER, objects=("occupation",), queries=10),
    Page("classifications:skills", Role.TEAM_LEAD, queries=8),
    Page("classifications:skill", Role.CASE_WORKER, objects=("skill",), queries=10),
    # --- The night
    Page("matching:how", queries=5, printed=True),
    Page("matching:fairness", Role.MANAGER, queries=14, printed=True),
    Page("matching:switch", Role.MANAGER, queries=5, printed=True),
    Page("matching:stop", Role.ADMINISTRATOR, queries=5),
    Page("matching:system_card", Role.AUDITOR, queries=11, printed=True),
    Page("matching:rules", Role.AUDITOR, queries=9),
    Page("matching:rules", Role.TEAM_LEAD, query="?tila=rejected", queries=9),
    Page("matching:rules_version", Role.MANAGER, objects=("rules_proposal",), queries=15, printed=True),
    Page("matching:rules_version", Role.TEAM_LEAD, objects=("rules_draft",), queries=15),
    Page("matching:rules_draft", Role.MANAGER, objects=("rules_proposal",), queries=5),
    Page("matching:rules_edit", Role.TEAM_LEAD, objects=("rules_draft",), queries=5),
    Page("matching:rules_withdraw", Role.TEAM_LEAD, objects=("rules_draft",), queries=5),
    Page("matching:rules_decide", Role.MANAGER, objects=("rules_proposal",), queries=14),
    Page("matching:rules_preview", Role.MANAGER, objects=("rules_preview",), queries=6, printed=True),
    Page("runs:list", Role.MANAGER, queries=12),
    Page("runs:page", Role.MANAGER, objects=("run",), queries=10),
    # --- Administration
    # Administrators have no area of their own: the name of the only one is looked up.
    Page("ui:components", Role.ADMINISTRATOR, queries=4, printed=True),
    # --- When something is not as it should be
    # The refusal stands in the access log.
    Page("ui:components", Role.CASE_WORKER, queries=4, status=403),
    Page(path="/ei-ole/", queries=1, status=404),
)

NOT_OPENED: dict[str, str] = {
    "admin:": "Django's own pages, for administrators alone; their markup is not ours",
    "account_set_password": "leads on to account_change_password",
    "account_confirm": "needs a key from a mail; opened with a wrong one by its path",
    "account_reset_password_from_key": "needs a key from a mail; opened with a wrong one by its path",
    "mfa_authenticate": "the second step of sign-in: tests/browser/test_sign_in.py walks it",
    "mfa_view_recovery_codes": "shown once: tests/browser/test_sign_in.py walks there",
    "mfa_download_recovery_codes": "closed: the codes are shown once, on their page",
    "mfa_edit_webauthn": "needs a passkey: tests/browser/test_sign_in.py adds one",
    "mfa_remove_webauthn": "needs a passkey: tests/browser/test_sign_in.py adds one",
    "mfa_reauthenticate_webauthn": "needs a passkey: tests/browser/test_sign_in.py adds one",
    "set_language": "changes the language and leads back",
}
"""Beginnings of names of addresses made by others whose pages are not opened, and why."""
