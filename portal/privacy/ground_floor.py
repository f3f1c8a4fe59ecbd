"""Personal data of the apps below this one: accounts, classifications, runs."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each

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
        **each(_ACCOUNT, "groups", "user_permissions"),
        **each(_SECRET, "password"),
    },
    "accounts.RoleMembership": each(_ACCOUNT, "user", "role", "area", "valid_from", "valid_to"),
    "runs.JobRun": {
        **each(_STARTED_BY, "started_by"),
        **each(_PROGRESS, "job", "for_date", "attempt", "state", "started_at", "finished_at", "beat_at"),
        **each(_PROGRESS, "step", "done", "total", "counts", "seconds"),
        **each(_PROGRESS, "rules_version", "input_hash", "result_hash", "error"),
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
