"""What the pages about retention show: classes with their times and what they cover, and how much is due when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.apps import apps
from django.core.cache import cache
from django.utils.text import capfirst

from portal.privacy.fields import Kept, PersonalField, field_classes
from portal.privacy.retention.classes import all_in_force
from portal.privacy.retention.models import RetentionClass, RetentionProposal
from portal.privacy.retention.rules import BulkRule, ObjectRule, Rule, rules

AHEAD: Final = (0, 30, 90)
"""Days from today for which it is counted how much is due."""
_COUNTED_FOR_S: Final = 600
"""Counting goes over whole registers: it is done again after ten minutes at the earliest."""


@dataclass(frozen=True)
class RuleLine:
    """One rule of a class: what it deletes, and how much is due by each day of `AHEAD`."""

    code: str
    label: str
    due: tuple[int, ...]


@dataclass(frozen=True)
class Covered:
    """A model in words, and its fields of one class in words."""

    model: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ClassLine:
    """A retention class as the page shows it."""

    kept: Kept
    row: RetentionClass | None
    coming: RetentionClass | None
    proposal: RetentionProposal | None
    rules: tuple[RuleLine, ...]
    models: tuple[str, ...]


def class_lines(day: date) -> list[ClassLine]:
    """Every class, in the order of the code."""
    now = all_in_force(day)
    coming = {row.code: row for row in RetentionClass.objects.coming(day).order_by("-valid_from")}
    open_ones = {one.code: one for one in RetentionProposal.objects.filter(state="open")}
    counts = due_counts(day)
    found = rules()
    return [
        ClassLine(
            kept,
            now.get(kept),
            coming.get(kept.value.code),
            open_ones.get(kept.value.code),
            tuple(RuleLine(rule.code, str(rule.label), counts[rule.code]) for rule in found if rule.kept is kept),
            tuple(sorted({covered.model for covered in covered_by(kept)})),
        )
        for kept in Kept
    ]


def due_counts(day: date) -> dict[str, tuple[int, ...]]:
    """Code of a rule -> how much is due by today and by each later day of `AHEAD`, by the times in force then."""
    key = f"retention.due.{day.isoformat()}.{RetentionClass.objects.count()}"
    counted: dict[str, tuple[int, ...]] | None = cache.get(key)
    if counted is None:
        counted = {rule.code: tuple(_due(rule, day, ahead) for ahead in AHEAD) for rule in rules()}
        cache.set(key, counted, _COUNTED_FOR_S)
    return counted


def due_under(kept: Kept, months: int, day: date) -> dict[str, int]:
    """Label of a rule -> how much would be due on a day if the class were kept for so many months."""
    row = RetentionClass(code=kept.value.code, months=months)
    return {str(rule.label): count_due(rule, row.before(day)) for rule in rules() if rule.kept is kept}


def count_due(rule: Rule, before: date) -> int:
    """How many objects or rows of a rule were counted from a day before `before`; of objects those that are told."""
    if isinstance(rule, ObjectRule):
        return sum(one.told for one in rule.due(before))
    assert isinstance(rule, BulkRule)
    return rule.find(before).rows


def covered_by(kept: Kept) -> list[Covered]:
    """The models with personal fields of a class, and these fields, in words."""
    found: dict[str, list[str]] = {}
    for key, one in field_classes().items():
        if isinstance(one, PersonalField) and one.kept is kept:
            label, _dot, name = key.rpartition(".")
            found.setdefault(label, []).append(name)
    told = [Covered(model_words(label), tuple(field_words(label, names))) for label, names in found.items()]
    return sorted(told, key=lambda covered: covered.model)


def model_words(label: str) -> str:
    """What people call the rows of a model."""
    return capfirst(str(apps.get_model(label)._meta.verbose_name_plural))


def field_words(label: str, names: Iterable[str]) -> list[str]:
    """What people call fields of a model, in the order given."""
    meta = apps.get_model(label)._meta
    return [str(getattr(meta.get_field(name), "verbose_name", name)) for name in names]


def _due(rule: Rule, day: date, ahead: int) -> int:
    then = day + timedelta(days=ahead)
    row = all_in_force(then).get(rule.kept)
    return count_due(rule, row.before(then)) if row else 0
