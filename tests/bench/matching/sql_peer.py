"""PostgreSQL: for each vacancy a LATERAL query over tables of features, with the filters and the best of each.

Exact and one side only. The tables and their indexes are made beforehand, analysed, and not counted; the server runs
the query as it sees fit (with parallel workers, where it plans any).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from django.db import connection

from jobmatching.engine.blocks import fits_every_place
from jobmatching.nightly.copying import write_columns
from tests.bench.matching.market import Best, Market

_SCHEMA: Final = "peer"


class SqlPeer:
    """The market as tables of a schema of its own."""

    def __init__(self, market: Market) -> None:
        self.market = market
        seekers, vacancies = market.seekers, market.vacancies
        self.words = seekers.has.shape[1]
        self.place_words = seekers.reach.shape[1]
        masks = [f"m{word}" for word in range(self.words)]
        places = [f"p{word}" for word in range(self.place_words)]
        weighs = vacancies.weight > 0
        asked = np.isin(seekers.feature, np.unique(vacancies.feature[weighs]))
        reading = np.repeat(np.arange(vacancies.ptr.size - 1, dtype=np.int32), np.diff(vacancies.ptr))[weighs]
        owner = np.repeat(vacancies.ids, np.diff(vacancies.reading_ptr))
        every = np.where(fits_every_place(vacancies)[:, None], np.uint64(2**64 - 1), vacancies.places)
        allowed = seekers.has | seekers.unknown
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        _table("seeker", {"id": ("int4", seekers.ids), "available": ("int4", seekers.available_from),
                          **_words(masks, allowed), **_words(places, seekers.reach)})  # fmt: skip
        _table("vacancy", {"id": ("int4", vacancies.ids), "starts": ("int4", vacancies.starts),
                           **_words(masks, vacancies.need), **_words(places, every)})  # fmt: skip
        _table("feature", {
            "feature": ("int4", seekers.feature[asked].astype(np.int32)),
            "seeker_id": ("int4", np.repeat(seekers.ids, np.diff(seekers.ptr))[asked]),
            "value": ("int4", seekers.value[asked].astype(np.int32)),
        })  # fmt: skip
        _table("weight", {
            "vacancy_id": ("int4", owner[reading]), "reading": ("int4", reading),
            "feature": ("int4", vacancies.feature[weighs].astype(np.int32)),
            "weight": ("int4", vacancies.weight[weighs]),
        })  # fmt: skip
        with connection.cursor() as cursor:
            for statement in (
                "ALTER TABLE {0}.seeker ADD PRIMARY KEY (id)",
                "ALTER TABLE {0}.vacancy ADD PRIMARY KEY (id)",
                "CREATE INDEX ON {0}.feature (feature) INCLUDE (seeker_id, value)",
                "CREATE INDEX ON {0}.weight (vacancy_id)",
                "VACUUM ANALYZE {0}.seeker", "VACUUM ANALYZE {0}.vacancy", "VACUUM ANALYZE {0}.feature",
                "VACUUM ANALYZE {0}.weight",
            ):  # fmt: skip
                cursor.execute(statement.format(_SCHEMA))

    def best_seekers(self, rows: npt.NDArray[np.int64]) -> Best:
        """The best seekers of these vacancies."""
        ids = self.market.vacancies.ids[rows].tolist()
        weights = self.market.rules.weights
        masks = " AND ".join(f"(v.m{word} & (~s.m{word})) = 0" for word in range(self.words))
        places = " | ".join(f"(v.p{word} & s.p{word})" for word in range(self.place_words))
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT v.id, best.seeker_id, best.score
                    FROM {_SCHEMA}.vacancy v CROSS JOIN LATERAL (
                        SELECT summed.seeker_id, max(summed.points) AS score
                        FROM (SELECT w.reading, f.seeker_id, sum(w.weight * f.value) AS points
                              FROM {_SCHEMA}.weight w JOIN {_SCHEMA}.feature f ON f.feature = w.feature
                              WHERE w.vacancy_id = v.id GROUP BY w.reading, f.seeker_id) summed
                        JOIN {_SCHEMA}.seeker s ON s.id = summed.seeker_id
                        WHERE summed.points >= %s AND s.available <= v.starts AND {masks} AND ({places}) <> 0
                        GROUP BY summed.seeker_id ORDER BY score DESC, summed.seeker_id LIMIT %s) best
                    WHERE v.id = ANY(%s) ORDER BY v.id, best.score DESC, best.seeker_id""",  # noqa: S608  names of ours
                [weights.floor, weights.k_vacancy, ids],
            )
            best: Best = {vacancy: [] for vacancy in ids}
            for vacancy, seeker, score in cursor.fetchall():
                best[vacancy].append((seeker, score))
        return best

    def remove(self) -> None:
        """Drop the tables."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")


def _words(names: list[str], bits: npt.NDArray[np.uint64]) -> dict[str, tuple[str, npt.NDArray[np.int64]]]:
    """Bitsets as columns of signed words."""
    return {name: ("int8", bits[:, word].view(np.int64)) for word, name in enumerate(names)}


def _table(name: str, columns: dict[str, tuple[str, npt.NDArray[np.generic]]]) -> None:
    with connection.cursor() as cursor:
        listed = ", ".join(f"{column} {kind}" for column, (kind, _values) in columns.items())
        cursor.execute(f"CREATE UNLOGGED TABLE {_SCHEMA}.{name} ({listed})")
    write_columns(
        f"{_SCHEMA}.{name}",
        [(column, kind) for column, (kind, _values) in columns.items()],
        [values for _kind, values in columns.values()],
    )
