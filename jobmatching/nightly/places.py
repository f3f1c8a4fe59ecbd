"""Where somebody can work, as bitsets over the municipalities of a rules version."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from jobmatching.nightly.copying import read_columns
from portal.classifications.models import Municipality

UNREACHABLE: Final = 65_535


@dataclass(frozen=True)
class Places:
    """n municipalities in the order of their codes, and the minutes between them."""

    codes: tuple[str, ...]
    ids: npt.NDArray[np.int64]
    """[n] database ids; -1 for a code that is no longer in the register."""
    minutes: npt.NDArray[np.uint16]
    """[n, n] from row to column; 65,535 where no travel time is known."""

    @classmethod
    def read(cls, codes: list[str]) -> Self:
        """Read the travel times among the municipalities of a rules version."""
        id_of = dict(Municipality.objects.filter(code__in=codes).values_list("code", "pk").order_by("pk"))
        ids = np.array([id_of.get(code, -1) for code in codes], dtype=np.int64)
        minutes = np.full((len(codes), len(codes)), UNREACHABLE, dtype=np.uint16)
        rows = read_columns(
            "SELECT origin_id, destination_id, minutes::int4 FROM classifications_traveltime",
            (("origin", "int8"), ("destination", "int8"), ("minutes", "int4")),
        )
        places = cls(tuple(codes), ids, minutes)
        origin, destination = places.index(rows["origin"]), places.index(rows["destination"])
        known = (origin >= 0) & (destination >= 0)
        minutes[origin[known], destination[known]] = np.minimum(rows["minutes"][known], UNREACHABLE)
        own = np.arange(len(codes))
        minutes[own, own] = np.minimum(minutes[own, own], 30)
        return places

    @property
    def words(self) -> int:
        """P, the 64-bit words of a bitset; it has one bit more than there are municipalities (`elsewhere`)."""
        return len(self.codes) // 64 + 1

    @property
    def elsewhere(self) -> int:
        """The bit of all municipalities that this rules version does not know."""
        return len(self.codes)

    def index(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Indices of database ids; -1 for those outside this rules version."""
        if not self.ids.size:
            return np.full(ids.size, -1, dtype=np.int32)
        order = np.argsort(self.ids, kind="stable")
        at = np.minimum(np.searchsorted(self.ids[order], ids), self.ids.size - 1)
        found = order[at]
        return np.where((self.ids[found] == ids) & (ids >= 0), found, -1).astype(np.int32)

    def bitset(self, inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
        """Booleans [m, n + 1] (the last one: elsewhere) to bitsets [m, P]."""
        padded = np.zeros((inside.shape[0], 64 * self.words), dtype=np.bool_)
        padded[:, : inside.shape[1]] = inside
        return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)
