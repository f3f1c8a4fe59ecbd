"""Who may do what: one row per address of ours, one rule per part made by others.

A row says what those get who may (`get`, `post`), who they are (`allowed`), and what all others get. Objects are named
by what they are in `tests.world.Side`: each address with one is asked about the object of the own area and about that
of the neighbouring area, by each role of the own area and by the same role of the neighbouring area.

The questions are made in `tests.permission_questions` and asked in `tests.permission_answers`: by the test suite, and
by `manage.py permission_matrix`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.timezone import localdate

from portal.accounts.roles import EMPLOYER_ROLES, ROLE_PERMISSIONS, Permission, Role
from tests.world import Side

LOGIN = 302
"""Anonymous visitors are sent to sign in."""
REFUSED = 403
HIDDEN = 404
"""What another area's object looks like: as if it were not there."""


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
SEES_RETENTION = who_may(Permission.RETENTION_VIEW)
HIDING = {"ground": "applied", "valid_from": "2026-01-01", "confirmed": "1"}

ASKED_WHY = dict.fromkeys(SERVES_SEEKERS - {Role.CASE_WORKER}, 302)
"""Those who do not serve the side's seekers are sent to give a reason: the case worker is their personal coach."""
ALL_ASKED_WHY = dict.fromkeys(SERVES_SEEKERS, 302)
"""Nobody serves this person, so everybody gives a reason."""
PEOPLE = frozenset({"seeker", "colleagues_seeker", "paused_seeker", "hidden_seeker"})
"""Objects of a side that are persons."""

KEEPS_TEAMS = who_may(Permission.TEAMS_MANAGE)
ADMINISTRATORS = who_may(Permission.USERS_MANAGE)

STAFF = frozenset(Role) - {Role.EMPLOYER_MEMBER, Role.EMPLOYER_OWNER, Role.PARTNER_WORKER}
SIGNED_IN = frozenset(Role)


@dataclass(frozen=True)
class Row:
    """One address (and kind of object). A method whose status is None is not offered: 405 to those who may."""

    name: str
    get: int | None = None
    post: int | None = None
    allowed: frozenset[Role] = SIGNED_IN
    public: bool = False
    """Anonymous visitors may too."""
    objects: tuple[str, ...] = ()
    """Attributes of `Side`, or of `World` for what belongs to no area, in the order of the address."""
    words: tuple[str, ...] = ()
    """Other parts of the address, where it names no object."""
    otherwise: int = REFUSED
    but: dict[Role, int] = field(default_factory=dict)
    """Roles that get something else than `otherwise`."""
    instead: dict[Role, int] = field(default_factory=dict)
    """Of those who may, roles that get something else where the person is of their own area: they are asked for a
    reason first, or need not be."""
    everywhere: frozenset[Role] = frozenset()
    """Of those who may, roles of the whole installation: what is another area's is theirs as well."""
    other_object: int = HIDDEN
    data: Callable[[Side], dict[str, object]] | None = None
    """What is posted."""
    html: bool = True
    """Whether GET shows a page to people: then tests/browser/pages.py opens it."""

    def status(self, method: str) -> int | None:
        """What those who may get; None where the method is not offered."""
        return {"GET": self.get, "POST": self.post}.get(method)

    @property
    def of_an_area(self) -> bool:
        """Whether the address names an object that belongs to an area."""
        return any(name in Side.__dataclass_fields__ for name in self.objects)


@dataclass(frozen=True)
class Rule:
    """All addresses of a part made by others: who must never get in, and who may."""

    prefix: str
    reason: str
    allowed: frozenset[Role]
    public: frozenset[str] = frozenset()
    """Addresses that answer anonymous visitors."""


