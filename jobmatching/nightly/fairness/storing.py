"""A report as rows: written once per matching run, never again."""

from math import isfinite

from django.db import transaction

from jobmatching.nightly.enums import Side
from jobmatching.nightly.fairness.estimates import Estimate
from jobmatching.nightly.fairness.models import FairnessFigure, FairnessReport
from jobmatching.nightly.fairness.report import Line
from jobmatching.nightly.models import MatchResult, RunInput


def vacancies_of(run_id: int) -> int:
    """How many vacancies were in a run."""
    return sum(
        RunInput.objects.filter(run_id=run_id, side=Side.VACANCIES).order_by("part").values_list("rows", flat=True)
    )


@transaction.atomic
def store(result: MatchResult, lines: list[Line], people: int, vacancies: int) -> bool:
    """Write the report of a result; False, and nothing written, where there is one: evidence is not rewritten."""
    report, made = FairnessReport.objects.get_or_create(
        run_id=result.run_id,
        defaults={
            "for_date": result.for_date,
            "rules_version": result.rules.version,
            "people": people,
            "vacancies": vacancies,
        },
    )
    if made:
        FairnessFigure.objects.bulk_create(figure_of(line, report) for line in lines)
    return made


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
    row.compared_with, row.to_all = told.compared_with, told.to_all
    row.ratio, row.ratio_low, row.ratio_high = _limits(told.ratio)
    row.within, row.within_low, row.within_high = _limits(told.within)
    row.flag, row.within_flag = told.flag, told.within_flag
    return row


def _limits(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    """Value and limits for the columns; no limit where it is infinite."""
    if estimate is None:
        return None, None, None
    value, low, high = (float(number) if isfinite(number) else None for number in estimate)
    return value, low, high
