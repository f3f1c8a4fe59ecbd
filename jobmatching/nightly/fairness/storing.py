"""A report as rows: written once per matching run, never again."""

from datetime import date
from math import isfinite
from typing import Final

from django.db import transaction

from jobmatching.nightly.enums import Side
from jobmatching.nightly.fairness.coarse import to_five
from jobmatching.nightly.fairness.enums import Dimension, Measure
from jobmatching.nightly.fairness.estimates import Estimate
from jobmatching.nightly.fairness.models import FairnessFigure, FairnessReport
from jobmatching.nightly.fairness.report import Line
from jobmatching.nightly.models import MatchResult, RunInput
from portal.privacy.suppression import Cell

DECIMALS: Final = 3
"""Of what is kept: more would tell more than the rounded counts do."""


def vacancies_of(run_id: int) -> int:
    """How many vacancies were in a run."""
    return sum(
        RunInput.objects.filter(run_id=run_id, side=Side.VACANCIES).order_by("part").values_list("rows", flat=True)
    )


@transaction.atomic
def store(result: MatchResult, lines: list[Line], people: int, vacancies: int) -> bool:
    """Write the report of a result; False, and nothing written, where there is one: evidence is not rewritten.

    One a day: between two reports of the same day hardly anybody would have come or gone, and their difference would
    be that person. `people` is kept to the nearest five.
    """
    if FairnessReport.objects.filter(for_date=result.for_date).exists():
        return False
    report, made = FairnessReport.objects.get_or_create(
        run_id=result.run_id,
        defaults={
            "for_date": result.for_date,
            "rules_version": result.rules.version,
            "people": to_five(people),
            "vacancies": vacancies,
        },
    )
    if made:
        FairnessFigure.objects.bulk_create(figure_of(line, report) for line in lines)
    return made


def hidden_before(day: date) -> dict[Dimension, dict[Measure, set[str]]]:
    """Which groups the last report before a day hid, by dimension and measure."""
    last = FairnessReport.objects.filter(for_date__lt=day).order_by("-for_date", "-run_id").first()
    hidden: dict[Dimension, dict[Measure, set[str]]] = {}
    if last is not None:
        rows = last.figures.exclude(cell=Cell.SHOWN.value).values_list("dimension", "measure", "group")
        for dimension, measure, group in rows.order_by("pk"):
            hidden.setdefault(Dimension(dimension), {}).setdefault(Measure(measure), set()).add(group)
    return hidden


def figure_of(line: Line, report: FairnessReport | None = None) -> FairnessFigure:
    """The row of a line."""
    row = FairnessFigure(
        report=report,
        dimension=line.dimension,
        group=line.group,
        place=line.place,
        measure=line.measure,
        cell=line.cell.value,
    )
    told = line.figure
    if told is None:
        return row
    row.n, row.numerator = told.n, told.numerator
    row.value, row.low, row.high = _limits(told.estimate)
    row.compared_with, row.to_all = (
        told.compared_with,
        told.to_all if told.to_all is None else round(told.to_all, DECIMALS),
    )
    row.ratio, row.ratio_low, row.ratio_high = _limits(told.ratio)
    row.within, row.within_low, row.within_high = _limits(told.within)
    row.flag, row.within_flag = told.flag, told.within_flag
    return row


def _limits(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    """Value and limits for the columns; no limit where it is infinite."""
    if estimate is None:
        return None, None, None
    value, low, high = (round(float(number), DECIMALS) if isfinite(number) else None for number in estimate)
    return value, low, high
