"""Personal data of the history, and which tables of this floor and of the outbox have one.

What an event repeats is classified as the field that it repeats (`classes`). First among PRIVACY_SOURCES: what goes
with an object goes in reverse order, and the history of all that went before goes last.
"""

from functools import partial
from typing import Final

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each
from portal.privacy.history.forgetting import forget_all
from portal.privacy.history.tracking import History, NotTracked, Tracked
from portal.privacy.retention.rules import Trace

# Most events are about jobseekers. All go with whatever they are about.
_REPEATED = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_HOW = NotPersonal("which kind of row, when, by which part of the portal: it tells about a person only with the rest")

TABLE: Table = {
    "privacy.HistoryEvent": {
        **each(_REPEATED, "object_id", "owner_id", "also", "before", "after", "called", "reason"),
        **each(_REPEATED, "actor", "request_id"),
        **each(_HOW, "at", "transaction", "operation", "model", "owner_model", "source", "name"),
    },
}

_A_LOG = NotTracked("a log: each row tells itself who, when and why")
_OF_A_RUN = NotTracked("written by runs of the portal; nobody enters it")
_SENT = NotTracked("what was sent, and what became of it: each step is a row of its own")

HISTORY: History = {
    "privacy.HistoryEvent": NotTracked("the history itself"),
    "privacy.AccessLogEntry": _A_LOG,
    "privacy.AccessLogSeal": _A_LOG,
    "privacy.AccessReason": _A_LOG,
    "privacy.AccessThreshold": Tracked(named_by=("code",)),
    "privacy.AccessAnomaly": NotTracked("found by the portal; what people make of it is a row of its own"),
    "privacy.AnomalyHandling": _A_LOG,
    "privacy.RetentionClass": Tracked(named_by=("code",)),
    "privacy.RetentionProposal": Tracked(named_by=("code",)),
    "privacy.RetentionHold": NotTracked("each row tells itself who set and released it, when and why"),
    "privacy.RetentionNotice": _OF_A_RUN,
    "privacy.RetentionReport": _OF_A_RUN,
    "privacy.RetentionLine": _OF_A_RUN,
    "privacy.DepartedCount": _OF_A_RUN,
    "privacy.Tombstone": _OF_A_RUN,
    "outbox.Message": _SENT,
    "outbox.Attempt": _SENT,
    "outbox.MessageTransition": _SENT,
    "outbox.Link": _SENT,
    "outbox.DemoLetter": _SENT,
    "outbox.SilencedKind": Tracked(owner="user", named_by=("kind",)),
    "outbox.ContactWish": Tracked(owner="subject_id", owned_by="jobmatching.JobSeeker"),
}

_COVERS: Final = frozenset({"privacy.HistoryEvent"})

# Rule of retention -> the kind of object that it deletes. An account is emptied first; its name goes years later.
OF_SEEKERS: Final = Trace("jobseekers", partial(forget_all, "jobmatching.JobSeeker"), _COVERS)
OF_VACANCIES: Final = Trace("vacancies", partial(forget_all, "employers.Vacancy"), _COVERS)
OF_EMPLOYERS: Final = Trace("employers", partial(forget_all, "employers.Employer"), _COVERS)
OF_ACCOUNTS: Final = Trace("accounts", partial(forget_all, "accounts.User", emptied=True), _COVERS)
OF_NAMES: Final = Trace("names", partial(forget_all, "accounts.User"), _COVERS)

GOES_WITH_OWNER: Final = frozenset(
    {"jobmatching.jobseeker", "employers.vacancy", "employers.employer", "accounts.user"}
)
"""Kinds of owners (labels in lower case) with whom their history goes."""

RETENTION = ("portal.privacy.history.retention.OF_THINGS",)
TRACES = tuple(
    f"portal.privacy.history.personal_data.{name}"
    for name in ("OF_SEEKERS", "OF_VACANCIES", "OF_EMPLOYERS", "OF_ACCOUNTS", "OF_NAMES")
)
EXPORTERS = ("portal.privacy.subject.of_logs.HISTORY",)
NOT_EXPORTED = {"privacy.HistoryEvent.request_id": "a random number of the request"}
