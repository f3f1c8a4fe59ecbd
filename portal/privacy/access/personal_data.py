"""Personal data of the access log: who looked at whom is data about both."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each

_LOGGED = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCESS_LOG, Audience.AUDITORS)
_DIGEST = NotPersonal("digests and ranges of rows: nothing can be read from them")
_LIMIT = NotPersonal("from which number on something is pointed out, the same for everybody")

TABLE: Table = {
    "privacy.AccessLogEntry": each(
        _LOGGED,
        *("at", "user_id", "actor", "roles", "action", "subjects", "purpose", "view", "words_hashes", "about"),
        "request_id",
    ),
    "privacy.AccessLogSeal": each(
        _DIGEST,
        *("month", "from_id", "to_id", "count", "rows_sha256", "sha256", "form", "key", "sealed_at", "dropped_at"),
    ),
    "privacy.AccessReason": each(_LOGGED, "user_id", "subject", "code", "words", "at", "valid_until"),
    "privacy.AccessThreshold": each(_LIMIT, "code", "value", "why", "valid_from", "valid_to"),
    "privacy.AccessAnomaly": each(
        _LOGGED,
        *("kind", "user_id", "day", "count", "usual", "threshold", "subjects", "first_at", "last_at"),
        *("found_at", "state"),
    ),
    "privacy.AnomalyHandling": each(_LOGGED, "anomaly", "from_state", "to_state", "note", "by_id", "at"),
}
EXPORTERS = (
    "portal.privacy.subject.of_logs.LOOKS",
    "portal.privacy.subject.of_logs.REFUSED",
    "portal.privacy.subject.of_logs.REASONS",
)
NOT_EXPORTED = {
    "privacy.AccessAnomaly": "questions of an internal inquiry about the person who looked, not about the jobseeker",
    "privacy.AnomalyHandling": "an internal inquiry about the person who looked, not about the jobseeker",
    "privacy.AccessLogEntry.view": "the technical name of a page; the action and the purpose tell what was done",
    "privacy.AccessLogEntry.words_hashes": "keyed hashes that tell nothing",
    "privacy.AccessLogEntry.about": "number of another object, or of a reason that is told by itself",
    "privacy.AccessLogEntry.request_id": "a random number of the request",
}
