"""Personal data about jobseekers: the profile, what the night derives from it, and what comes out of matching."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each
from portal.privacy.history.tracking import History, NotTracked, Tracked

_PROFILE = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_IDENTITY = PersonalField(Basis.IDENTIFICATION, Kept.WITH_PROFILE, Audience.ON_DEMAND)
_IDENTITY_KEY = PersonalField(Basis.IDENTIFICATION, Kept.WITH_PROFILE, Audience.NOBODY)
_PROTECTION = PersonalField(Basis.PROTECTION, Kept.WITH_PROFILE, Audience.COACHES)
_SEX = PersonalField(Basis.EQUAL_TREATMENT, Kept.WITH_PROFILE, Audience.REPORT)
_PACKED = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.MATCHING)
_FROZEN = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_RUN, Audience.MATCHING)
_PAIR = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_RUN, Audience.COACHES)
# Requests about the own data: who asked for what, and how it was decided.
_RIGHTS = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_SEALED = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.ON_DEMAND)
_APPROVER = PersonalField(Basis.USE_OF_PORTAL, Kept.FOR_ACCOUNTABILITY, Audience.RUN_READERS)

_RULES = NotPersonal("the rules of matching, the same for everybody")
_WORK = NotPersonal("what a vacancy asks, packed for the engine")
_FIGURES = NotPersonal("figures of a whole run")
_GROUPS = NotPersonal("figures of groups of at least five people, and what is said of them")

_NOTED = ("known_by", "noted_on")

PEOPLE = "jobmatching.seekers.people.PEOPLE"

TABLE: Table = {
    "jobmatching.JobSeeker": {
        **each(_PROFILE, "first_name", "last_name", "birth_date", "email", "phone", "home"),
        **each(_IDENTITY, "identity_code"),
        **each(_IDENTITY_KEY, "identity_index", "source_id"),
        **each(_SEX, "sex"),
        **each(_PROTECTION, "non_disclosure"),
        **each(_PROFILE, "area", "coach", "service_language", "interpreter"),
        **each(_PROFILE, "summary", "occupations_wished", "education_level"),
        **each(_PROFILE, "languages_complete", "licences_complete", "cards_complete"),
        **each(_PROFILE, "max_travel_minutes", "own_car", "places", "ready_to_move", "remote_wanted"),
        **each(_PROFILE, "work_times_accepted", "work_times_declined", "available_from", "available_now"),
        **each(_PROFILE, "matching_paused_at", "matching_pause_kind", "matching_pause_reason", "profile_confirmed_on"),
    },
    "jobmatching.NamedWorker": each(_PROTECTION, "seeker", "user"),
    "jobmatching.NonDisclosure": each(
        _PROTECTION,
        *("seeker", "state", "ground", "note", "valid_from", "valid_to", "set_by", "set_at", "lifted_by", "lifted_at"),
        *("lift_ground", "lift_note"),
    ),
    "jobmatching.NonDisclosureChange": each(
        _PROTECTION, "non_disclosure", "kind", "at", "by", "worker", "valid_to", "note"
    ),
    "jobmatching.OccupationWish": each(_PROFILE, "seeker", "occupation", "order", *_NOTED),
    "jobmatching.WorkPeriod": each(
        _PROFILE, "seeker", "occupation", "title", "employer_name", "started_on", "ended_on", *_NOTED
    ),
    "jobmatching.SeekerSkill": each(_PROFILE, "seeker", "skill", "basis", *_NOTED),
    "jobmatching.SeekerLanguage": each(_PROFILE, "seeker", "language", "level", *_NOTED),
    "jobmatching.SeekerLicence": each(_PROFILE, "seeker", "licence", *_NOTED),
    "jobmatching.SeekerCard": each(_PROFILE, "seeker", "card", "valid_until", *_NOTED),
    "jobmatching.RegistrationSpell": each(_PROFILE, "seeker", "status", "started_on", "ended_on", "full_time_service"),
    "jobmatching.SubjectRequest": each(
        _RIGHTS,
        *("seeker", "kind", "received_on", "sender", "sender_name", "identity", "wanted", "handler", "recorded_by"),
        *("recorded_at", "due_on", "extended_on", "extension_reason", "state", "decision", "statement", "decided_by"),
        *("decided_at", "told_on"),
    ),
    "jobmatching.Restriction": each(
        _RIGHTS,
        *("seeker", "ground", "reason", "request", "since", "set_by", "lifted_at", "lifted_by", "lift_reason"),
        "told_on",
    ),
    "jobmatching.SubjectExport": {
        **each(_RIGHTS, "seeker", "request", "identity", "identity_note", "language", "made_by", "asked_at", "state"),
        **each(_RIGHTS, "ready_at", "expires_at", "downloads", "downloaded_at"),
        **each(_SEALED, "content", "size"),
        **each(NotPersonal("how far the work is"), "done", "total"),
    },
    "jobmatching.SeekerVector": each(_PACKED, "seeker", "data", "rules", "built_for", "stale_on", "dirty"),
    "jobmatching.VacancyVector": each(_WORK, "vacancy", "data", "rules", "built_for", "stale_on", "dirty"),
    "jobmatching.MatchingRules": {
        **each(_APPROVER, "approved_by", "drafted_by"),
        **each(_RULES, "based_on", "purpose"),
        **each(_RULES, "version", "state", "scheme", "classification_version", "content", "digest", "weights"),
        **each(_RULES, "requirements", "municipality_codes", "approved_at", "reason"),
    },
    "jobmatching.FairnessReport": each(_FIGURES, "run", "for_date", "rules_version", "people", "vacancies", "made_at"),
    "jobmatching.FairnessFigure": each(
        _GROUPS,
        *("report", "dimension", "group", "place", "measure", "cell", "n", "numerator", "value", "low", "high"),
        *("compared_with", "ratio", "ratio_low", "ratio_high", "to_all", "flag"),
        *("within", "within_low", "within_high", "within_flag"),
    ),
    "jobmatching.FairnessComment": {
        **each(_APPROVER, "author"),
        **each(_GROUPS, "report", "dimension", "measure", "group", "text", "written_at"),
    },
    "jobmatching.RulesStep": {
        **each(_APPROVER, "by"),
        **each(_RULES, "rules", "from_state", "to_state", "at", "reason"),
    },
    "jobmatching.RulesPreview": each(_GROUPS, "rules", "digest", "compared_with", "night", "run", "figures"),
    "jobmatching.QualityMeasurement": each(
        _RULES,
        *("kind", "version", "classification", "data_set", "data_digest", "language", "measured_at"),
        *("queries", "candidates", "figures"),
    ),
    "jobmatching.RulesNumber": each(_RULES, "year", "highest"),
    "jobmatching.RunInput": each(_FROZEN, "run", "side", "part", "rows", "data", "ids", "offsets"),
    "jobmatching.ResultKeys": each(_FROZEN, "run", "part", "data"),
    "jobmatching.ShardResult": each(_FROZEN, "run", "shard", "data", "seconds"),
    "jobmatching.MatchResult": each(_FIGURES, "run", "rules", "for_date", "current", "stored_at"),
    "jobmatching.Match": each(
        _PAIR,
        *("run_id", "vacancy_id", "seeker_id", "score", "occupation_points", "skills_points", "states", "flags"),
    ),
    "jobmatching.NearMiss": each(_PAIR, "run_id", "vacancy_id", "seeker_id", "score", "requirement"),
    "jobmatching.RequirementUnlock": each(_FIGURES, "run", "requirement", "pairs", "seekers", "vacancies"),
    "jobmatching.MatchChange": each(_PAIR, "run_id", "vacancy_id", "seeker_id", "kind", "score"),
}
EXPORTERS = tuple(
    f"jobmatching.{name}"
    for name in (
        *("seekers.own_data.PERSON", "seekers.own_data.WISHES", "seekers.own_data.OCCUPATIONS"),
        *("seekers.own_data.WORK", "seekers.own_data.SKILLS", "seekers.own_data.LANGUAGES"),
        *("seekers.own_data.LICENCES", "seekers.own_data.CARDS", "seekers.own_data.SPELLS"),
        *("seekers.own_data.NAMED_WORKERS", "seekers.own_data.PROTECTION", "seekers.own_data.PROTECTION_LOG"),
        *("nightly.own_data.MATCHES", "nightly.own_data.NEAR_MISSES", "nightly.own_data.CHANGES"),
        *("nightly.own_data.PACKED", "seekers.own_data.REQUESTS", "seekers.own_data.RESTRICTIONS"),
        *("seekers.own_data.DOCUMENTS", "seekers.own_data.KEPT", "seekers.own_data.NOTICES"),
        "seekers.own_data.HOLDS",
    )
)
RETENTION = (
    "jobmatching.seekers.retention.JOBSEEKERS",
    "jobmatching.nightly.retention.LEFT_BEHIND",
    "jobmatching.nightly.retention.RUNS",
    "jobmatching.nightly.retention.NAMES_IN_RULES",
    "jobmatching.nightly.fairness.retention.NAMES_IN_COMMENTS",
)
TRACES = ("jobmatching.nightly.retention.OF_SEEKERS", "jobmatching.nightly.retention.OF_VACANCIES")
BLOCKS = ("jobmatching.seekers.retention.COACHES",)

_DERIVED = NotTracked("made by the night from what people enter, and made again")
_SO_MUCH = "never changed, and as large as a classification: the digest stands for it"

HISTORY: History = {
    "jobmatching.JobSeeker": Tracked(
        # Both columns of a code change when another code is entered; changing keys rewrites one or the other.
        concealed={"identity_code": ("identity_code", "identity_index")},
    ),
    "jobmatching.JobSeeker_places": Tracked(owner="jobseeker", named_by=("municipality",)),
    # Not told of the worker: nobody but those who are named may know that there is such a person.
    "jobmatching.NamedWorker": Tracked(owner="seeker", named_by=("user",)),
    "jobmatching.NonDisclosure": Tracked(owner="seeker", named_by=("ground",)),
    "jobmatching.NonDisclosureChange": NotTracked("a log itself: lines are added, none is changed"),
    "jobmatching.OccupationWish": Tracked(owner="seeker", named_by=("occupation",)),
    "jobmatching.WorkPeriod": Tracked(owner="seeker", named_by=("occupation", "title", "employer_name", "started_on")),
    "jobmatching.SeekerSkill": Tracked(owner="seeker", named_by=("skill",)),
    "jobmatching.SeekerLanguage": Tracked(owner="seeker", named_by=("language",)),
    "jobmatching.SeekerLicence": Tracked(owner="seeker", named_by=("licence",)),
    "jobmatching.SeekerCard": Tracked(owner="seeker", named_by=("card",)),
    "jobmatching.RegistrationSpell": Tracked(owner="seeker", named_by=("status", "started_on")),
    "jobmatching.SubjectRequest": Tracked(owner="seeker", named_by=("kind", "received_on")),
    "jobmatching.Restriction": Tracked(owner="seeker", named_by=("ground",)),
    "jobmatching.SubjectExport": NotTracked("a document made from other data; the access log tells who took it out"),
    "jobmatching.MatchingRules": Tracked(
        named_by=("version",), left_out=dict.fromkeys(("content", "requirements", "municipality_codes"), _SO_MUCH)
    ),
    "jobmatching.FairnessReport": _DERIVED,
    "jobmatching.FairnessFigure": _DERIVED,
    "jobmatching.FairnessComment": NotTracked("a log itself: lines are added, none is changed"),
    "jobmatching.RulesStep": NotTracked("a log itself: lines are added, none is changed"),
    "jobmatching.RulesPreview": _DERIVED,
    "jobmatching.QualityMeasurement": NotTracked("a measurement: never changed"),
    "jobmatching.RulesNumber": _DERIVED,
    "jobmatching.SeekerVector": _DERIVED,
    "jobmatching.VacancyVector": _DERIVED,
    "jobmatching.RunInput": _DERIVED,
    "jobmatching.ShardResult": _DERIVED,
    "jobmatching.MatchResult": _DERIVED,
    "jobmatching.ResultKeys": _DERIVED,
    "jobmatching.Match": _DERIVED,
    "jobmatching.NearMiss": _DERIVED,
    "jobmatching.RequirementUnlock": _DERIVED,
    "jobmatching.MatchChange": _DERIVED,
}
