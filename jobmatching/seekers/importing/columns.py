"""The columns of a file of jobseekers: how a cell becomes part of a profile, and back.

A cell that cannot be taken raises ValueError with what to do, in words for people. `save` only prepares the person in
memory; what stands in tables of its own waits in `pending` until `store`.
"""

import re
from datetime import date
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.fields import Field
from import_export.widgets import Widget

from jobmatching.seekers.enums import SpellStatus
from jobmatching.seekers.importing.registers import Registers
from jobmatching.seekers.models import JobSeeker, OccupationWish, SeekerLanguage
from portal.classifications.enums import LanguageLevel
from portal.privacy.identity import blind_index, blind_indexes, encrypt, normalise
from portal.ui.free_words import MESSAGE, identity_code_in

SEPARATOR: Final = ";"
NOW: Final = "now"
_AT_ONCE: Final = frozenset({NOW, "heti", "nyt", "genast", "nu"})
_CENTURIES: Final = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
_FORMULA: Final = ("=", "+", "-", "@")
_FINNISH_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,38}")
_YES: Final = frozenset({"yes", "true", "1", "x", "kyllä", "on", "ja"})
_NO: Final = frozenset({"no", "false", "0", "ei", "nej"})

Pending = dict[str, Any]
Cells = dict[str, str]
Item = tuple[Any, str]
"""A row of a register, and the level where there is one ("" otherwise)."""


def pending(seeker: JobSeeker) -> Pending:
    """What the file says about the person that is stored in other tables than the person's own."""
    found: Pending = seeker.__dict__.setdefault("_imported", {})
    return found


def rows_of(seeker: JobSeeker, relation: str) -> list[Any]:
    """The stored rows of a list, read beforehand (`with_lists`); none for somebody new."""
    read: dict[str, Any] = getattr(seeker, "_prefetched_objects_cache", {})
    return list(read.get(relation, ()))


class Column(Field):
    """One column. `label` names it, `told` says what to write; both are lazy texts."""

    may_begin: ClassVar[tuple[str, ...]] = ()
    """Beginnings of a formula that are right in this column."""
    for_identity_codes: ClassVar[bool] = False
    """Whether an identity code is right in this column."""

    def __init__(self, name: str, label: Any, told: Any = "", *, attribute: str = "", required: bool = False) -> None:
        super().__init__(attribute=attribute or name, column_name=name, widget=Widget())
        self.label = label
        self.told = told
        self.required = required

    @property
    def stored_fields(self) -> tuple[str, ...]:
        """Columns of the person's own table that `save` sets."""
        return (self.attribute,)

    def check(self, told: str) -> None:
        """Refuse what is wrong in every column."""
        if told.startswith(_FORMULA) and not told.startswith(self.may_begin or "\0"):
            raise ValueError(_("The cell begins like a formula. Write the value itself."))
        if not told.isprintable():
            raise ValueError(_("The cell has characters that cannot be seen. Write it again."))
        if self.required and not told:
            raise ValueError(_("The cell is empty. Fill it in."))
        if not self.for_identity_codes and (code := identity_code_in(told)):
            raise ValueError(str(MESSAGE) % {"begins": code[:4]})

    def clean(self, row: Cells, **kwargs: Any) -> Any:
        return self.read(row[self.column_name], kwargs["registers"], kwargs["day"])

    def read(self, told: str, registers: Registers, day: date) -> Any:
        """The value that a cell stands for; ValueError where it stands for none."""
        field: Any = JobSeeker._meta.get_field(self.attribute)
        if not told:
            return None if field.null else ""
        try:
            return field.clean(told, None)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        value = self.get_value(instance)
        return "" if value is None else str(value)

    def compared(self, instance: JobSeeker) -> str:
        """What tells whether the file changes anything."""
        return self.export(instance)

    def store(self, seeker: JobSeeker) -> None:
        """Store what waits; the person has been saved."""


class PhoneColumn(Column):
    """A telephone number."""

    may_begin = ("+",)

    def read(self, told: str, registers: Registers, day: date) -> str:
        if told and not _PHONE.fullmatch(told):
            raise ValueError(_("This is not a telephone number. Write it like this: +358 40 123 4567."))
        return str(super().read(told, registers, day))


