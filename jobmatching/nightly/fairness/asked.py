"""What one request asks of the report: which night, by what, which measure, which groups. All of it by the address."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from django.http import Http404, QueryDict

from jobmatching.nightly.fairness.enums import GROUPED, OF_GROUPS, Dimension, Measure
from jobmatching.nightly.fairness.models import FairnessReport
from portal.ui.charts import MAX_SERIES

NIGHT: Final = "yo"
DIMENSION: Final = "ulottuvuus"
MEASURE: Final = "mittari"
GROUPS: Final = "ryhma"


@dataclass(frozen=True)
class Asked:
    """A view of the report."""

    report: FairnessReport | None
    """None before the first report."""
    night: date | None
    """The night that was asked for; None: the newest."""
    dimension: Dimension
    measure: Measure
    groups: tuple[str, ...]
    """Groups whose development is drawn, at most four; () leaves the choice to the page."""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read the address; what is not known is as if it were not there. Http404 for a night without a report."""
        night = _day(query.get(NIGHT, ""))
        report = FairnessReport.objects.all().of_day(night)
        if report is None and night is not None:
            raise Http404
        dimension, measure = query.get(DIMENSION, ""), query.get(MEASURE, "")
        return cls(
            report,
            night,
            Dimension(dimension) if dimension in GROUPED else Dimension.AGE,
            Measure(measure) if measure in OF_GROUPS else Measure.SELECTED,
            tuple(query.getlist(GROUPS))[:MAX_SERIES],
        )

    def address(self, **changed: str) -> str:
        """The address of the same view with something else asked for; groups belong to one dimension."""
        query = QueryDict(mutable=True)
        query[DIMENSION], query[MEASURE] = self.dimension.value, self.measure.value
        if self.night is not None:
            query[NIGHT] = self.night.isoformat()
        if DIMENSION not in changed:
            query.setlist(GROUPS, list(self.groups))
        for name, value in changed.items():
            query[name] = value
        return f"?{query.urlencode()}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Http404 from None
