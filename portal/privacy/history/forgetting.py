"""The history of a person goes with the person: the only way in which events are ever deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction


class StillThere(Exception):
    """A row still exists whose history was to be forgotten: deleting it afterwards would write all of it down again."""


@transaction.atomic
def forget(model: type[models.Model] | str, ids: Collection[int], *, emptied: bool = False) -> int:
    """Delete every event of objects that are gone, of the rows that belonged to them and of those that named them.

    `model` is the class or its label. Call it in the transaction that deletes the objects, after it has; with `emptied`
    after their personal data has been taken out of rows that stay. Returns how many events went; the second call finds
    none. Raises StillThere.
    """
    chosen: type[models.Model] = apps.get_model(model) if isinstance(model, str) else model
    wanted = sorted(set(ids))
    if not emptied and chosen._base_manager.filter(pk__in=wanted).exists():
        raise StillThere(f"Delete {chosen._meta.verbose_name_plural} first, then their history.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_history_forget(%s, %s)", [chosen._meta.label_lower, wanted])
        return int(cursor.fetchone()[0])


def forget_all(label: str, ids: Sequence[int], *, emptied: bool = False) -> None:
    """`forget` as retention calls it."""
    forget(label, ids, emptied=emptied)


def expire(before: datetime, spared: Collection[str]) -> int:
    """Delete events from before a moment, but for those whose owners are of the spared kinds (labels in lower case).

    For what nobody's history is: rules, teams, settings. Returns how many went.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_history_expire(%s, %s)", [before, sorted(spared)])
        return int(cursor.fetchone()[0])
