"""The components of the portal's pages. `{% load ui %}`; every one is shown on the page `/tyyli/`."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from django import template
from django.core.paginator import Page
from django.db.models import Model
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui import charts, drawings, fields, icons, marks
from portal.ui.parts import Chip, Choice, Crumb, Event, Fact, KeyFigure, Progress, Step, Tile

register = template.Library()

Results = Sequence[Enum | str]


# --- Marks ---------------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """`{% icon "calendar-days" %}`: a heroicon, always beside a word."""
    return icons.icon(str(name), size)


@register.simple_tag
def tag(text: object, tone: str = "", icon: str | None = None) -> SafeString:
    """`{% tag _("Ready") "ok" %}`: a pill; tones ok, warn, bad, info, unk or none; `icon=""` leaves the icon out."""
    return marks.tag(text, tone, icon)


@register.simple_tag
def say(text: object, tone: str = "", icon: str | None = None) -> SafeString:
    """`{% say _("1 working day late") "bad" %}`: coloured words in running text."""
    return marks.say(text, tone, icon)


@register.simple_tag
def crit(result: Enum | str, text: object = "", small: object = "") -> SafeString:
    """`{% crit row.state "3 / 3" %}`: one criterion; met, partly, missing, unknown, not_asked or an enum of those."""
    return marks.crit(result, text, small)


@register.simple_tag
def pips(results: Results, words: bool = True) -> SafeString:
    """`{% pips states %}`: the criteria of a match in one row, with the count in words below."""
    return marks.pips(results, with_words=words)


@register.simple_block_tag(end_name="endnote")
def note(content: str, tone: str = "", title: object = "", icon: str | None = None) -> SafeString:
    """`{% note "warn" title=_("Profile not published.") %}What to do.{% endnote %}`: a message block."""
    shown = marks.tone_of(tone)
    name = (marks.TONE_ICONS[shown] or "information-circle") if icon is None else icon
    return format_html(
        '<div class="k-note{}">{}<div>{}{}</div></div>',
        f" is-{shown}" if shown else "",
        icons.icon(name, 20),
        format_html("<b>{}</b> ", title) if title else "",
        content,
    )


# --- Drawings ------------------------------------------------------------------------------------------------------
@register.simple_tag
def meter(shares: float | Sequence[float], total: float = 100) -> SafeString:
    """`{% meter 38 %}`, `{% meter counts total %}`: a bar of up to four parts beside the numbers it draws."""
    return drawings.meter(shares, total)


@register.simple_tag
def key(index: int) -> SafeString:
    """`{% key 2 %}`: the colour of a meter's second part."""
    return drawings.key(index)


@register.simple_tag
def spark(values: Sequence[float], label: str, target: float | None = None) -> SafeString:
    """`{% spark values sentence target %}`: a small development; the sentence says what it shows."""
    return drawings.spark(values, label, target)


@register.inclusion_tag("ui/chart.html")
def chart(drawn: charts.Chart) -> dict[str, Any]:
    """`{% chart chart %}`: a drawing with the same numbers in a table beside it."""
    return {"chart": drawn, "svg": charts.svg(drawn), "rows": charts.table_rows(drawn)}


@register.simple_tag
def series_key(kind: charts.Kind, number: int) -> SafeString:
    """The mark of a chart's series, for the head of its column."""
    return charts.series_key(kind, number)


# --- Ways to choose a view -----------------------------------------------------------------------------------------
@register.inclusion_tag("ui/tabs.html")
def tabs(choices: Sequence[Choice], label: str) -> dict[str, Any]:
    """`{% tabs choices _("Candidate lists") %}`: links that look like tabs."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("ui/seg.html")
def seg(choices: Sequence[Choice], label: str) -> dict[str, Any]:
    """`{% seg choices _("Whose clients") %}`: a switch among two to seven views."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("ui/tiles.html")
def tiles(queues: Sequence[Tile], label: str) -> dict[str, Any]:
    """`{% tiles queues _("Queues") %}`: ready queues with their counts."""
    return {"tiles": queues, "label": label}


