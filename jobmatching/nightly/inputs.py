"""What matching reads of a jobseeker, and what it never reads: the public page says it, tests hold the code to it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobmatching.engine.criteria import Criterion


@dataclass(frozen=True)
class Input:
    """What one criterion compares: of the vacancy, and of the jobseeker (with the names of the fields and lists)."""

    criterion: Criterion
    of_vacancy: Promise
    of_seeker: Promise
    fields: frozenset[str]


@dataclass(frozen=True)
class Excluded:
    """Something that has no influence on a match, and the fields of a jobseeker in which it would stand."""

    label: Promise
    fields: frozenset[str] = frozenset()


INPUTS: Final = (
    Input(
        Criterion.OCCUPATION,
        _("the occupations of the work"),
        _("occupations wished, and those worked in"),
        frozenset({"wishes", "work_history", "occupations_wished"}),
    ),
    Input(
        Criterion.SKILLS,
        _("skills that are essential, and those that are an advantage"),
        _("skills by own word and confirmed, and those that the work done implies"),
        frozenset({"skills_held", "work_history", "wishes"}),
    ),
    Input(
        Criterion.EXPERIENCE,
        _("months of experience asked"),
        _("how long and how lately the work was done"),
        frozenset({"work_history"}),
    ),
    Input(
        Criterion.TRAVEL,
        _("municipalities of the work, or remote work"),
        _("home municipality and longest way to work, places wished, readiness to move"),
        frozenset({"home", "max_travel_minutes", "places", "ready_to_move"}),
    ),
    Input(
        Criterion.WORKING_TIME,
        _("working times, and the day on which the work starts"),
        _("working times that suit and do not suit, and when the person can start"),
        frozenset({"work_times_accepted", "work_times_declined", "available_from", "available_now"}),
    ),
    Input(
        Criterion.LANGUAGES,
        _("languages with the level asked"),
        _("languages with their levels"),
        frozenset({"languages_held", "languages_complete"}),
    ),
    Input(
        Criterion.PERMITS,
        _("driving licences, permits and cards, level of education"),
        _("driving licences, permits and cards that are valid, level of education"),
        frozenset({"licences_held", "licences_complete", "cards_held", "cards_complete", "education_level"}),
    ),
)
"""The seven criteria in their order."""

EXCLUDED: Final = (
    Excluded(_("age"), frozenset({"birth_date"})),
    Excluded(_("sex"), frozenset({"sex"})),
    Excluded(_("nationality and mother tongue")),
    Excluded(
        _("name, identity code and contact details"),
        frozenset({"first_name", "last_name", "identity_code", "identity_index", "email", "phone"}),
    ),
    Excluded(_("language of service and the need of an interpreter"), frozenset({"service_language", "interpreter"})),
    Excluded(_("benefits, sanctions and how long the search has lasted")),
    Excluded(_("health and functional capacity")),
    Excluded(_("membership of a target group")),
    Excluded(_("own car and wishes for remote work"), frozenset({"own_car", "remote_wanted"})),
    Excluded(_("the text that the jobseeker has written"), frozenset({"summary"})),
    Excluded(_("who the personal coach is"), frozenset({"coach"})),
)
"""What has no influence. Each field named here can change without a bit of the match vector changing."""

ADMISSION: Final = frozenset(
    {"area", "matching_paused_at", "non_disclosure", "non_disclosures", "restrictions", "spells"}
)
"""Decide only whether somebody is matched at all: an open search, no pause, no non-disclosure, no restriction of the
processing, no full-time service."""

KEEPING: Final = frozenset(
    {
        *("id", "source_id", "matching_pause_kind", "matching_pause_reason", "profile_confirmed_on"),
        *("created_at", "updated_at", "named_workers", "requests", "data_exports"),
    }
)
"""Fields of the register's own keeping."""