class DayColumn(Column):
    """A day, ISO or as Finnish people write it, within bounds."""

    def __init__(self, *args: Any, earliest: date, in_future: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.in_future = in_future

    def read(self, told: str, registers: Registers, day: date) -> date | None:
        if not told:
            return None
        try:
            if finnish := _FINNISH_DAY.fullmatch(told):
                read = date(int(finnish[3]), int(finnish[2]), int(finnish[1]))
            else:
                read = date.fromisoformat(told)
        except ValueError as error:
            raise ValueError(_("This is not a day. Write it like this: 2026-11-21 or 21.11.2026.")) from error
        if read < self.earliest or read.year > day.year + 10 or (read > day and not self.in_future):
            raise ValueError(_("The day cannot be right. Check the year."))
        return read

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        value: date | None = self.get_value(instance)
        return value.isoformat() if value else ""


class AvailableColumn(DayColumn):
    """The day from which the person can start, or `now` in any language of the portal."""

    stored_fields = ("available_from", "available_now")

    def save(self, instance: JobSeeker, row: Cells, is_m2m: bool = False, **kwargs: Any) -> None:
        instance.available_now = row[self.column_name].casefold() in _AT_ONCE
        instance.available_from = None if instance.available_now else self.clean(row, **kwargs)

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        return NOW if instance.available_now else super().export(instance)


class YesNoColumn(Column):
    """Yes or no; empty means unknown where the profile knows such a thing, otherwise no."""

    def read(self, told: str, registers: Registers, day: date) -> bool | None:
        word = told.casefold()
        if not word:
            return None if JobSeeker._meta.get_field(self.attribute).null else False
        if word not in _YES | _NO:
            raise ValueError(_("Write yes or no."))
        return word in _YES

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        return {True: "yes", False: "no"}.get(self.get_value(instance), "")


class CodeColumn(Column):
    """A row of a register, by its code or name."""

    def __init__(self, *args: Any, register: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register

    def read(self, told: str, registers: Registers, day: date) -> Any:
        return getattr(registers, self.register).find(told) if told else None

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        value = self.get_value(instance)
        return value.code if value else ""


class IdentityColumn(Column):
    """The identity code: taken in, never given out. An empty cell leaves the stored code as it is."""

    for_identity_codes = True

    stored_fields = ("identity_code", "identity_index")

    def save(self, instance: JobSeeker, row: Cells, is_m2m: bool = False, **kwargs: Any) -> None:
        told = row[self.column_name]
        if not told:
            return
        try:
            code = normalise(told)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        if instance.birth_date and instance.birth_date != _born(code):
            raise ValueError(_("The identity code and the date of birth do not fit together. Check both."))
        if instance.identity_index not in blind_indexes(code):
            instance.identity_code, instance.identity_index = encrypt(code), blind_index(code)

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        return ""

    def compared(self, instance: JobSeeker) -> str:
        return instance.identity_index or ""


class ListColumn(Column):
    """Rows of one list of the profile, with ; between."""

    stored_fields = ()

    def __init__(self, *args: Any, model: Any, target: str, register: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model
        self.target = target
        self.register = register

    def read(self, told: str, registers: Registers, day: date) -> list[Item]:
        register = getattr(registers, self.register)
        items = (self.item(part, register) for part in map(str.strip, told.split(SEPARATOR)) if part)
        return list(dict.fromkeys(items))

    def item(self, part: str, register: Any) -> Item:
        """One part of the cell."""
        return register.find(part), ""

    def save(self, instance: JobSeeker, row: Cells, is_m2m: bool = False, **kwargs: Any) -> None:
        pending(instance)[self.column_name] = self.clean(row, **kwargs)

    def get_value(self, instance: JobSeeker) -> list[Item]:
        told: list[Item] | None = pending(instance).get(self.column_name)
        return [self._as_item(row) for row in rows_of(instance, self.attribute)] if told is None else told

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        return SEPARATOR.join(sorted(map(self.written, self.get_value(instance))))

    def written(self, item: Item) -> str:
        return str(item[0].code)

    def store(self, seeker: JobSeeker) -> None:
        """Take away what the file does not name, add what is new; what stays keeps how it is known."""
        told: list[Item] | None = pending(seeker).pop(self.column_name, None)
        if told is None:
            return
        stays = {self._as_item(row): row for row in rows_of(seeker, self.attribute)}
        if gone := [row.pk for item, row in stays.items() if item not in told]:
            self.model.objects.filter(pk__in=gone).delete()
        self.add(seeker, told, {item: row for item, row in stays.items() if item in told})

    def add(self, seeker: JobSeeker, told: list[Item], stays: dict[Item, Any]) -> None:
        self.model.objects.bulk_create(self.made(seeker, item) for item in told if item not in stays)

    def made(self, seeker: JobSeeker, item: Item) -> Any:
        return self.model(seeker=seeker, **{self.target: item[0]})

    def _as_item(self, row: Any) -> Item:
        return getattr(row, self.target), getattr(row, "level", "")


class WishesColumn(ListColumn):
    """Occupations wished, most wanted first."""

    def export(self, instance: JobSeeker, **kwargs: Any) -> str:
        return SEPARATOR.join(map(self.written, self.get_value(instance)))

    def written(self, item: Item) -> str:
        return str(item[0].uri)

    def add(self, seeker: JobSeeker, told: list[Item], stays: dict[Item, Any]) -> None:
        new = []
        for order, item in enumerate(told, start=1):
            if item not in stays:
                new.append(OccupationWish(seeker=seeker, occupation=item[0], order=order))
            elif stays[item].order != order:
                OccupationWish.objects.filter(pk=stays[item].pk).update(order=order)
        OccupationWish.objects.bulk_create(new)


class LanguagesColumn(ListColumn):
    """Languages with their levels, `fi:B2;en:A2`; a language with nothing after the colon is known to be missing."""

    def read(self, told: str, registers: Registers, day: date) -> list[Item]:
        items = super().read(told, registers, day)
        if len({language for language, _level in items}) < len(items):
            raise ValueError(_("A language has two levels. Keep one of them."))
        return items

    def item(self, part: str, register: Any) -> Item:
        code, colon, level = (word.strip() for word in part.partition(":"))
        if not colon or level.upper() not in ("", *LanguageLevel.values):
            raise ValueError(
                _("“%(told)s” is not understood. Write languages and levels like this: %(example)s.")
                % {"told": Truncator(part).chars(60), "example": "fi:B2;en:A2"}
            )
        return register.find(code), level.upper()

    def written(self, item: Item) -> str:
        return f"{item[0].code}:{item[1]}"

    def made(self, seeker: JobSeeker, item: Item) -> SeekerLanguage:
        return SeekerLanguage(seeker=seeker, language=item[0], level=item[1])


class SituationColumn(Column):
    """The situation of the spell that is open, by its name in any language of the portal or its code."""

    stored_fields = ()

    def read(self, told: str, registers: Registers, day: date) -> str:
        if not told:
            return ""
        status = _situations().get(told.casefold())
        if status is None:
            known = ", ".join(str(label) for label in SpellStatus.labels)
            raise ValueError(
                _("“%(told)s” is not a situation. Write one of these: %(known)s.")
                % {"told": Truncator(told).chars(60), "known": known}
            )
        return status

    def save(self, instance: JobSeeker, row: Cells, is_m2m: bool = False, **kwargs: Any) -> None:
        pending(instance)[self.column_name] = self.clean(row, **kwargs)

    def get_value(self, instance: JobSeeker) -> str:
        told: str = pending(instance).get(self.column_name) or ""
        spell = open_spell(instance)
        return told or (spell.status if spell else "")


class RegisteredColumn(DayColumn):
    """The first day of the spell that is open."""

    stored_fields = ()

    def save(self, instance: JobSeeker, row: Cells, is_m2m: bool = False, **kwargs: Any) -> None:
        pending(instance)[self.column_name] = self.clean(row, **kwargs)

    def get_value(self, instance: JobSeeker) -> date | None:
        told: date | None = pending(instance).get(self.column_name)
        spell = open_spell(instance)
        return told or (spell.started_on if spell else None)


def open_spell(seeker: JobSeeker) -> Any:
    """The latest spell where it has no end; None otherwise. Reads the prefetched spells."""
    latest = max(rows_of(seeker, "spells"), key=lambda row: row.started_on, default=None)
    return latest if latest is not None and latest.ended_on is None else None


def _born(code: str) -> date:
    """The day of birth in a valid identity code."""
    return date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))


def _situations() -> dict[str, str]:
    """Every way to write a situation -> its code."""
    written: dict[str, str] = {}
    for language in ("fi", "sv", "en"):
        with override(language):
            written |= {str(status.label).casefold(): status.value for status in SpellStatus}
    return written | {status.value: status.value for status in SpellStatus}