@register.inclusion_tag("ui/chips.html")
def chips(in_force: Sequence[Chip], clear_url: str = "") -> dict[str, Any]:
    """`{% chips chips clear_url %}`: the filters in force, each a link that takes it away."""
    return {"chips": in_force, "clear_url": clear_url}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*labels_and_urls: object) -> dict[str, Any]:
    """`{% crumbs _("Vacancies") list_url vacancy.title %}`: label, address, ..., and the label of this page."""
    steps = [
        Crumb(str(labels_and_urls[i]), str(labels_and_urls[i + 1]) if i + 1 < len(labels_and_urls) else "")
        for i in range(0, len(labels_and_urls), 2)
    ]
    return {"crumbs": steps}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Model], parameter: str = "page") -> dict[str, Any]:
    """`{% pagination page_obj %}`: which rows these are, and links to the others; keeps the rest of the address."""
    query: QueryDict = context["request"].GET
    links = [
        (number, _page_url(query, parameter, number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "links": links,
        "previous_url": _page_url(query, parameter, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _page_url(query, parameter, page.next_page_number()) if page.has_next() else "",
    }


def _page_url(query: QueryDict, parameter: str, number: int) -> str:
    changed = query.copy()
    changed[parameter] = str(number)
    return f"?{changed.urlencode()}"


# --- Facts and what happened ---------------------------------------------------------------------------------------
@register.inclusion_tag("ui/facts.html")
def facts(items: Iterable[Fact | tuple[object, object]], kind: str = "") -> dict[str, Any]:
    """`{% facts facts "num" %}`: facts with their names; kind "wide" = a header row, "num" = numbers to the right."""
    given = [item if isinstance(item, Fact) else Fact(str(item[0]), item[1]) for item in items]
    return {"facts": given, "kind": kind}


@register.inclusion_tag("ui/key_figures.html")
def key_figures(figures: Sequence[KeyFigure]) -> dict[str, Any]:
    """`{% key_figures figures %}`: the four numbers on top of a dashboard."""
    return {"figures": figures}


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Sequence[Event], label: str) -> dict[str, Any]:
    """`{% timeline events _("What has happened") %}`"""
    return {"events": events, "label": label}


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Step], label: str) -> dict[str, Any]:
    """`{% steps steps _("Steps") %}`: how far one is in work of several steps."""
    return {"steps": items, "label": label}


@register.inclusion_tag("ui/progress.html")
def progress(state: Progress) -> dict[str, Any]:
    """`{% progress progress %}`: a long piece of work; htmx asks for it again every two seconds while it goes on."""
    return {"progress": state}


# --- Forms ---------------------------------------------------------------------------------------------------------
@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, small: bool = False, label_hidden: bool = False) -> dict[str, Any]:
    """`{% field form.title %}`: label, help, error and input, joined for screen readers."""
    return fields.field_context(bound, small=small, label_hidden=label_hidden)


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet) -> dict[str, Any]:
    """`{% error_summary form formset %}`: all errors on top of the page, in page order, each a link to its input."""
    errors = fields.errors_in_page_order(forms)
    one = _("Correct one thing")
    title = one if len(errors) == 1 else _("Correct %(count)s things") % {"count": len(errors)}
    return {"errors": errors, "title": title}


@register.inclusion_tag("ui/filter_panel.html", takes_context=True)
def filter_panel(
    context: Context,
    form: BaseForm,
    label: str,
    submit: str = "",
    clear_url: str = "",
    keep: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """`{% filter_panel filter.form _("Filter vacancies") %}`: the fields of a list's filter; folds under 992 px.

    `keep` are values that the form carries on unchanged, e.g. the order of the list.
    """
    request: HttpRequest = context["request"]
    shown = [fields.filter_field(bound, request.GET) for bound in form.visible_fields()]
    return {
        "form": form,
        "label": label,
        "submit": submit or _("Show results"),
        "clear_url": clear_url or request.path,
        "keep": keep or {},
        "fields": shown,
        "request": request,
        "active": sum(item["active"] for item in shown),
    }
