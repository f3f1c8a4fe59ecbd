"""How the history of something is narrowed; every choice stands in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.privacy.history.querysets import NOTHING, HistoryEventQuerySet, Withheld
from portal.privacy.history.telling import kind_of
from portal.privacy.history.tracking import Tracked, owner_label, tracked_models

Choices = list[tuple[str, str | list[tuple[str, str]]]]


class HistoryFilter(forms.Form):
    """Which field or kind of row, and in which days."""

    field = forms.ChoiceField(label=gettext_lazy("What has changed"), required=False)
    first = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, owner: type[models.Model], without: Withheld = NOTHING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = choices_of(owner, without)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first one."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The last day must not be before the first day."))
        return found

    def narrowed(self, events: HistoryEventQuerySet) -> HistoryEventQuerySet:
        """The events that are asked for; what the form refuses narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("field"):
            label, _colon, column = asked["field"].partition(":")
            events = events.of_field(label, column)
        return events.between(asked.get("first"), asked.get("last"))


def choices_of(owner: type[models.Model], without: Withheld = NOTHING) -> Choices:
    """The fields of the owner itself, then the kinds of rows that belong to it."""
    entries = tracked_models()
    own = sorted(
        (capfirst(str(one.verbose_name)), f"{owner._meta.label_lower}:{name}")
        for one, name in _written(owner, entries[owner])
        if (owner._meta.label_lower, name) not in without.columns
    )
    kinds = sorted(
        (kind_of(model), model._meta.label_lower)
        for model in _rows_of(owner)
        if model._meta.label_lower not in without.kinds
    )
    chosen: Choices = [("", _("Everything"))]
    chosen.append((kind_of(owner), [(value, label) for label, value in own]))
    if kinds:
        chosen.append((_("Other data"), [(value, label) for label, value in kinds]))
    return chosen


def _written(model: type[models.Model], entry: Tracked) -> Sequence[tuple[Any, str]]:
    """Fields that are written down, each with its name in the events."""
    hidden = {column for group in entry.concealed.values() for column in group} - entry.concealed.keys()
    return [
        (one, one.name if one.name in entry.concealed else str(one.column))
        for one in model._meta.concrete_fields
        if not one.primary_key
        and one.name not in entry.left_out
        and one.name not in hidden
        and not getattr(one, "auto_now", False)
        and not getattr(one, "auto_now_add", False)
    ]


def _rows_of(owner: type[models.Model]) -> list[type[models.Model]]:
    """Kinds of rows that belong to a model's objects, or name them beside their owner."""
    label = owner._meta.label_lower
    return [
        model
        for model, entry in tracked_models().items()
        if model is not owner
        and (
            owner_label(model, entry) == label
            or any(model._meta.get_field(name).related_model is owner for name in entry.also)
        )
    ]
