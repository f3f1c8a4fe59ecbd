"""What measured figures are called, what they mean, and how a measurement is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobmatching.nightly.measuring.models import Measured, QualityMeasurement
from portal.classifications.enums import Scheme
from portal.ui import formats
from portal.ui.parts import Fact

NEWEST: Final = 6


@dataclass(frozen=True)
class FigureWords:
    """A figure: its name, what it means, how its value is written."""

    label: Promise
    meaning: Promise
    written: Callable[[float], str]


def _three(value: float) -> str:
    return formats.number(value, 3)


def _share(value: float) -> str:
    return formats.percent(100 * value, 1)


def _milliseconds(value: float) -> str:
    return _("%(n)s ms") % {"n": formats.number(value, 1)}


FIGURES: Final[dict[str, FigureWords]] = {
    "map": FigureWords(
        gettext_lazy("Mean average precision"),
        gettext_lazy("how near the top the right ones are on average, 1 when all are first"),
        _three,
    ),
    "ndcg10": FigureWords(
        gettext_lazy("nDCG of the first ten"),
        gettext_lazy("how well the first ten places are filled, 1 when they cannot be better"),
        _three,
    ),
    "recall20": FigureWords(
        gettext_lazy("Right ones among the first twenty"), gettext_lazy("share of all right ones"), _share
    ),
    "mrr": FigureWords(
        gettext_lazy("Mean reciprocal rank"),
        gettext_lazy("1 when the right occupation is always first, a half when it is second"),
        _three,
    ),
    "hit1": FigureWords(gettext_lazy("Right occupation first"), gettext_lazy("share of what was searched for"), _share),
    "hit10": FigureWords(
        gettext_lazy("Right occupation among ten"), gettext_lazy("share of what was searched for"), _share
    ),
    "p95_ms": FigureWords(
        gettext_lazy("Time of a search"),
        gettext_lazy("95 of 100 searches take at most so long, on the machine that measured"),
        _milliseconds,
    ),
}
"""Every figure that the commands store."""


@dataclass(frozen=True)
class Measurement:
    """A measurement as people read it."""

    row: QualityMeasurement
    what: str
    sample: str
    classification: str
    figures: list[Fact]


def measurements(version: str | None = None) -> list[Measurement]:
    """The newest measurements: of one rules version, or (None) the last one of each kind, language and version."""
    rows = QualityMeasurement.objects.order_by("-measured_at", "-pk")
    if version is not None:
        return [told(one) for one in rows.filter(kind=Measured.MATCHING, version=version)[:NEWEST]]
    newest = rows.order_by("kind", "version", "language", "data_digest", "-measured_at", "-pk").distinct(
        "kind", "version", "language", "data_digest"
    )
    latest_first = sorted(newest, key=lambda one: (one.measured_at, one.pk), reverse=True)
    return [told(one) for one in latest_first[:NEWEST]]


def told(row: QualityMeasurement) -> Measurement:
    """One measurement in words; a figure without words is shown by its name rather than left out."""
    what = str(Measured(row.kind).label)
    if row.language:
        what = f"{what} ({row.language})"
    sample = _("%(queries)s queries") % {"queries": formats.number(row.queries)}
    if row.candidates is not None:
        sample = _("%(queries)s queries, %(candidates)s candidates") % {
            "queries": formats.number(row.queries),
            "candidates": formats.number(row.candidates),
        }
    scheme, _space, release = row.classification.partition(" ")
    named = str(Scheme(scheme).label) if scheme in Scheme.values else scheme
    figures = [_figure(name, value) for name, value in _in_order(row.figures)]
    return Measurement(row, what[:1].upper() + what[1:], sample, f"{named} {release}".strip(), figures)


def _in_order(figures: dict[str, float]) -> list[tuple[str, float]]:
    names = list(FIGURES)
    return sorted(figures.items(), key=lambda one: names.index(one[0]) if one[0] in names else len(names))


def _figure(name: str, value: float) -> Fact:
    words = FIGURES.get(name)
    if words is None:
        return Fact(name, formats.number(value, 3))
    return Fact(str(words.label), words.written(value), str(words.meaning))
