"""How a form's field is drawn: which template words it needs, and its errors in page order."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.http import QueryDict

# Errors of Django's validators, whose words do not name the field either.
_CODES_OF_VALIDATORS = frozenset(
    {"min_value", "max_value", "min_length", "max_length", "step_size", "max_digits", "max_decimal_places"}
)


class OpenChoices(forms.CheckboxSelectMultiple):
    """Ticks of a filter that people use so often that they stand open at first."""


_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_context(bound: BoundField, *, small: bool = False, label_hidden: bool = False) -> dict[str, Any]:
    """What `ui/field.html` draws: kind of field, the drawn input or options, ids of help and error."""
    widget = bound.field.widget
    # The label says what to write; a second, greyer one inside the input only disturbs.
    widget.attrs.pop("placeholder", None)
    if isinstance(widget, _GROUPS):
        kind = "group"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "tick"
    elif bound.use_fieldset:
        kind = "parts"
    else:
        kind = "input"
    return {
        "bound": bound,
        "kind": kind,
        "small": small,
        "label_hidden": label_hidden,
        "errors": list(bound.errors),
        "described_by": bound.aria_describedby or "",
        "control": "" if kind == "group" else bound.as_widget(attrs={"class": _css_class(bound, kind, small)}),
        "options": _options(bound) if kind == "group" else (),
        # A form names in NEEDED_AT_TIMES what is required with some of its answers only: its help text says with which.
        "optional": not bound.field.required and bound.name not in getattr(bound.form, "NEEDED_AT_TIMES", ()),
    }


def filter_field(bound: BoundField, query: QueryDict) -> dict[str, Any]:
    """A field of a filter: choices fold away unless one of them is chosen or the widget is an `OpenChoices`."""
    shown = field_context(bound, small=True, label_hidden=True)
    active = any(query.getlist(bound.html_name)) or any(
        any(query.getlist(f"{bound.html_name}{suffix}")) for suffix in ("_0", "_1", "_min", "_max", "_after", "_before")
    )
    folds = shown["kind"] in ("group", "parts") or isinstance(bound.field.widget, forms.Select)
    opens = active or isinstance(bound.field.widget, OpenChoices)
    return {**shown, "active": active, "folds": folds, "opens": opens}


def errors_in_page_order(given: Iterable[BaseForm | BaseFormSet]) -> list[tuple[str, str]]:
    """(message, id of the input it belongs to or "") of every form and formset, whole forms first."""
    found: list[tuple[str, str]] = []
    for item in given:
        if isinstance(item, BaseFormSet):
            found += [(str(message), "") for message in item.non_form_errors()]
            found += errors_in_page_order(item.forms)
            continue
        found += [(str(message), "") for message in item.non_field_errors()]
        for bound in item:
            target = bound.id_for_label or bound.auto_id
            found += [(message, "" if bound.is_hidden else str(target)) for message in _telling_messages(bound)]
    return found


def _telling_messages(bound: BoundField) -> list[str]:
    """The field's errors as they read on top of the page, away from the field.

    Django's ready-made messages ("This field is required.") do not say which field; the label before them does.
    """
    told = []
    for error in bound.errors.as_data():
        ready_made = error.code in _CODES_OF_VALIDATORS or any(
            str(error.message) == str(kind.__dict__.get("default_error_messages", {}).get(error.code))
            for kind in type(bound.field).__mro__
        )
        for message in error.messages:
            told.append(f"{bound.label}: {message}" if ready_made else message)
    return told


def _css_class(bound: BoundField, kind: str, small: bool) -> str:
    """Bootstrap's class for the control, beside the classes that the widget brings itself."""
    widget = bound.field.widget
    if kind == "tick":
        ours = "form-check-input"
    elif isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        ours = "form-select form-select-sm" if small else "form-select"
    else:
        ours = "form-control form-control-sm" if small else "form-control"
    return f"{ours} {widget.attrs.get('class', '')}".strip()


def _options(bound: BoundField) -> list[dict[str, Any]]:
    """The options of a group as drawn ticks with their labels; grouped choices come one after another."""
    drawn = []
    for option in bound.subwidgets:
        attrs: Mapping[str, Any] = option.data["attrs"]
        option.data["attrs"] = {**attrs, "class": "form-check-input"}
        option.data["wrap_label"] = False
        drawn.append({"tag": option.tag(), "label": option.choice_label, "id": option.id_for_label})
    return drawn
