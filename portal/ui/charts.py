"""Line and bar charts drawn on the server: plain SVG in the page's own colours, always with a table beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui import formats

WIDTH: Final = 640
HEIGHT: Final = 260
LEFT: Final = 56
RIGHT: Final = 16
TOP: Final = 16
BOTTOM: Final = 32
MAX_SERIES: Final = 4
_WIDEST_LABELS = 12
_NICE_STEPS = (1, 2, 2.5, 5, 10)


class Kind(StrEnum):
    """Lines for a development over time, bars for amounts side by side."""

    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True)
class Series:
    """Values of one thing, one per category; None where a value is not known or not shown.

    `limits` (lowest, highest) say how sure each value is: drawn as a thin line over its bar.
    """

    label: str
    values: Sequence[float | None]
    limits: Sequence[tuple[float, float] | None] = ()


@dataclass(frozen=True)
class Chart:
    """What is drawn. `summary` says in a whole sentence what the drawing shows; `source` says where it comes from."""

    title: str
    summary: str
    categories: Sequence[str]
    series: Sequence[Series]
    kind: Kind = Kind.LINE
    category_label: str = ""
    unit: str = ""
    decimals: int | None = None
    source: str = ""
    target: float | None = None
    target_label: str = ""
    """What the dashed line is; "" where it is the target."""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn or told apart."""
        if not 1 <= len(self.series) <= MAX_SERIES:
            raise ValueError(f"A chart shows 1 to {MAX_SERIES} series, not {len(self.series)}.")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("Every series has one value per category.")
        if any(series.limits and len(series.limits) != len(series.values) for series in self.series):
            raise ValueError("A series has limits for each of its values or for none.")


@dataclass(frozen=True)
class Scale:
    """From values to pixels: `low` at the bottom, `high` at the top, a line at every `step`."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The values at the lines, from the lowest."""
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]

    def y(self, value: float) -> float:
        """The height of a value in the drawing."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - self.low) / (self.high - self.low))


def scale_of(chart: Chart) -> Scale:
    """Round ends around all values, with about four lines. Bars, and values near it, start from zero."""
    values = [value for series in chart.series for value in series.values if value is not None]
    values += [end for series in chart.series for limits in series.limits if limits for end in limits]
    values += [chart.target] if chart.target is not None else []
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if chart.kind is Kind.BAR or low < 0 < high or 0 <= low < 0.6 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = low + 1
    rough = (high - low) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next((nice * power for nice in _NICE_STEPS if nice * power >= rough * 0.999), 10 * power)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def svg(chart: Chart) -> SafeString:
    """The drawing. Its name is the chart's title and summary; the numbers are in the table beside it."""
    scale = scale_of(chart)
    body = _grid(chart, scale) + (_bars(chart, scale) if chart.kind is Kind.BAR else _lines(chart, scale))
    if chart.target is not None:
        y = scale.y(chart.target)
        body += f'<line class="t" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return format_html(
        '<svg class="k-chart" viewBox="0 0 {} {}" role="img" aria-label="{}. {}">{}</svg>',
        str(WIDTH),
        str(HEIGHT),
        chart.title,
        chart.summary,
        SafeString(body),
    )


def table_rows(chart: Chart) -> list[tuple[str, list[str]]]:
    """Category and its values in the reader's number format, for the table beside the drawing."""
    return [
        (category, [_shown(chart, series, i) for series in chart.series]) for i, category in enumerate(chart.categories)
    ]


def _shown(chart: Chart, series: Series, place: int) -> str:
    """A value, with its limits in brackets where it has some."""
    value = series.values[place]
    if value is None:
        return _("not shown")
    write = formats.percent if chart.unit == "%" else formats.number
    limits = series.limits[place] if series.limits else None
    if limits is None:
        return write(value, chart.decimals)
    return f"{write(value, chart.decimals)} ({formats.number_range(*limits, chart.decimals)})"


def _grid(chart: Chart, scale: Scale) -> str:
    """Lines and numbers of the value axis, words of the category axis (every n-th where there are many)."""
    decimals = max(0, -math.floor(math.log10(scale.step))) if scale.step < 1 else (1 if scale.step % 1 else 0)
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        css_class = "z" if abs(tick) < scale.step / 1000 else "g"
        parts.append(f'<line class="{css_class}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="n" x="{LEFT - 8}" y="{y + 4:.1f}">{formats.number(tick, decimals)}</text>')
    every = math.ceil(len(chart.categories) / _WIDEST_LABELS)
    for i, category in enumerate(chart.categories):
        if i % every == 0:
            parts.append(
                format_html(
                    '<text class="c" x="{}" y="{}">{}</text>', f"{_middle(chart, i):.1f}", str(HEIGHT - 10), category
                )
            )
    return "".join(parts)


def _band(chart: Chart) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, len(chart.categories))


def _middle(chart: Chart, index: int) -> float:
    return LEFT + _band(chart) * (index + 0.5)


def _bars(chart: Chart, scale: Scale) -> str:
    """Bars side by side in each category."""
    parts = []
    room = _band(chart) * 0.72
    width = room / len(chart.series)
    zero = scale.y(0)
    for number, series in enumerate(chart.series):
        for i, value in enumerate(series.values):
            if value is None:
                continue
            x = _middle(chart, i) - room / 2 + number * width
            y = scale.y(value)
            parts.append(
                f'<rect class="s{number + 1}" x="{x:.1f}" y="{min(y, zero):.1f}" '
                f'width="{max(1.0, width - 1):.1f}" height="{abs(zero - y):.1f}"/>'
            )
            if series.limits and (limits := series.limits[i]):
                parts.append(_whisker(x + (width - 1) / 2, scale.y(limits[0]), scale.y(limits[1])))
    return "".join(parts)


def _whisker(x: float, low: float, high: float) -> str:
    """A line from the lower limit to the upper one, with a short end on each."""
    return f'<path class="w" d="M{x - 4:.1f} {low:.1f}h8M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {high:.1f}h8"/>'


def _lines(chart: Chart, scale: Scale) -> str:
    """One line per series, each with its own dash and marker; broken where a value is missing."""
    parts = []
    for number, series in enumerate(chart.series):
        run: list[tuple[float, float]] = []
        runs = [run]
        for i, value in enumerate(series.values):
            if value is None:
                run = []
                runs.append(run)
            else:
                run.append((_middle(chart, i), scale.y(value)))
        for points in runs:
            if len(points) > 1:
                drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
                parts.append(f'<polyline class="s{number + 1}" points="{drawn}"/>')
            parts += [marker(number + 1, x, y) for x, y in points]
    return "".join(parts)


def marker(number: int, x: float, y: float) -> str:
    """The mark of a series' values: disc, square, diamond, triangle; a shape beside the colour."""
    shapes = {
        1: f'<circle class="m1" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        2: f'<rect class="m2" x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>',
        3: f'<path class="m3" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z"/>',
        4: f'<path class="m4" d="M{x:.1f} {y - 5:.1f}l5 8.5h-10z"/>',
    }
    return shapes[number]


def series_key(kind: Kind, number: int) -> SafeString:
    """The mark of one series for the head of its column in the table."""
    shape = (
        f'<rect class="s{number}" x="1" y="1" width="12" height="12" rx="3"/>'
        if kind is Kind.BAR
        else marker(number, 7, 7)
    )
    return SafeString(
        f'<svg class="k-chart k-chart-key" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">{shape}</svg>'
    )
