"""Changing the keys of the identity code: every stored code is encrypted and its search key written anew.

In small transactions, row by row locked, in the order of the keys: it can be broken off at any time and run again, and
a row that is right already is not written.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction

from portal.privacy.identity import (
    EncryptedTextField,
    UnreadableCode,
    blind_index,
    decrypt,
    encrypt,
    opens_with_first_key,
)


@dataclass
class Rotation:
    """How many codes were looked at, written anew, and could not be opened by any key."""

    looked_at: int = 0
    written: int = 0
    unreadable: int = 0


def rotate(batch: int, tell: Callable[[Rotation], None] = lambda so_far: None) -> Rotation:
    """Go through every encrypted field of every model; `tell` hears after each batch of so many rows."""
    done = Rotation()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                _rotate_field(model, field, batch, done, tell)
    return done


def _rotate_field(
    model: type[models.Model],
    field: EncryptedTextField,
    batch: int,
    done: Rotation,
    tell: Callable[[Rotation], None],
) -> None:
    columns = [field.attname, *([field.index_field] if field.index_field else [])]
    last: object = None
    while True:
        with transaction.atomic():
            rows = model._default_manager.filter(**{f"{field.attname}__isnull": False}).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            found = list(rows.select_for_update(of=("self",), no_key=True).only("pk", *columns)[:batch])
            if not found:
                return
            written = [row for row in found if _renew(row, field, done)]
            # One column after the other: the history takes a code for changed when code and search key change at once.
            for column in columns:
                model._default_manager.bulk_update(written, [column])
        done.looked_at += len(found)
        done.written += len(written)
        last = found[-1].pk
        tell(done)


def _renew(row: models.Model, field: EncryptedTextField, done: Rotation) -> bool:
    """Set what the row should hold; whether that is something else than it holds."""
    token = getattr(row, field.attname)
    try:
        text = decrypt(token)
    except UnreadableCode:
        done.unreadable += 1
        return False
    renewed = False
    if not opens_with_first_key(token):
        setattr(row, field.attname, encrypt(text))
        renewed = True
    if field.index_field and getattr(row, field.index_field) != (index := blind_index(text)):
        setattr(row, field.index_field, index)
        renewed = True
    return renewed
