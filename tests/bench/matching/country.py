"""An invented country round the built-in municipalities of the north, for sizes that are more than one area.

Without a national key half a million people would all live in thirty northern municipalities, and everybody would
reach everything. The places are drawn, not real: larger towns first, the others round them.
"""

from typing import Final

import numpy as np
from django.db import connection, transaction

from portal.classifications.importers.travel import estimate_travel_times
from portal.classifications.models import Municipality

_MUNICIPALITIES: Final = 280
_TOWNS: Final = 19
_SPREAD_KM: Final = 35.0
_KM_A_DEGREE: Final = 111.2
_WEST, _EAST, _SOUTH, _NORTH = 21.5, 30.5, 60.1, 65.0


@transaction.atomic
def invent_country(seed: int) -> None:
    """Add the municipalities and estimate the ways between all."""
    rng = np.random.default_rng(seed)
    taken = set(Municipality.objects.values_list("code", flat=True))
    codes = [code for code in (f"{number:03}" for number in range(1, 1000)) if code not in taken][:_MUNICIPALITIES]
    towns = np.column_stack((rng.uniform(_WEST, _EAST, _TOWNS), rng.uniform(_SOUTH, _NORTH, _TOWNS)))
    # The generator lets fewer people live in later codes: the first ones are the towns.
    town_of = np.concatenate((np.arange(_TOWNS), rng.integers(0, _TOWNS, len(codes) - _TOWNS)))
    away = rng.normal(0, _SPREAD_KM / _KM_A_DEGREE, (len(codes), 2)) * (np.arange(len(codes)) >= _TOWNS)[:, None]
    points = towns[town_of] + away / np.column_stack((np.cos(np.radians(towns[town_of, 1])), np.ones(len(codes))))
    Municipality.objects.bulk_create(
        Municipality(code=code, name_fi=f"Kunta {code}", name_sv=f"Kommun {code}", name_en=f"Municipality {code}",
                     longitude=round(float(lon), 4), latitude=round(float(lat), 4))
        for code, (lon, lat) in zip(codes, points, strict=True)
    )  # fmt: skip
    with connection.cursor() as cursor:
        estimate_travel_times(cursor)
