"""Small drawings beside numbers: meters and sparklines. SVG with attributes only, no styles."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

_PART_CLASSES = ("f", "f2", "f3", "f4")
_GAP = 0.6


def meter(shares: float | Sequence[float], total: float = 100) -> SafeString:
    """A bar of one to four parts, each a share of `total`. Hidden from screen readers: the numbers stand beside it."""
    parts = [float(shares)] if isinstance(shares, int | float) else [float(share) for share in shares]
    rects = ['<rect width="100" height="8" rx="2"/>']
    x = 0.0
    for index, share in enumerate(parts):
        width = max(0.0, min(100.0 - x, 100 * share / total if total else 0.0))
        last_gap = _GAP if len(parts) > 1 and width > _GAP else 0.0
        css_class = _PART_CLASSES[index % len(_PART_CLASSES)]
        rects.append(f'<rect class="{css_class}" x="{x:.2f}" width="{width - last_gap:.2f}" height="8"/>')
        x += width
    return SafeString(
        '<svg class="k-meter" viewBox="0 0 100 8" width="100%" height="8" preserveAspectRatio="none" '
        'aria-hidden="true">' + "".join(rects) + "</svg>"
    )


def key(index: int) -> SafeString:
    """The colour of a meter's part (counted from 1), for the list beside it."""
    css_class = _PART_CLASSES[(index - 1) % len(_PART_CLASSES)]
    return SafeString(
        '<svg class="k-key k-meter" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">'
        f'<rect class="{css_class}" width="12" height="12" rx="3"/></svg>'
    )


def spark(values: Sequence[float], label: str, target: float | None = None) -> SafeString:
    """A small line of a development, its last value marked, a dashed line for the target.

    `label` is a whole sentence that says what the drawing shows.
    """
    width, height, margin = 150, 32, 3
    if not values:
        return SafeString("")
    seen = [*values, *([target] if target is not None else [])]
    low, span = min(seen), (max(seen) - min(seen)) or 1

    def y(value: float) -> float:
        return margin + (height - 2 * margin) * (1 - (value - low) / span)

    step = (width - 2 * margin) / (len(values) - 1) if len(values) > 1 else 0
    points = [(margin + step * i, y(value)) for i, value in enumerate(values)]
    line = f'<line x1="0" x2="{width}" y1="{y(target):.1f}" y2="{y(target):.1f}"/>' if target is not None else ""
    drawn = " ".join(f"{x:.1f},{top:.1f}" for x, top in points)
    end_x, end_y = points[-1]
    return format_html(
        '<svg class="k-spark" width="150" height="32" viewBox="0 0 150 32" role="img" aria-label="{}">{}</svg>',
        label,
        SafeString(f'{line}<polyline points="{drawn}"/><circle cx="{end_x:.1f}" cy="{end_y:.1f}" r="3"/>'),
    )
