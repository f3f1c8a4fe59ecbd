"""Jobseekers' profiles as the engine's columns, straight from the tables: one COPY a table, no object a person.

Only what the engine may know is read here. Age, sex, mother tongue, benefits, non-disclosure and the like are in no
SELECT of this module.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jobmatching.engine.columns import ALWAYS, NEVER, SeekerColumns
from jobmatching.engine.criteria import MASK_BITS
from jobmatching.engine.rules import Rules
from jobmatching.nightly.codes import pointers, positions
from jobmatching.nightly.copying import read_columns
from jobmatching.nightly.places import UNREACHABLE, Places
from jobmatching.nightly.requirements import FIRST_BIT, LEVELS, Kind, Layout, masks_from
from portal.classifications.models import EducationLevel

EPOCH: Final = date(1970, 1, 1)
_NO_LIMIT: Final = -1
_DAYS_A_MONTH: Final = 30.4375


@dataclass(frozen=True)
class SeekerRows:
    """Columns of some jobseekers, and the day on which time alone changes them (NEVER: it does not)."""

    columns: SeekerColumns
    changes_on: npt.NDArray[np.int32]
    """[n] first day on which a card that is valid now no longer is, or on which the person becomes free to start."""


def months_between(started_on: date, ended_on: date | None) -> int:
    """Whole months of work that has ended, rounded, as the SELECT below counts them; 0 for work that goes on."""
    return min(65_535, round(((ended_on or started_on) - started_on).days / _DAYS_A_MONTH))


def read_seekers(ids: list[int], rules: Rules, layout: Layout, places: Places, as_of: date) -> SeekerRows:
    """Read the profiles of the given jobseekers (ascending ids) as of a day."""
    day = (as_of - EPOCH).days
    persons = read_columns(
        f"""SELECT id::int4, COALESCE(home_id, -1)::int8, COALESCE(max_travel_minutes, {_NO_LIMIT})::int4,
                   COALESCE(education_level_id, -1)::int8, languages_complete, licences_complete, cards_complete,
                   ready_to_move, available_now OR available_from IS NOT NULL,
                   CASE WHEN available_from IS NULL THEN {ALWAYS} ELSE available_from - DATE '1970-01-01' END::int4
            FROM jobmatching_jobseeker WHERE id = ANY(%s) ORDER BY id""",  # noqa: S608  constants of ours
        (
            ("id", "int4"), ("home", "int8"), ("limit", "int4"), ("education", "int8"), ("languages_complete", "bool"),
            ("licences_complete", "bool"), ("cards_complete", "bool"), ("ready_to_move", "bool"),
            ("available_known", "bool"), ("available_from", "int4"),
        ),
        [ids],
    )  # fmt: skip
    owner_ids = persons["id"].astype(np.int64)
    n = owner_ids.size
    occupations, skills = rules.taxonomy.occupation_ids, rules.taxonomy.skill_ids

    wishes = _rows(
        "jobmatching_occupationwish", "occupation_id::int8", (("occupation", "int8"),), ids, 'seeker_id, "order", id'
    )
    work = _rows(
        "jobmatching_workperiod",
        f"""COALESCE(occupation_id, -1)::int8, started_on - DATE '1970-01-01',
            LEAST(65535, GREATEST(0, ROUND((COALESCE(ended_on, started_on) - started_on) / {_DAYS_A_MONTH})))::int4,
            CASE WHEN ended_on IS NULL THEN {NEVER} ELSE ended_on - DATE '1970-01-01' END::int4""",
        (("occupation", "int8"), ("started", "int4"), ("months", "int4"), ("ended", "int4")),
        ids,
        "seeker_id, started_on, id",
    )
    held = _rows(
        "jobmatching_seekerskill",
        "skill_id::int8, (basis = 'own_word')::int4",
        (("skill", "int8"), ("basis", "int4")),
        ids,
        "seeker_id, skill_id",
    )
    # A skill outside the rules' classification (withdrawn since) does not count.
    skill_at = positions(skills, held["skill"])
    keep = skill_at >= 0
    skill_owner = positions(owner_ids, held["owner"])[keep]

    has = np.zeros((n, MASK_BITS), dtype=np.bool_)
    unknown = np.zeros((n, MASK_BITS), dtype=np.bool_)
    _languages(has, unknown, persons["languages_complete"], owner_ids, ids, layout)
    _licences(has, unknown, persons["licences_complete"], owner_ids, ids, layout)
    expires = _cards(has, unknown, persons["cards_complete"], owner_ids, ids, layout, day)
    _education(has, unknown, persons["education"], layout)
    _work_times(has, unknown, owner_ids, ids, layout)
    # Who is free by now is free at once: a start of work that has passed is missed by nobody.
    free_from = persons["available_from"]
    free_later = free_from > day
    reach, wide = _reach(persons, owner_ids, ids, places, rules.weights.travel_margin_minutes)

    columns = SeekerColumns(
        ids=persons["id"],
        wish_ptr=pointers(positions(owner_ids, wishes["owner"]), n),
        wish_occupation=positions(occupations, wishes["occupation"]),
        work_ptr=pointers(positions(owner_ids, work["owner"]), n),
        work_occupation=positions(occupations, work["occupation"]),
        work_months=work["months"].astype(np.uint16),
        work_started=work["started"],
        work_ended=work["ended"],
        skill_ptr=pointers(skill_owner, n),
        skill=skill_at[keep],
        skill_basis=held["basis"][keep].astype(np.uint8),
        has=masks_from(has),
        unknown=masks_from(unknown & ~has),
        available_from=np.where(free_later, free_from, ALWAYS),
        available_unknown=~persons["available_known"],
        reach=places.bitset(reach),
        reach_wide=places.bitset(wide),
        home=places.index(persons["home"]).astype(np.int16),
    )
    return SeekerRows(columns, np.where(free_later, np.minimum(expires, free_from), expires).astype(np.int32))


def _rows(
    table: str, select: str, columns: tuple[tuple[str, str], ...], ids: list[int], order: str, owner: str = "seeker_id"
) -> dict[str, npt.NDArray[Any]]:
    """Read the rows of some owners from a table of ours, in order."""
    return read_columns(
        f"SELECT {owner}::int8, {select} FROM {table} WHERE {owner} = ANY(%s) ORDER BY {order}",  # noqa: S608  names of ours
        (("owner", "int8"), *columns),
        [ids],
    )


def _languages(
    has: npt.NDArray[np.bool_],
    unknown: npt.NDArray[np.bool_],
    complete: npt.NDArray[np.bool_],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    layout: Layout,
) -> None:
    """A language told: its level and the lower ones are met, the higher ones missing.

    Not told: unknown, or missing when all were asked.
    """
    first_bits = sorted(layout.table(Kind.LANGUAGE).values())
    for first in first_bits:
        unknown[:, first : first + LEVELS] = ~complete[:, None]
    rows = read_columns(
        """SELECT held.seeker_id::int8, language.match_slot::int4,
                  CASE level WHEN '' THEN 0 WHEN 'A1' THEN 1 WHEN 'A2' THEN 2 WHEN 'B1' THEN 3 WHEN 'B2' THEN 4
                             WHEN 'C1' THEN 5 ELSE 6 END::int4
           FROM jobmatching_seekerlanguage held
           JOIN classifications_language language ON language.id = held.language_id
           WHERE held.seeker_id = ANY(%s) AND language.match_slot IS NOT NULL""",
        (("owner", "int8"), ("slot", "int4"), ("rank", "int4")),
        [ids],
    )
    owner = positions(owner_ids, rows["owner"])
    for step in range(LEVELS):
        bit = LEVELS * rows["slot"] + step
        has[owner, bit] = rows["rank"] > step
        unknown[owner, bit] = False


def _licences(
    has: npt.NDArray[np.bool_],
    unknown: npt.NDArray[np.bool_],
    complete: npt.NDArray[np.bool_],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    layout: Layout,
) -> None:
    """A class gives what it includes; the others are unknown, or missing when all were asked."""
    bits = layout.table(Kind.LICENCE)
    for bit in bits.values():
        unknown[:, bit] = ~complete
    rows = read_columns(
        """SELECT held.seeker_id::int8, licence.match_slot::int4 FROM jobmatching_seekerlicence held
           JOIN classifications_drivinglicence licence ON licence.id = held.licence_id
           WHERE held.seeker_id = ANY(%s)""",
        (("owner", "int8"), ("slot", "int4")),
        [ids],
    )
    owner = positions(owner_ids, rows["owner"])
    for code, included in layout.licence_includes.items():
        holders = owner[rows["slot"] + FIRST_BIT[Kind.LICENCE] == bits[code]]
        for other in included & bits.keys():
            has[holders, bits[other]] = True


def _cards(
    has: npt.NDArray[np.bool_],
    unknown: npt.NDArray[np.bool_],
    complete: npt.NDArray[np.bool_],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    layout: Layout,
    day: int,
) -> npt.NDArray[np.int32]:
    """A valid card is met, an expired one known to be missing; returns the first day on which a valid one expires."""
    bits = layout.table(Kind.CARD)
    for bit in bits.values():
        unknown[:, bit] = ~complete
    rows = read_columns(
        f"""SELECT held.seeker_id::int8, card.match_slot::int4,
                   CASE WHEN valid_until IS NULL THEN {NEVER} ELSE valid_until - DATE '1970-01-01' END::int4
            FROM jobmatching_seekercard held JOIN classifications_card card ON card.id = held.card_id
            WHERE held.seeker_id = ANY(%s)""",  # noqa: S608  constants of ours
        (("owner", "int8"), ("slot", "int4"), ("until", "int4")),
        [ids],
    )
    owner = positions(owner_ids, rows["owner"])
    bit_of_row = rows["slot"] + FIRST_BIT[Kind.CARD]
    valid = rows["until"] >= day
    has[owner[valid], bit_of_row[valid]] = True
    unknown[owner, bit_of_row] = False
    expires = np.full(owner_ids.size, NEVER, dtype=np.int64)
    np.minimum.at(expires, owner[valid], rows["until"][valid].astype(np.int64) + 1)
    return np.minimum(expires, NEVER).astype(np.int32)


def _education(
    has: npt.NDArray[np.bool_], unknown: npt.NDArray[np.bool_], level_ids: npt.NDArray[np.int64], layout: Layout
) -> None:
    """The level and all that it includes is met, the rest missing; no level told: unknown."""
    bits = layout.table(Kind.EDUCATION)
    for bit in bits.values():
        unknown[:, bit] = level_ids < 0
    for pk, code in EducationLevel.objects.values_list("pk", "code").order_by("pk"):
        holders = np.flatnonzero(level_ids == pk)
        for included in layout.education_includes.get(code, frozenset()):
            has[holders, bits[included]] = True


def _work_times(
    has: npt.NDArray[np.bool_],
    unknown: npt.NDArray[np.bool_],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    layout: Layout,
) -> None:
    """A time that suits is met, one that does not is missing, one not talked about is unknown."""
    bits = layout.table(Kind.WORK_TIME)
    codes = list(bits)
    for bit in bits.values():
        unknown[:, bit] = True
    for array, suits in (("work_times_accepted", True), ("work_times_declined", False)):
        rows = read_columns(
            f"""SELECT id::int8, (array_position(%s::varchar[], code) - 1)::int4
                FROM jobmatching_jobseeker, unnest({array}) code
                WHERE id = ANY(%s) AND code = ANY(%s::varchar[])""",  # noqa: S608  column names of ours
            (("owner", "int8"), ("code", "int4")),
            [codes, ids, codes],
        )
        owner = positions(owner_ids, rows["owner"])
        bit = np.array([bits[code] for code in codes], dtype=np.int64)[rows["code"]]
        has[owner, bit] = suits
        unknown[owner, bit] = False


def _reach(
    persons: dict[str, npt.NDArray[np.int64]],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    places: Places,
    margin: int,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Municipalities where each can work, and with the margin on top [n, municipalities and elsewhere].

    Listed places count alone; otherwise the way from home within the limit, home itself always, and wherever no travel
    time is known: that excludes nobody. Ready to move: all. No place, home or limit known: no bit at all, which the
    engine reads as unknown.
    """
    n, m = owner_ids.size, places.elsewhere + 1
    if m == 1:
        nowhere = np.zeros((n, m), dtype=np.bool_)
        return nowhere, nowhere
    home = places.index(persons["home"])
    limit = persons["limit"]
    by_limit = (home >= 0) & (limit >= 0)
    minutes = np.full((n, m), UNREACHABLE, dtype=np.int32)
    minutes[:, :-1] = places.minutes[np.maximum(home, 0)]
    unknown_way = minutes == UNREACHABLE
    near = ((minutes <= limit[:, None]) | unknown_way) & by_limit[:, None]
    wide = ((minutes <= (limit + margin)[:, None]) | unknown_way) & by_limit[:, None]
    at_home = np.flatnonzero(by_limit)
    near[at_home, home[at_home]] = True

    listed = _rows(
        "jobmatching_jobseeker_places",
        "municipality_id::int8",
        (("place", "int8"),),
        ids,
        "jobseeker_id",
        "jobseeker_id",
    )
    owner, place = positions(owner_ids, listed["owner"]), places.index(listed["place"])
    lists = np.zeros((n, m), dtype=np.bool_)
    lists[owner, np.where(place >= 0, place, places.elsewhere)] = True
    has_list = np.zeros(n, dtype=np.bool_)
    has_list[owner] = True
    strict = np.where(has_list[:, None], lists, near)
    strict[persons["ready_to_move"].astype(np.bool_)] = True
    return strict, strict | wide