ROWS: tuple[Row, ...] = (
    Row("healthz", get=200, public=True, html=False),
    Row("readyz", get=503, public=True, html=False),
    Row("home", get=302, public=True, html=False),
    Row("ui:accessibility", get=200, public=True),
    Row("ui:privacy", get=200, public=True),
    Row("ui:feedback", get=200, public=True),
    Row("ui:security_txt", get=200, public=True, html=False),
    Row("ui:components", get=200, allowed=who_may(Permission.ADMIN_USE)),
    Row("accounts:own", get=200, post=302, data=lambda side: {"language": "sv"}),
    # Whoever has a second factor is led on to it, and asked for the password before it changes.
    Row("accounts:enrol", get=200, allowed=EMPLOYER_ROLES, otherwise=302),
    Row("accounts:replace_totp", get=302, post=302, html=False),
    *(
        Row(name, get=200, post=post, allowed=KEEPS_TEAMS, objects=objects, everywhere=ADMINISTRATORS)
        for name, post, objects in (
            ("accounts:teams", None, ()),
            ("accounts:new_team", 200, ()),
            ("accounts:team", 200, ("team",)),
            ("accounts:rename_team", 200, ("team",)),
            ("accounts:end_team_membership", 200, ("team_membership",)),
            ("accounts:pairs", None, ()),
            ("accounts:new_pair", 200, ()),
            ("accounts:end_pair", 200, ("pair",)),
            ("accounts:stand_ins", None, ()),
            ("accounts:new_stand_in", 200, ()),
            ("accounts:end_stand_in", 200, ("stand_in",)),
        )
    ),
    Row("accounts:lead", post=302, allowed=KEEPS_TEAMS, objects=("team_membership",), everywhere=ADMINISTRATORS),
    *(
        Row(name, get=get, post=post, allowed=ADMINISTRATORS, objects=objects, html=html)
        for name, get, post, objects, html in (
            ("accounts:people", 200, None, (), True),
            ("accounts:search_people", None, 302, (), False),
            ("accounts:export_people", 200, None, (), False),
            ("accounts:person", 200, 200, ("somebody",), True),
            ("accounts:person_details", 200, 200, ("somebody",), True),
            ("accounts:reset_factor", 200, 302, ("somebody",), True),
            ("accounts:close_account", 200, 302, ("somebody",), True),
            ("accounts:open_account", None, 302, ("somebody",), False),
            ("accounts:sign_out_person", None, 302, ("somebody",), False),
            ("accounts:end_role", 200, 200, ("somebodys_role",), True),
            ("accounts:invitations", 200, None, (), True),
            ("accounts:new_invitation", 200, 200, (), True),
            ("accounts:resend_invitation", None, 302, ("invitation",), False),
            ("accounts:withdraw_invitation", 200, 302, ("invitation",), True),
        )
    ),
    # The person invited has no account yet; without a good link there is nothing to see.
    Row("accounts:accept_invitation", get=410, post=410, public=True, html=False),
    Row("accounts:invited", get=302, public=True, words=("forged",), html=False),
    Row("accounts:roles", get=200, allowed=who_may(Permission.ROLES_VIEW)),
    Row("accounts:export_roles", get=200, allowed=who_may(Permission.ROLES_VIEW), html=False),
    *(
        Row(name, get=200, allowed=who_may(Permission.VACANCIES_VIEW), objects=objects)
        for name, objects in (
            ("vacancies:list", ()),
            ("vacancies:page", ("vacancy",)),
            ("vacancies:posting", ("vacancy",)),
        )
    ),
    Row("vacancies:history", get=200, allowed=SEES_HISTORY & who_may(Permission.VACANCIES_VIEW), objects=("vacancy",)),
    Row("companies:history", get=200, allowed=SEES_HISTORY & who_may(Permission.VACANCIES_VIEW), objects=("employer",)),
    Row("history:user", get=200, allowed=who_may(Permission.USERS_MANAGE), objects=("account",)),
    *(
        Row(name, get=200, allowed=who_may(Permission.CLASSIFICATIONS_VIEW), objects=objects)
        for name, objects in (
            ("classifications:occupations", ()),
            ("classifications:occupation", ("occupation",)),
            ("classifications:skills", ()),
            ("classifications:skill", ("skill",)),
        )
    ),
    Row(
        "classifications:pick",
        get=200,
        allowed=who_may(Permission.CLASSIFICATIONS_VIEW),
        words=("occupation", "wish", "many"),
        html=False,
    ),
    # Single lines of lists, fetched into the page.
    Row("matching:candidate", get=200, allowed=SEES_MATCHES, objects=("vacancy", "seeker"), html=False),
    Row(
        "matching:vacancy_of_seeker",
        get=200,
        allowed=SEES_MATCHES,
        objects=("seeker", "vacancy"),
        instead=ASKED_WHY,
        html=False,
    ),
    Row("matching:how", get=200, public=True),
    Row("matching:switch", get=200, allowed=SEES_RUNS),
    Row(
        "matching:stop",
        get=200,
        post=302,
        allowed=who_may(Permission.MATCHING_STOP),
        data=lambda side: {"reason": "The lists look wrong.", "results": "hide", "confirmed": "1"},
    ),
    Row("matching:fairness", get=200, allowed=who_may(Permission.FAIRNESS_VIEW)),
    Row(
        "matching:fairness_comment",
        post=302,
        allowed=who_may(Permission.FAIRNESS_COMMENT),
        data=lambda side: {"text": "Looked at together."},
    ),
    *(
        Row("matching:fairness_export", get=200, allowed=who_may(Permission.FAIRNESS_VIEW), words=(kind,), html=False)
        for kind in ("csv", "xlsx")
    ),
    # While nothing is stopped there is nothing to lift: back to the switch.
    Row("matching:lift", get=302, post=302, allowed=who_may(Permission.MATCHING_STOP), html=False),
    Row("trust:index", get=200, allowed=who_may(Permission.TRUST_VIEW)),
    # Numbers of people stand in the auditor's addresses, whatever their area; no page shows a name unasked.
    Row("audit:log", get=200, allowed=AUDITS),
    Row("audit:find", post=302, allowed=AUDITS, data=lambda side: {"words": side.seeker.last_name}),
    Row("audit:export", get=200, post=200, allowed=AUDITS, data=lambda side: {"confirmed": "1"}),
    Row("audit:person", get=200, post=200, allowed=AUDITS, words=("1",), data=lambda side: {"words": "1/2026"}),
    Row("audit:anomalies", get=200, allowed=AUDITS),
    Row("audit:anomalies_export", post=200, allowed=AUDITS, html=False, data=lambda side: {"confirmed": "1"}),
    Row("audit:anomaly", get=200, allowed=AUDITS, objects=("anomaly",)),
    Row(
        "audit:handle",
        post=302,
        allowed=who_may(Permission.AUDIT_HANDLE),
        objects=("anomaly",),
        data=lambda side: {"to_state": "explained", "note": "asked, and it was work"},
    ),
    Row("runs:list", get=200, allowed=SEES_RUNS),
    Row("runs:page", get=200, allowed=SEES_RUNS, objects=("run",)),
    Row("runs:progress", get=200, allowed=SEES_RUNS, objects=("run",), html=False),
    Row(
        "runs:start",
        post=302,
        allowed=who_may(Permission.RUNS_START),
        data=lambda side: {"job": "matching"},
    ),
    *(
        Row(name, get=200, allowed=who_may(Permission.OUTBOX_VIEW), objects=objects, html=html)
        for name, objects, html in (
            ("outbox:list", (), True),
            ("outbox:export", (), False),
            ("outbox:page", ("message",), True),
        )
    ),
    *(
        Row(name, get=200, post=302, allowed=who_may(Permission.OUTBOX_MANAGE), objects=objects)
        for name, objects in (
            ("outbox:send_again", ("message",)),
            ("outbox:withdraw", ("message",)),
            ("outbox:confirm_sent", ("message",)),
            ("outbox:send_all_again", ()),
        )
    ),
    Row("outbox:preferences", get=200, post=302, data=lambda side: {"language": "sv"}),
    # Whoever has the link may answer, signed in or not; whoever guesses finds nothing.
    Row(
        "outbox:contact_answer",
        get=200,
        post=302,
        public=True,
        objects=("question",),
        data=lambda side: {"wish": "mail", "language": "fi"},
    ),
    *(
        Row(name, get=404, post=404, public=True, words=("x" * 54,), html=False)
        for name in ("outbox:contact_answer", "outbox:unsubscribe")
    ),
    # The demo's mailbox; there is none in production (tests/portal/outbox/test_demo.py).
    Row("outbox:mailbox", get=200, public=True),
    Row("outbox:letter", get=200, public=True, objects=("letter",)),
    # A mail, not a page: tests/browser/test_mails.py looks at it.
    Row("outbox:letter_html", get=200, public=True, objects=("letter",), html=False),
    Row("seekers:list", get=200, allowed=SERVES_SEEKERS),
    Row("seekers:search", post=302, allowed=SERVES_SEEKERS, data=lambda side: {"q": side.seeker.last_name}),
    Row("seekers:export", get=200, post=200, allowed=who_may(Permission.SEEKERS_EXPORT)),
    Row("seekers:import", get=200, post=200, allowed=who_may(Permission.SEEKERS_IMPORT)),
    Row("seekers:import_template", get=200, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    # Without a file that waits for this very person there is nothing to check: back to the choice of the file.
    Row("seekers:import_check", get=302, post=302, allowed=who_may(Permission.SEEKERS_IMPORT), html=False),
    *(
        Row(name, get=200, allowed=SERVES_SEEKERS, objects=(who,), instead=asked)
        for name in ("seekers:page", "seekers:matches", "seekers:history")
        for who, asked in (("seeker", ASKED_WHY), ("colleagues_seeker", ALL_ASKED_WHY))
    ),
    # Who has looked is for those who serve the person: others are asked for a reason, and refused even with one.
    Row("seekers:looked", get=200, allowed=SERVES_SEEKERS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:looked", get=200, objects=("hidden_seeker",), **NAMED_ALONE),
    # Who serves the person need not give a reason and goes on to the page.
    *(
        Row(
            "seekers:reason",
            get=200,
            post=302,
            objects=(who,),
            data=lambda side: {"code": "contact"},
            **others,
        )
        for who, others in (
            ("seeker", {"allowed": SERVES_SEEKERS, "instead": {Role.CASE_WORKER: 302}}),
            ("colleagues_seeker", {"allowed": SERVES_SEEKERS}),
            ("hidden_seeker", {**NAMED_ALONE, "instead": {Role.CASE_WORKER: 302}}),
        )
    ),
    *(
        Row(name, get=200, objects=("hidden_seeker",), **NAMED_ALONE)
        for name in ("seekers:page", "seekers:matches", "seekers:history")
    ),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        allowed=SERVES_SEEKERS,
        objects=("seeker",),
        instead=ASKED_WHY,
        data=lambda side: {"reason": "asked for it"},
    ),
    Row(
        "seekers:pause",
        get=200,
        post=302,
        objects=("hidden_seeker",),
        data=lambda side: {"reason": "asked for it"},
        **NAMED_ALONE,
    ),
    *(
        Row(
            name,
            get=get,
            post=302,
            objects=(who,),
            data=lambda side: {"wish": "sms", "language": "sv"},
            **others,
        )
        for name, get in (("seekers:contact", 200), ("seekers:contact_ask", None))
        for who, others in (
            ("seeker", {"allowed": SERVES_SEEKERS, "instead": ASKED_WHY}),
            ("hidden_seeker", NAMED_ALONE),
        )
    ),
    # The code itself: only by POST, for those who may, and never of somebody whom one may not see.
    Row(
        "seekers:reveal",
        post=200,
        allowed=who_may(Permission.IDENTITY_REVEAL),
        objects=("seeker",),
        instead=ASKED_WHY,
    ),
    Row(
        "seekers:reveal",
        post=200,
        objects=("hidden_seeker",),
        allowed=frozenset({Role.CASE_WORKER}),
        but=dict.fromkeys(who_may(Permission.IDENTITY_REVEAL), HIDDEN),
    ),
    Row("seekers:non_disclosures", get=200, allowed=SERVES_SEEKERS),
    # Who names a worker for somebody whom nobody sees learns nothing of the person.
    Row(
        "seekers:non_disclosure_name",
        get=200,
        post=302,
        allowed=who_may(Permission.NON_DISCLOSURE_NAME),
        objects=("unseen",),
        data=lambda side: {"worker": side.users[Role.WORK_PAIR].pk},
    ),
    Row("seekers:non_disclosure", get=200, allowed=SERVES_SEEKERS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:non_disclosure", get=200, objects=("hidden_seeker",), **NAMED_ALONE),
    Row(
        "seekers:non_disclosure_set",
        get=200,
        post=302,
        allowed=HIDES_SEEKERS,
        objects=("seeker",),
        instead=ASKED_WHY,
        data=lambda side: {**HIDING, "workers": [side.users[Role.CASE_WORKER].pk]},
    ),
    Row("seekers:non_disclosure_set", get=302, post=302, objects=("hidden_seeker",), **NAMED_AND_MAY),
    *(
        Row(name, get=200, post=302, objects=("hidden_seeker",), data=data, **NAMED_AND_MAY)
        for name, data in (
            ("seekers:non_disclosure_workers", lambda side: {"workers": [side.users[Role.CASE_WORKER].pk]}),
            ("seekers:non_disclosure_validity", lambda side: {"ground": "applied"}),
            ("seekers:non_disclosure_lift", lambda side: {"ground": "register_ended", "confirmed": "1"}),
        )
    ),
    # Requests about the own data, restriction, holds, documents of all data.
    Row("seekers:requests", get=200, allowed=RECORDS_REQUESTS),
    Row("seekers:requests_file", get=200, allowed=DECIDES_REQUESTS, html=False),
    Row("seekers:departing", get=200, allowed=RECORDS_REQUESTS),
    Row("seekers:rights", get=200, allowed=RECORDS_REQUESTS, objects=("seeker",), instead=ASKED_WHY),
    Row("seekers:rights", get=200, objects=("hidden_seeker",), **NAMED_AND_RECORDS),
    Row("seekers:rights", get=200, objects=("restricted_seeker",), **LEAD_ALONE),
    *(
        Row(name, get=200, post=302, allowed=RECORDS_REQUESTS, objects=objects, instead=ASKED_WHY, data=data)
        for name, objects, data in (
            (
                "seekers:request_new",
                ("seeker",),
                lambda side: {
                    "kind": "access",
                    "received_on": str(localdate()),
                    "sender": "person",
                    "identity": "document",
                    "wanted": "Tiedot",
                },
            ),
            ("seekers:request", ("seeker", "wanted"), lambda side: {"step": "withdraw", "note": "by telephone"}),
            (
                "seekers:hold_new",
                ("seeker",),
                lambda side: {"kind": "named_reason", "reason": "x", "review_on": str(localdate() + timedelta(days=9))},
            ),
            ("seekers:hold_release", ("seeker", "hold"), lambda side: {"reason": "over"}),
            (
                "seekers:document_new",
                ("seeker",),
                lambda side: {"identity": "document", "identity_note": "passi", "language": "fi"},
            ),
        )
    ),
    Row(
        "seekers:document",
        get=200,
        allowed=who_may(Permission.SUBJECT_EXPORT),
        objects=("seeker", "document"),
        instead=ASKED_WHY,
    ),
    *(
        Row(
            name,
            get=get,
            post=post,
            allowed=who_may(Permission.SUBJECT_EXPORT),
            objects=("seeker", "document"),
            instead=ASKED_WHY,
            html=False,
        )
        for name, get, post in (
            ("seekers:document_progress", 200, None),
            ("seekers:document_json", None, 200),
            ("seekers:document_html", None, 200),
            ("seekers:document_empty", None, 302),
        )
    ),
    Row(
        "seekers:erasure",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("leads_seeker", "erasing"),
        data=lambda side: {"told_on": str(localdate()), "sure": "1"},
    ),
    Row(
        "seekers:restriction_new",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("leads_seeker",),
        data=lambda side: {"ground": "claim", "reason": "A court case."},
    ),
    Row(
        "seekers:restriction_lift",
        get=200,
        post=302,
        allowed=DECIDES_REQUESTS,
        objects=("restricted_seeker",),
        data=lambda side: {"told_on": str(localdate()), "reason": "It was checked."},
    ),
    Row("register:fields", get=200, allowed=who_may(Permission.REGISTER_VIEW)),
    Row("register:file", get=200, allowed=who_may(Permission.REGISTER_VIEW), html=False),
    Row("register:public", get=200, public=True),
    # Retention: classes, changes of a time by two people, dry runs and proofs. No person is shown.
    *(
        Row(name, get=200, allowed=SEES_RETENTION, objects=objects, words=words)
        for name, objects, words in (
            ("retention:classes", (), ()),
            ("retention:class", (), ("run",)),
            ("retention:trial", (), ()),
            ("retention:reports", (), ()),
            ("retention:report", ("proof",), ()),
        )
    ),
    Row(
        "retention:propose",
        get=200,
        post=302,
        allowed=who_may(Permission.RETENTION_PROPOSE),
        words=("run",),
        data=lambda side: {
            "months": 9,
            "notice_days": 0,
            "valid_from": str(localdate() + timedelta(days=5)),
            "source": "The plan.",
            "reason": "The plan says so.",
        },
    ),
    # Who may not decide, or has proposed it, is told so.
    Row(
        "retention:proposal",
        get=200,
        post=302,
        allowed=SEES_RETENTION,
        objects=("proposal",),
        data=lambda side: {"decision": "approve", "reason": "The plan says so."},
    ),
    Row("retention:withdraw", post=302, allowed=who_may(Permission.RETENTION_PROPOSE), objects=("proposal",)),
    Row("seekers:resume", get=200, post=302, allowed=SERVES_SEEKERS, objects=("paused_seeker",), instead=ASKED_WHY),
    Row("seekers:resume", get=302, post=302, objects=("hidden_seeker",), **NAMED_ALONE),
)

RULES: tuple[Rule, ...] = (
    Rule(
        "admin:",
        "Django's administration guards each of its pages itself; only administrators come in",
        allowed=who_may(Permission.ADMIN_USE),
        public=frozenset({"admin:login", "admin:logout"}),
    ),
    Rule(
        "account_",
        "allauth: sign-in and one's own password and addresses",
        allowed=SIGNED_IN,
        public=frozenset(
            {
                "account_login",
                "account_logout",
                "account_inactive",
                "account_signup",
                "account_email_verification_sent",
                "account_confirm_email",
                "account_confirm_login_code",
                "account_reset_password",
                "account_reset_password_done",
                "account_reset_password_from_key",
                "account_reset_password_from_key_done",
            }
        ),
    ),
    Rule(
        "mfa_",
        "allauth: one's own second factors",
        allowed=SIGNED_IN,
        public=frozenset({"mfa_authenticate"}),
    ),
    Rule(
        "set_language",
        "Django's view: changes the language by POST, sends back otherwise",
        allowed=SIGNED_IN,
        public=frozenset({"set_language"}),
    ),
    Rule("usersessions_", "allauth: one's own sessions", allowed=SIGNED_IN),
)


def rule_for(name: str) -> Rule | None:
    """The rule of the part that an address belongs to; None for our own."""
    return next((rule for rule in RULES if name.startswith(rule.prefix)), None)


def rows_for(name: str) -> list[Row]:
    """The rows of an address of ours: one per kind of object."""
    return [row for row in ROWS if row.name == name]
