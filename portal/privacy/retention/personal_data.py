"""Personal data that retention itself keeps: who decided, whose time has passed, who asked to keep something."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each

# Numbers of objects of every rule. Most are jobseekers, and all go with their object.
_OF_OBJECT = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_WHO = PersonalField(Basis.USE_OF_PORTAL, Kept.FOR_ACCOUNTABILITY, Audience.RUN_READERS)
_MARK = PersonalField(Basis.STATUTORY_TASK, Kept.FOR_REPLAY, Audience.NOBODY)

_TIME = NotPersonal("how long a class of data is kept, and why")
_NUMBERS = NotPersonal("what a run deleted, in numbers; its keyed digest tells nobody who")
_COUNT = NotPersonal("how many people; no cell of fewer than five says anything about them")

TABLE: Table = {
    "privacy.RetentionClass": {
        **each(_WHO, "proposed_by", "approved_by"),
        **each(_TIME, "code", "ground", "months", "notice_days", "valid_from", "valid_to", "source", "provisional"),
        **each(_TIME, "reason"),
    },
    "privacy.RetentionProposal": {
        **each(_WHO, "proposed_by", "decided_by"),
        **each(_TIME, "code", "months", "notice_days", "valid_from", "source", "provisional", "reason", "state"),
        **each(_TIME, "proposed_at", "decided_at", "decision"),
    },
    "privacy.RetentionNotice": each(
        _OF_OBJECT, "rule", "object_id", "since", "noticed_on", "delete_on", "row", "responsible", "counted_on"
    ),
    "privacy.RetentionHold": {
        **each(_OF_OBJECT, "rule", "object_id", "kind", "reason", "review_on", "set_by", "set_at"),
        **each(_OF_OBJECT, "released_by", "released_at", "release_reason"),
    },
    "privacy.RetentionReport": {
        **each(_WHO, "started_by"),
        **each(_NUMBERS, "run", "for_date", "origin", "started_at", "finished_at", "failed"),
    },
    "privacy.RetentionLine": {
        **each(_NUMBERS, "report", "place", "rule", "row", "found", "noticed", "withdrawn", "waiting", "blocked"),
        **each(_NUMBERS, "counted", "deleted", "busy", "failed", "errors", "digest"),
    },
    "privacy.DepartedCount": each(_COUNT, "month", "municipality", "age_band", "sex", "people"),
    "privacy.Tombstone": each(_MARK, "rule", "mark", "deleted_on"),
}
RETENTION = (
    "portal.privacy.retention.own.TOMBSTONES",
    "portal.privacy.retention.own.NAMES_IN_PROOFS",
    "portal.privacy.retention.logs.ACCESS_LOG",
    "portal.privacy.retention.accounts.ACCOUNTS",
    "portal.privacy.retention.accounts.INVITATIONS",
    "portal.privacy.retention.accounts.NAMES",
    "portal.privacy.retention.runs.OLD_RUNS",
    "portal.privacy.retention.runs.NAMES_IN_STOPS",
)
TRACES = (
    "portal.privacy.retention.logs.REASONS",
    "portal.privacy.retention.logs.MESSAGES_TO_SEEKERS",
    "portal.privacy.retention.logs.MESSAGES_TO_ACCOUNTS",
)
