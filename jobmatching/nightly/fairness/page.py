"""The page of equal treatment, put together from stored figures: table, chart, development, what to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from jobmatching.nightly.fairness.asked import Asked
from jobmatching.nightly.fairness.enums import ALL, COMPARED, SHARES, Dimension, Flag, Measure
from jobmatching.nightly.fairness.measures import FOUR_FIFTHS
from jobmatching.nightly.fairness.models import FairnessComment, FairnessFigure, FairnessReport
from jobmatching.nightly.fairness.words import GroupNames, reading, written, written_range
from portal.ui import formats
from portal.ui.charts import MAX_SERIES, Chart, Kind, Series
from portal.ui.parts import KeyFigure

NIGHTS: Final = 60
"""How many nights back a development is drawn."""


@dataclass(frozen=True)
class Told:
    """A number with its limits, as it is read."""

    value: str
    limits: str = ""
    flag: Flag = Flag.NONE


@dataclass(frozen=True)
class Row:
    """A group's line in the table."""

    group: str
    name: str
    hidden: str
    """"small" (fewer than five), "guard" (would give a small one away) or ""."""
    n: int | None
    numerator: str
    told: Told
    ratio: Told
    to_all: str
    within: Told
    compared_with: str
    reading: str


@dataclass(frozen=True)
class Finding:
    """A group that is clearly behind by some measure, and how to read the widest gap."""

    url: str
    who: str
    measures: str
    ratio: str
    reading: str


MOST_FINDINGS: Final = 5
"""How many groups stand open at first; the others are folded."""


def rows(figures: Iterable[FairnessFigure], names: GroupNames) -> list[Row]:
    """The table of one dimension and measure."""
    return [_row(figure, names) for figure in figures]


def _row(figure: FairnessFigure, names: GroupNames) -> Row:
    measure = figure.measure
    numerator = formats.number(figure.numerator, 0 if measure != Measure.EXPOSURE else 1)
    return Row(
        group=figure.group,
        name=names.name(figure.dimension, figure.group),
        hidden="" if figure.cell == "shown" else figure.cell,
        n=figure.n,
        numerator=numerator,
        told=Told(written(measure, figure.value), written_range(measure, figure.low, figure.high)),
        ratio=_ratio(figure.ratio, figure.ratio_low, figure.ratio_high, figure.flag),
        to_all=formats.number(figure.to_all, 2),
        within=_ratio(figure.within, figure.within_low, figure.within_high, figure.within_flag),
        compared_with=names.name(figure.dimension, figure.compared_with) if figure.compared_with else "",
        reading=reading(figure),
    )


def _ratio(value: float | None, low: float | None, high: float | None, flag: str) -> Told:
    limits = formats.number_range(low, high, 2) if low is not None and high is not None else ""
    return Told(formats.number(value, 2), limits, Flag(flag))


def key_figures(report: FairnessReport) -> list[KeyFigure]:
    """How many people, how many of them are in a list, coverage, and how unevenly exposure is spread."""
    everybody = {one.measure: one for one in report.figures.filter(dimension=Dimension.ALL)}

    def figure(measure: Measure, label: str) -> KeyFigure | None:
        one = everybody.get(measure)
        if one is None or one.value is None:
            return None
        limits = written_range(measure, one.low, one.high)
        of_how_many = _("n = %(n)s") % {"n": formats.number(one.n)}
        return KeyFigure(label, written(measure, one.value), f"{limits}, {of_how_many}" if limits else of_how_many)

    told = [
        figure(Measure.SELECTED, _("Has a place in a list")),
        figure(Measure.COVERED_SEEKERS, _("Jobseekers with a match")),
        figure(Measure.COVERED_VACANCIES, _("Vacancies with five candidates")),
        figure(Measure.GINI, _("Unevenness of exposure (Gini)")),
    ]
    of_most_seen = everybody.get(Measure.TOP_TENTH)
    if told[-1] is not None and of_most_seen is not None and of_most_seen.value is not None:
        share = written(Measure.TOP_TENTH, of_most_seen.value)
        small = _("%(limits)s; the most seen tenth has %(share)s") % {"limits": told[-1].small, "share": share}
        told[-1] = replace(told[-1], small=small)
    return [one for one in told if one is not None]


def findings(report: FairnessReport, asked: Asked, names: GroupNames) -> list[Finding]:
    """Every group with a clear flag, the widest gap first; the measures by which it is behind stand on one line."""
    flagged = report.figures.filter(Q(flag=Flag.CLEAR) | Q(within_flag=Flag.CLEAR)).order_by("pk")
    groups: dict[tuple[str, str], list[FairnessFigure]] = {}
    for figure in sorted(flagged, key=_widest):
        groups.setdefault((figure.dimension, figure.group), []).append(figure)
    found = []
    for (dimension, group), figures in groups.items():
        worst = figures[0]
        found.append(
            Finding(
                asked.address(ulottuvuus=dimension, mittari=worst.measure),
                f"{names.name(dimension, group)} ({Dimension(dimension).label})",
                ", ".join(str(Measure(one.measure).label) for one in figures),
                _("%(ratio)s of %(group)s; within occupations %(within)s")
                % {
                    "ratio": formats.number(worst.ratio, 2),
                    "group": names.name(dimension, worst.compared_with),
                    "within": formats.number(worst.within, 2),
                },
                reading(worst),
            )
        )
    return found


