"""Vacancies as the engine's columns, straight from the tables."""

from typing import Final

import numpy as np
import numpy.typing as npt

from employers.enums import Hours
from jobmatching.engine.columns import NEVER, VacancyColumns
from jobmatching.engine.criteria import MASK_BITS
from jobmatching.engine.rules import Rules
from jobmatching.nightly.codes import pointers, positions
from jobmatching.nightly.copying import read_columns
from jobmatching.nightly.places import Places
from jobmatching.nightly.requirements import FIRST_BIT, LEVELS, Kind, Layout, masks_from
from portal.classifications.enums import WorkTime
from portal.classifications.models import EducationLevel

TIME_OF_HOURS: Final[dict[str, WorkTime]] = {
    Hours.FULL_TIME.value: WorkTime.FULL_TIME,
    Hours.PART_TIME.value: WorkTime.PART_TIME,
}
"""Full-time and part-time are working times too: what the work asks and a person accepts."""


def read_vacancies(ids: list[int], rules: Rules, layout: Layout, places: Places) -> VacancyColumns:
    """Read the requirements of the given vacancies (ascending ids)."""
    posts = read_columns(
        f"""SELECT id::int4, experience_months::int4, COALESCE(education_level_id, -1)::int8, remote,
                   CASE WHEN starts_on IS NULL THEN {NEVER} ELSE starts_on - DATE '1970-01-01' END::int4
            FROM employers_vacancy WHERE id = ANY(%s) ORDER BY id""",  # noqa: S608  constants of ours
        (("id", "int4"), ("experience", "int4"), ("education", "int8"), ("remote", "bool"), ("starts", "int4")),
        [ids],
    )
    owner_ids = posts["id"].astype(np.int64)
    n = owner_ids.size
    occupations = _rows("employers_vacancy_occupations", "occupation_id::int8", (("value", "int8"),), ids)
    asked = _rows(
        "employers_vacancyskill",
        "skill_id::int8, strength = 'essential'",
        (("value", "int8"), ("essential", "bool")),
        ids,
    )
    # A skill outside the rules' classification (withdrawn since) is not asked.
    skill_at = positions(rules.taxonomy.skill_ids, asked["value"])
    keep = skill_at >= 0

    need = np.zeros((n, MASK_BITS), dtype=np.bool_)
    _languages(need, owner_ids, ids)
    _listed(need, owner_ids, ids, "employers_vacancy_licences", "drivinglicence", Kind.LICENCE)
    _listed(need, owner_ids, ids, "employers_vacancy_cards", "card", Kind.CARD)
    for pk, code in EducationLevel.objects.values_list("pk", "code").order_by("pk"):
        bit = layout.bit(Kind.EDUCATION, code)
        if bit is not None:
            need[posts["education"] == pk, bit] = True
    _work_times(need, owner_ids, ids, layout)

    where = _rows("employers_vacancy_municipalities", "municipality_id::int8", (("value", "int8"),), ids)
    # A place that the rules do not know yet is somewhere else; it is not the same as no place stated.
    inside = np.zeros((n, places.elsewhere + 1), dtype=np.bool_)
    place = places.index(where["value"])
    inside[positions(owner_ids, where["owner"]), np.where(place >= 0, place, places.elsewhere)] = True
    return VacancyColumns(
        ids=posts["id"],
        occupation_ptr=pointers(positions(owner_ids, occupations["owner"]), n),
        occupation=positions(rules.taxonomy.occupation_ids, occupations["value"]),
        skill_ptr=pointers(positions(owner_ids, asked["owner"])[keep], n),
        skill=skill_at[keep],
        skill_essential=asked["essential"][keep].astype(np.bool_),
        experience_months=posts["experience"].astype(np.uint16),
        need=masks_from(need),
        starts=posts["starts"],
        places=places.bitset(inside),
        remote=posts["remote"].astype(np.bool_),
    )


def _rows(
    table: str, select: str, columns: tuple[tuple[str, str], ...], ids: list[int]
) -> dict[str, npt.NDArray[np.int64]]:
    """Read the rows of some vacancies from a table of ours, by vacancy and row."""
    return read_columns(
        f"SELECT vacancy_id::int8, {select} FROM {table} WHERE vacancy_id = ANY(%s) ORDER BY vacancy_id, id",  # noqa: S608
        (("owner", "int8"), *columns),
        [ids],
    )


def _languages(need: npt.NDArray[np.bool_], owner_ids: npt.NDArray[np.int64], ids: list[int]) -> None:
    """One bit a language asked: that of its level. A language without a place in matching is shown, not matched."""
    rows = read_columns(
        """SELECT asked.vacancy_id::int8, language.match_slot::int4,
                  CASE level WHEN 'A1' THEN 1 WHEN 'A2' THEN 2 WHEN 'B1' THEN 3 WHEN 'B2' THEN 4
                             WHEN 'C1' THEN 5 ELSE 6 END::int4
           FROM employers_vacancylanguage asked
           JOIN classifications_language language ON language.id = asked.language_id
           WHERE asked.vacancy_id = ANY(%s) AND language.match_slot IS NOT NULL""",
        (("owner", "int8"), ("slot", "int4"), ("rank", "int4")),
        [ids],
    )
    need[positions(owner_ids, rows["owner"]), FIRST_BIT[Kind.LANGUAGE] + LEVELS * rows["slot"] + rows["rank"] - 1] = (
        True
    )


def _listed(
    need: npt.NDArray[np.bool_],
    owner_ids: npt.NDArray[np.int64],
    ids: list[int],
    table: str,
    code_list: str,
    kind: Kind,
) -> None:
    """One bit a row of a many-to-many table to a code list with places in matching."""
    rows = read_columns(
        f"""SELECT asked.vacancy_id::int8, code.match_slot::int4 FROM {table} asked
            JOIN classifications_{code_list} code ON code.id = asked.{code_list}_id
            WHERE asked.vacancy_id = ANY(%s)""",  # noqa: S608  names of ours
        (("owner", "int8"), ("slot", "int4")),
        [ids],
    )
    need[positions(owner_ids, rows["owner"]), FIRST_BIT[kind] + rows["slot"]] = True


def _work_times(need: npt.NDArray[np.bool_], owner_ids: npt.NDArray[np.int64], ids: list[int], layout: Layout) -> None:
    """One bit a working time that the work contains, full-time or part-time among them."""
    bits = layout.table(Kind.WORK_TIME)
    codes = list(bits)
    bit_of = np.array([bits[code] for code in codes], dtype=np.int64)
    rows = read_columns(
        """SELECT id::int8, (array_position(%s::varchar[], code) - 1)::int4
           FROM employers_vacancy, unnest(work_times) code WHERE id = ANY(%s) AND code = ANY(%s::varchar[])""",
        (("owner", "int8"), ("code", "int4")),
        [codes, ids, codes],
    )
    need[positions(owner_ids, rows["owner"]), bit_of[rows["code"]]] = True
    for hours, time in TIME_OF_HOURS.items():
        rows = read_columns(
            "SELECT id::int8 FROM employers_vacancy WHERE id = ANY(%s) AND hours = %s",
            (("owner", "int8"),),
            [ids, hours],
        )
        need[positions(owner_ids, rows["owner"]), bits[time]] = True
