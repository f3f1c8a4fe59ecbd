"""The filters in force as chips: what is chosen in a filter's form, each with the address of the list without it."""

from collections.abc import Iterator
from typing import Any, Self

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui import formats
from portal.ui.parts import Chip


class Counted(SafeString):
    """A choice's words with how many there are: `Kemi 41` in the panel, `Kemi` on its chip."""

    words: str

    @classmethod
    def of(cls, words: object, count: int) -> Self:
        made = cls(format_html('{} <span class="k-mute">{}</span>', words, formats.number(count)))
        made.words = str(words)
        return made


def chips_of(form: BaseForm, query: QueryDict) -> list[Chip]:
    """A chip per value in force, in the order of the panel. Values that the form refuses have no chip."""
    return [
        Chip(words, without(query, bound.html_name, value))
        for bound in form.visible_fields()
        for value, words in _in_force(form, bound, query)
    ]


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """The address of the list without a value of a filter (None: without any of its values), from its first page on."""
    changed = query.copy()
    changed.setlist(name, [kept for kept in changed.getlist(name) if value is not None and kept != value])
    changed.pop("page", None)
    return f"?{changed.urlencode()}"


def _in_force(form: BaseForm, bound: BoundField, query: QueryDict) -> Iterator[tuple[str, str]]:
    if bound.name in form.errors:
        return
    chosen = [value for value in query.getlist(bound.html_name) if value]
    field: Any = bound.field
    if isinstance(field.widget, forms.CheckboxInput):
        yield from ((value, str(bound.label)) for value in chosen[:1] if value not in ("False", "false", "0"))
    elif hasattr(field, "choices"):
        choices: list[tuple[Any, object]] = list(flatten_choices(field.choices))
        words = {str(value): label for value, label in choices}
        yield from ((value, getattr(words[value], "words", str(words[value]))) for value in chosen if value in words)
    else:
        yield from ((value, f"{bound.label}: {value}") for value in chosen[:1])
