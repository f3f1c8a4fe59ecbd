"""Personal data about jobseekers: the profile, what the night derives from it, and what comes out of matching."""

from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each

_PROFILE = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_IDENTITY = PersonalField(Basis.IDENTIFICATION, Kept.WITH_PROFILE, Audience.ON_DEMAND)
_IDENTITY_KEY = PersonalField(Basis.IDENTIFICATION, Kept.WITH_PROFILE, Audience.NOBODY)
_PROTECTION = PersonalField(Basis.PROTECTION, Kept.WITH_PROFILE, Audience.COACHES)
_SEX = PersonalField(Basis.EQUAL_TREATMENT, Kept.WITH_PROFILE, Audience.REPORT)
_PACKED = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.MATCHING)
_FROZEN = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_RUN, Audience.MATCHING)
_PAIR = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_RUN, Audience.COACHES)
_APPROVER = PersonalField(Basis.USE_OF_PORTAL, Kept.FOR_ACCOUNTABILITY, Audience.RUN_READERS)

_RULES = NotPersonal("the rules of matching, the same for everybody")
_WORK = NotPersonal("what a vacancy asks, packed for the engine")
_FIGURES = NotPersonal("figures of a whole run")

_NOTED = ("known_by", "noted_on")

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
        **each(_PROFILE, "matching_paused_at", "matching_pause_reason", "profile_confirmed_on"),
    },
    "jobmatching.NamedWorker": each(_PROTECTION, "seeker", "user"),
    "jobmatching.OccupationWish": each(_PROFILE, "seeker", "occupation", "order", *_NOTED),
    "jobmatching.WorkPeriod": each(
        _PROFILE, "seeker", "occupation", "title", "employer_name", "started_on", "ended_on", *_NOTED
    ),
    "jobmatching.SeekerSkill": each(_PROFILE, "seeker", "skill", "basis", *_NOTED),
    "jobmatching.SeekerLanguage": each(_PROFILE, "seeker", "language", "level", *_NOTED),
    "jobmatching.SeekerLicence": each(_PROFILE, "seeker", "licence", *_NOTED),
    "jobmatching.SeekerCard": each(_PROFILE, "seeker", "card", "valid_until", *_NOTED),
    "jobmatching.RegistrationSpell": each(_PROFILE, "seeker", "status", "started_on", "ended_on", "full_time_service"),
    "jobmatching.SeekerVector": each(_PACKED, "seeker", "data", "rules", "built_for", "stale_on", "dirty"),
    "jobmatching.VacancyVector": each(_WORK, "vacancy", "data", "rules", "built_for", "stale_on", "dirty"),
    "jobmatching.MatchingRules": {
        **each(_APPROVER, "approved_by"),
        **each(_RULES, "version", "state", "scheme", "classification_version", "content", "digest", "weights"),
        **each(_RULES, "requirements", "municipality_codes", "approved_at", "reason"),
    },
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