def _widest(figure: FairnessFigure) -> float:
    """Its lower ratio: where a group is behind within occupations too, that counts as much as the plain one."""
    return min(ratio for ratio in (figure.ratio, figure.within) if ratio is not None)


# --- Drawings --------------------------------------------------------------------------------------------------------
def chart(figures: Sequence[FairnessFigure], asked: Asked, names: GroupNames) -> Chart | None:
    """The groups side by side with their limits; None where there is nothing to draw."""
    if not any(figure.value is not None for figure in figures):
        return None
    times = 100.0 if asked.measure in SHARES else 1.0
    best = max((one.value for one in figures if one.compared_with == one.group and one.value), default=None)
    limit = times * FOUR_FIFTHS * best if best and asked.measure in COMPARED else None
    label = str(asked.measure.label).capitalize()
    return Chart(
        title=f"{label}, {asked.dimension.label}",
        summary=_("The figure of each group, with a thin line from the lower to the upper limit of its interval."),
        categories=[names.name(one.dimension, one.group) for one in figures],
        series=(
            Series(
                label,
                [None if one.value is None else times * one.value for one in figures],
                [
                    (times * one.low, times * one.high) if one.low is not None and one.high is not None else None
                    for one in figures
                ],
            ),
        ),
        kind=Kind.BAR,
        category_label=str(asked.dimension.label).capitalize(),
        unit="%" if asked.measure in SHARES else "",
        decimals=1 if asked.measure in SHARES or asked.measure == Measure.RANK else 2,
        target=limit,
        target_label=_("The dashed line is four fifths of the highest figure."),
    )


def development(asked: Asked, names: GroupNames, groups: Sequence[str]) -> Chart | None:
    """The groups' figures night by night, up to the night that is looked at; None with fewer than two nights."""
    if asked.report is None:
        return None
    reports = FairnessReport.objects.filter(for_date__lte=asked.report.for_date)
    nights = list(reversed(list(reports.latest_of_each_day()[:NIGHTS])))
    if len(nights) < 2 or not groups:
        return None
    found = FairnessFigure.objects.filter(
        report__in=nights, dimension=asked.dimension, measure=asked.measure, group__in=groups
    ).values_list("report_id", "group", "value")
    values = {(report, group): value for report, group, value in found.order_by("pk")}
    times = 100.0 if asked.measure in SHARES else 1.0
    series = []
    for group in groups[:MAX_SERIES]:
        of_nights = [values.get((night.pk, group)) for night in nights]
        told = [None if value is None else times * value for value in of_nights]
        series.append(Series(names.name(asked.dimension, group), told))
    return Chart(
        title=_("Night by night"),
        summary=_("%(measure)s from %(first)s to %(last)s.")
        % {
            "measure": str(asked.measure.label).capitalize(),
            "first": formats.day_year(nights[0].for_date),
            "last": formats.day_year(nights[-1].for_date),
        },
        categories=[formats.day(night.for_date) for night in nights],
        series=tuple(series),
        category_label=_("Night"),
        unit="%" if asked.measure in SHARES else "",
        decimals=1 if asked.measure in SHARES or asked.measure == Measure.RANK else 2,
    )


def drawn_groups(figures: Sequence[FairnessFigure], asked: Asked) -> list[str]:
    """The groups that were asked for; else the largest shown ones, in the order of the table."""
    there = [figure.group for figure in figures]
    chosen = [group for group in asked.groups if group in there]
    if chosen:
        return chosen
    largest = sorted((one for one in figures if one.n), key=lambda one: (-(one.n or 0), one.place))[:MAX_SERIES]
    return [one.group for one in figures if one in largest]


# --- Comments --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Comment:
    """A comment with the figure that it is about."""

    row: FairnessComment
    about: str


def comments(asked: Asked, names: GroupNames) -> list[Comment]:
    """Comments on this dimension and measure, of all nights, latest first."""
    told = FairnessComment.objects.filter(dimension=asked.dimension, measure=asked.measure)
    return [
        Comment(one, names.name(one.dimension, one.group) if one.group else _("The whole table"))
        for one in told.select_related("author", "report").order_by("-written_at", "-pk")[:50]
    ]


def figures_of(asked: Asked) -> list[FairnessFigure]:
    """The figures of the table that was asked for, in the order of the groups."""
    if asked.report is None:
        return []
    shown = asked.report.figures.filter(dimension=asked.dimension, measure=asked.measure).exclude(group=ALL)
    return list(shown.order_by("place"))
