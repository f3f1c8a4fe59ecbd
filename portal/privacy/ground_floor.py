"""Personal data of the apps below this one: accounts, classifications, runs."""

from django.utils.translation import gettext_lazy as _

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each
from portal.privacy.history.tracking import History, NotTracked, Tracked

_ACCOUNT = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCOUNT, Audience.ADMINISTRATORS)
_NAME = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCOUNT, Audience.COLLEAGUES)
_SECRET = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCOUNT, Audience.NOBODY)
_STARTED_BY = PersonalField(Basis.USE_OF_PORTAL, Kept.FOR_ACCOUNTABILITY, Audience.RUN_READERS)

_REGISTER = NotPersonal("a public classification: places, occupations, skills, code lists")
_PROGRESS = NotPersonal("what a run did, in numbers; its errors carry no values of rows")
_MACHINE = NotPersonal("a process of the portal")

TABLE: Table = {
    "accounts.User": {
        **each(_NAME, "first_name", "last_name", "email"),
        **each(_ACCOUNT, "language", "is_staff", "is_superuser", "is_active", "date_joined", "last_login"),
        **each(_ACCOUNT, "closed_at"),
        **each(_ACCOUNT, "groups", "user_permissions"),
        **each(_SECRET, "password"),
    },
    "accounts.RoleMembership": each(_ACCOUNT, "user", "role", "area", "valid_from", "valid_to"),
    "accounts.Invitation": {
        **each(_ACCOUNT, "email", "first_name", "last_name", "language", "role", "area", "valid_from", "valid_to"),
        **each(_ACCOUNT, "invited_by", "sent_at", "expires_at", "accepted_at", "withdrawn_at", "user"),
        **each(_SECRET, "link_hash"),
    },
    "accounts.KnownDevice": {
        **each(_ACCOUNT, "user", "words", "first_seen", "last_seen"),
        **each(_SECRET, "mark_hash"),
    },
    "accounts.RolePermission": NotPersonal("what a role may do, from when to when"),
    "accounts.Team": NotPersonal("a name of a group and its employment area"),
    "accounts.TeamMembership": each(_NAME, "team", "user", "lead", "valid_from", "valid_to"),
    "accounts.WorkPair": each(_NAME, "area", "first", "second", "sector", "valid_from", "valid_to"),
    "accounts.StandIn": each(_NAME, "absent", "stand_in", "valid_from", "valid_to", "reason"),
    "runs.JobRun": {
        **each(_STARTED_BY, "started_by"),
        **each(_PROGRESS, "job", "for_date", "attempt", "state", "started_at", "finished_at", "beat_at"),
        **each(_PROGRESS, "step", "done", "total", "counts", "seconds"),
        **each(_PROGRESS, "rules_version", "input_hash", "result_hash", "error"),
    },
    "runs.JobStop": {
        **each(_STARTED_BY, "stopped_by", "lifted_by"),
        **each(_PROGRESS, "job", "since", "until", "reason", "hides_results", "lifted_at", "lift_reason"),
    },
    "runs.WorkerHeartbeat": each(_MACHINE, "worker", "at"),
    "classifications.EmploymentArea": _REGISTER,
    "classifications.Municipality": _REGISTER,
    "classifications.TravelTime": _REGISTER,
    "classifications.Release": _REGISTER,
    "classifications.OccupationGroup": _REGISTER,
    "classifications.Occupation": _REGISTER,
    "classifications.SkillGroup": _REGISTER,
    "classifications.Skill": _REGISTER,
    "classifications.SkillBroader": _REGISTER,
    "classifications.OccupationSkill": _REGISTER,
    "classifications.SkillRelation": _REGISTER,
    "classifications.SearchTerm": _REGISTER,
    "classifications.Language": _REGISTER,
    "classifications.DrivingLicence": _REGISTER,
    "classifications.Card": _REGISTER,
    "classifications.EducationLevel": _REGISTER,
    "classifications.Industry": _REGISTER,
}

_A_REGISTER = NotTracked("a public register that is imported; its releases are kept")
_OF_DJANGO = NotTracked("kept by Django for itself; nobody enters it")
_OF_SIGN_IN = NotTracked("written by sign-in; nobody enters it")

HISTORY: History = {
    "accounts.User": Tracked(
        left_out={"password": "a secret", "last_login": "written at each sign-in; nobody enters it"},
    ),
    "accounts.User_groups": Tracked(owner="user", named_by=("group",)),
    "accounts.User_user_permissions": Tracked(owner="user", named_by=("permission",)),
    "accounts.RoleMembership": Tracked(owner="user", named_by=("role", "area")),
    "accounts.Invitation": Tracked(
        also=("user",),
        left_out={
            **dict.fromkeys(("email", "first_name", "last_name"), "never changed; told by the account made from it"),
            "link_hash": "a secret",
        },
    ),
    "accounts.KnownDevice": _OF_SIGN_IN,
    "accounts.RolePermission": NotTracked("written from the code; each row tells since when and until when"),
    "accounts.Team": Tracked(),
    "accounts.TeamMembership": Tracked(owner="user", also=("team",), named_by=("team",)),
    "accounts.WorkPair": Tracked(owner="first", also=("second",), named_by=("first", "second", "sector")),
    "accounts.StandIn": Tracked(owner="absent", also=("stand_in",), named_by=("absent", "stand_in")),
    "account.EmailAddress": Tracked(owner="user", named_by=("email",)),
    "account.EmailConfirmation": _OF_SIGN_IN,
    "socialaccount.SocialAccount": Tracked(
        owner="user",
        kind=_("link to the organisation's sign-in"),
        named_by=("provider",),
        left_out={"uid": "by what the provider knows the person", "extra_data": "always empty"},
    ),
    "socialaccount.SocialApp": NotTracked("never used: the provider stands in the settings"),
    "socialaccount.SocialToken": NotTracked("never kept"),
    "mfa.Authenticator": Tracked(
        owner="user",
        kind=_("second factor"),
        named_by=("type",),
        left_out={
            "data": "its secrets",
            "created_at": "the time of the event tells it",
            "last_used_at": "written at each sign-in; nobody enters it",
        },
    ),
    "usersessions.UserSession": _OF_SIGN_IN,
    "sessions.Session": _OF_SIGN_IN,
    "auth.Group": Tracked(),
    "auth.Group_permissions": Tracked(owner="group", named_by=("permission",)),
    "auth.Permission": _OF_DJANGO,
    "admin.LogEntry": _OF_DJANGO,
    "contenttypes.ContentType": _OF_DJANGO,
    "runs.JobRun": NotTracked("what the portal's own jobs did"),
    "runs.JobStop": Tracked(),
    "runs.WorkerHeartbeat": NotTracked("a process of the portal"),
    "classifications.EmploymentArea": _A_REGISTER,
    "classifications.Municipality": _A_REGISTER,
    "classifications.TravelTime": _A_REGISTER,
    "classifications.Release": _A_REGISTER,
    "classifications.OccupationGroup": _A_REGISTER,
    "classifications.Occupation": _A_REGISTER,
    "classifications.SkillGroup": _A_REGISTER,
    "classifications.Skill": _A_REGISTER,
    "classifications.SkillBroader": _A_REGISTER,
    "classifications.OccupationSkill": _A_REGISTER,
    "classifications.SkillRelation": _A_REGISTER,
    "classifications.SearchTerm": _A_REGISTER,
    "classifications.Language": _A_REGISTER,
    "classifications.DrivingLicence": _A_REGISTER,
    "classifications.Card": _A_REGISTER,
    "classifications.EducationLevel": _A_REGISTER,
    "classifications.Industry": _A_REGISTER,
}
