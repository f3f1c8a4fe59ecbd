"""The people of a run, put into groups from the register; nothing of this is read by matching.

Nobody is in it who has come under non-disclosure, or whose processing has been restricted, since the run.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.copying import read_columns
from jobmatching.nightly.enums import Side
from jobmatching.nightly.fairness.enums import GROUPED, UNKNOWN, Dimension
from jobmatching.seekers.enums import Sex
from jobmatching.seekers.models import JobSeeker
from portal.classifications.models import Language, Municipality

AGE_BANDS: Final = ("0-24", "25-29", "30-39", "40-49", "50-54", "55-59", "60-")
"""First and last age of each band. Under 25s, under 30s and over 54s, of whom national figures are made, are whole
bands."""
TONGUES: Final = ("fi", "sv", "sami", "other")
"""Mother tongue as known: Finnish alone, Swedish alone, a Sámi language, any other or several."""
SAMI: Final = frozenset({"se", "smn", "sms"})
NO_OCCUPATION: Final = -1


@dataclass(frozen=True)
class Grouping:
    """The groups of one dimension, and in which of them each of n people is."""

    groups: tuple[str, ...]
    """Codes, in the order in which they are shown; the last one is UNKNOWN."""
    of: npt.NDArray[np.int64]
    """[n] index of the person's group."""


@dataclass(frozen=True)
class People:
    """n people of a run, ascending ids."""

    ids: npt.NDArray[np.int64]
    groupings: dict[Dimension, Grouping]
    occupation: npt.NDArray[np.int64]
    """[n] two-digit occupation group of the first wish, or else of the latest work; NO_OCCUPATION where neither is
    coded."""

    @classmethod
    def of_run(cls, run_id: int, day: date) -> "People":
        """The people whose rows the run froze, as the register has them now; ages as of the day."""
        seekers, params = (
            JobSeeker.objects.filter(non_disclosure=False)
            .unrestricted()
            .values_list("id", "birth_date", "sex", "home_id", "service_language_id")
            .order_by()
            .query.sql_with_params()
        )
        rows = read_columns(
            _PEOPLE.format(seekers=seekers),
            (
                ("id", "int8"), ("age", "int4"), ("sex", "int4"), ("home", "int8"), ("service", "int8"),
                ("tongue", "int8"), ("tongues", "int4"), ("occupation", "int4"),
            ),
            [day, Sex.FEMALE.value, Sex.MALE.value, run_id, Side.SEEKERS.value, *params],
        )  # fmt: skip
        languages = dict(Language.objects.values_list("pk", "code").order_by("order", "pk"))
        homes = dict(Municipality.objects.values_list("pk", "code").order_by("code"))
        groupings = {
            Dimension.AGE: _by_age(rows["age"]),
            Dimension.SEX: Grouping((Sex.FEMALE.value, Sex.MALE.value, UNKNOWN), rows["sex"].astype(np.int64)),
            Dimension.MOTHER_TONGUE: _by_tongue(rows["tongue"], rows["tongues"], languages),
            Dimension.SERVICE_LANGUAGE: _by_code(rows["service"], languages),
            Dimension.MUNICIPALITY: _by_code(rows["home"], homes),
        }
        return cls(rows["id"], {one: groupings[one] for one in GROUPED}, rows["occupation"].astype(np.int64))


_PEOPLE: Final = """
    WITH matched AS (
        SELECT seeker.*, COALESCE(EXTRACT(year FROM age(%s, seeker.birth_date))::int4, -1) AS age,
               CASE seeker.sex WHEN %s THEN 0 WHEN %s THEN 1 ELSE 2 END AS sex_code
        FROM (SELECT unnest(ids) AS id FROM jobmatching_runinput WHERE run_id = %s AND side = %s) frozen
        JOIN ({seekers}) seeker (id, birth_date, sex, home_id, service_language_id) ON seeker.id = frozen.id
    ), tongue AS (
        SELECT seeker_id, min(language_id) AS language_id, count(*)::int4 AS languages
        FROM jobmatching_seekerlanguage WHERE level = 'L1' GROUP BY seeker_id
    ), wish AS (
        SELECT DISTINCT ON (seeker_id) seeker_id, occupation_id
        FROM jobmatching_occupationwish ORDER BY seeker_id, "order", id
    ), work AS (
        SELECT DISTINCT ON (seeker_id) seeker_id, occupation_id
        FROM jobmatching_workperiod WHERE occupation_id IS NOT NULL
        ORDER BY seeker_id, ended_on DESC NULLS FIRST, started_on DESC, id
    )
    SELECT matched.id::int8, matched.age, matched.sex_code, COALESCE(matched.home_id, -1)::int8,
           COALESCE(matched.service_language_id, -1)::int8, COALESCE(tongue.language_id, -1)::int8,
           COALESCE(tongue.languages, 0),
           CASE WHEN occupation.isco ~ '^[0-9]{{2}}' THEN left(occupation.isco, 2)::int4 ELSE -1 END
    FROM matched
    LEFT JOIN tongue ON tongue.seeker_id = matched.id
    LEFT JOIN wish ON wish.seeker_id = matched.id
    LEFT JOIN work ON work.seeker_id = matched.id
    LEFT JOIN classifications_occupation occupation ON occupation.id = COALESCE(wish.occupation_id, work.occupation_id)
    ORDER BY matched.id"""


def _by_age(age: npt.NDArray[np.int32]) -> Grouping:
    starts = np.array([int(band.split("-")[0]) for band in AGE_BANDS])
    band = np.searchsorted(starts, age, side="right") - 1
    return Grouping((*AGE_BANDS, UNKNOWN), np.where(age < 0, len(AGE_BANDS), band))


def _by_tongue(language: npt.NDArray[np.int64], count: npt.NDArray[np.int32], codes: dict[int, str]) -> Grouping:
    place = {
        pk: TONGUES.index("sami" if code in SAMI else code if code in TONGUES else "other")
        for pk, code in codes.items()
    }
    named = np.array([place.get(pk, TONGUES.index("other")) for pk in language.tolist()], dtype=np.int64)
    tongue = np.where(count > 1, TONGUES.index("other"), named)
    return Grouping((*TONGUES, UNKNOWN), np.where(count == 0, len(TONGUES), tongue))


def _by_code(value: npt.NDArray[np.int64], codes: dict[int, str]) -> Grouping:
    """Groups of rows of a register, those that somebody is in, in the order of the register."""
    there = set(np.unique(value).tolist())
    groups = [pk for pk in codes if pk in there]
    place = {pk: index for index, pk in enumerate(groups)}
    of = np.array([place.get(pk, len(groups)) for pk in value.tolist()], dtype=np.int64)
    return Grouping((*(codes[pk] for pk in groups), UNKNOWN), of)
