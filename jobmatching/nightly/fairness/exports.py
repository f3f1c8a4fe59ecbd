"""A night's figures as a file: all of them, with small groups hidden there too."""

from collections.abc import Iterator
from typing import Any, Final

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jobmatching.nightly.fairness.enums import Dimension, Flag, Measure
from jobmatching.nightly.fairness.models import FairnessReport
from jobmatching.nightly.fairness.words import GroupNames
from portal.ui.spreadsheets.formats import SafeXLSX
from portal.ui.spreadsheets.writing import as_csv

DECIMALS: Final = 4


def header() -> list[str]:
    """Names of the columns."""
    return [
        _("For the day"),
        _("Rules"),
        pgettext("grouping", "By"),
        _("Group"),
        _("Measure"),
        _("n"),
        _("Numerator"),
        _("Value"),
        _("Lower limit (95 %)"),
        _("Upper limit (95 %)"),
        _("Compared with"),
        _("Ratio"),
        _("Ratio, lower limit"),
        _("Ratio, upper limit"),
        _("Four fifths"),
        _("Ratio to everybody"),
        _("Ratio within occupations"),
        _("Within occupations, lower limit"),
        _("Within occupations, upper limit"),
        _("Four fifths within occupations"),
    ]


def lines(report: FairnessReport) -> Iterator[list[Any]]:
    """One line a figure; of a hidden one only that it is hidden."""
    names = GroupNames()
    for one in report.figures.order_by("dimension", "measure", "place"):
        told = [
            report.for_date.isoformat(),
            report.rules_version,
            str(Dimension(one.dimension).label),
            names.name(one.dimension, one.group),
            str(Measure(one.measure).label),
        ]
        if one.cell != "shown":
            yield [*told, _("not shown"), *[""] * (len(header()) - len(told) - 1)]
            continue
        compared = names.name(one.dimension, one.compared_with) if one.compared_with else ""
        yield [
            *told, one.n, *map(_rounded, (one.numerator, one.value, one.low, one.high)),
            compared, *map(_rounded, (one.ratio, one.ratio_low, one.ratio_high)), _flag(one.flag, one.ratio),
            *map(_rounded, (one.to_all, one.within, one.within_low, one.within_high)),
            _flag(one.within_flag, one.within),
        ]  # fmt: skip


def as_table(report: FairnessReport, kind: str) -> bytes:
    """The file: "csv" or "xlsx"."""
    if kind == "csv":
        return as_csv(header(), ([_decimal(cell) for cell in line] for line in lines(report)))
    return SafeXLSX().export_data(tablib.Dataset(*lines(report), headers=header(), title=report.for_date.isoformat()))


def _rounded(value: float | None) -> float | str:
    return "" if value is None else round(value, DECIMALS)


def _decimal(cell: Any) -> Any:
    """Numbers as spreadsheets in Finland and Sweden read them: with a comma."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _flag(flag: str, ratio: float | None) -> str:
    return str(Flag(flag).label) if ratio is not None else ""
