"""`portal.ui.formats` for templates: `{{ count|number }}`, `{{ run.started_at|moment }}`."""

from django import template

from portal.ui import formats

register = template.Library()

for _name in (
    "number",
    "signed",
    "percent",
    "day",
    "day_year",
    "weekday",
    "weekday_year",
    "clock",
    "moment",
    "months_span",
    "seconds_span",
):
    register.filter(_name, getattr(formats, _name))

register.simple_tag(formats.number_range)
register.simple_tag(formats.clock_range)
register.simple_tag(formats.day_range)
register.simple_tag(formats.time_span)
