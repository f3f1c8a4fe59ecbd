"""Rows of models as sections: every field under its own name, values with their words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.privacy.subject.sections import Cell, Column, Plain, Section, Told, of_model
from portal.ui import formats


def section_of(
    rows: Iterable[models.Model], names: Sequence[str], model: type[models.Model], note: Any = ""
) -> Section:
    """Rows of one model with some of their fields as columns; `note` is a sentence for the heading."""
    return Section(columns=columns_of(model, names), rows=[row_of(row, names) for row in rows], note=note)


def columns_of(model: type[models.Model], names: Sequence[str]) -> list[Column]:
    """Fields as columns, each under its own name."""
    return [Column(name, _label(model, name)) for name in names]


def row_of(instance: models.Model, names: Sequence[str]) -> dict[str, Cell]:
    """The values of fields of one row; what is empty is left out."""
    told = {name: value_of(instance, name) for name in names}
    return {name: cell for name, cell in told.items() if cell not in (None, "", [])}


def value_of(instance: models.Model, name: str) -> Cell:
    """One value with its words."""
    field = instance._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        return [str(row) for row in getattr(instance, name).all()]
    value = getattr(instance, name)
    if isinstance(field, models.ForeignKey):
        return None if value is None else Told(getattr(value, "code", None) or value.pk, str(value))
    choices = _choices(field)
    if isinstance(value, list):
        return [str(choices.get(one, one)) for one in value]
    if choices:
        return Told(value, str(choices[value])) if value in choices else _plain(value)
    return plain(value)


def plain(value: Any) -> Cell:
    """A value of no field: days, times, yes and no get their words."""
    if isinstance(value, bool):
        return Told(value, _("yes") if value else _("no"))
    if isinstance(value, datetime):
        return Told(timezone.localtime(value).isoformat(timespec="seconds"), formats.moment(value))
    if isinstance(value, date):
        return Told(value.isoformat(), formats.day_year(value))
    return _plain(value)


def _plain(value: Any) -> Plain:
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _choices(field: Any) -> Mapping[Any, Any]:
    """Value -> words; of lists, those of their items (Any: fields of several kinds)."""
    of = getattr(field, "base_field", field)
    return dict(of.flatchoices) if getattr(of, "choices", None) else {}


def _label(model: type[models.Model], name: str) -> Any:
    return getattr(model._meta.get_field(name), "verbose_name", name)


def covered(model: type[models.Model], names: Iterable[str]) -> frozenset[str]:
    """The fields of a model that a section tells."""
    return of_model(model._meta.label, names)
