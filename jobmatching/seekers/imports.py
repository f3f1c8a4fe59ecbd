"""Jobseekers from a file: which columns there are, what a row may change, and what the whole file would do.

A person is known by `source_id`. A column that is left out changes nothing; an empty cell empties the value, except the
identity code and the registration, which it leaves as they are. A file goes in as a whole or not at all, as far as the
one who imports can see: a row that would meet somebody unseen is put aside without a word (docs/adr/0007).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.resources import ModelResource

from jobmatching.seekers import models as m
from jobmatching.seekers.importing.columns import (
    SEPARATOR,
    AvailableColumn,
    CodeColumn,
    Column,
    DayColumn,
    IdentityColumn,
    LanguagesColumn,
    ListColumn,
    PhoneColumn,
    RegisteredColumn,
    SituationColumn,
    WishesColumn,
    YesNoColumn,
)
from jobmatching.seekers.importing.files import Table
from jobmatching.seekers.importing.owners import Owners
from jobmatching.seekers.importing.registers import Registers
from jobmatching.seekers.importing.spells import Registration
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.non_disclosure.services import note_put_aside
from portal.accounts.models import User
from portal.classifications.models import EmploymentArea
from portal.privacy.history import Source, context
from portal.privacy.identity import as_identity_code, blind_indexes
from portal.ui.free_words import identity_code_in

_BORN_EARLIEST: Final = date(1900, 1, 1)
_REGISTERED_EARLIEST: Final = date(1960, 1, 1)

_REQUIRED = gettext_lazy("Required.")
_DAY = gettext_lazy("2026-11-21 or 21.11.2026.")
_YES_NO = gettext_lazy("yes or no.")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell (`column` "" : in the whole row), and what to do."""

    number: int
    """Row of the spreadsheet; the header is row 1."""
    column: str
    label: str
    told: str
    """What stands in the cell; never an identity code."""
    message: str


@dataclass(frozen=True)
class RowChange:
    """A row that brings somebody new, or changes what these columns say of somebody."""

    number: int
    seeker: str
    source_id: str
    new: bool
    labels: tuple[str, ...] = ()
    pk: int | None = None
    """The number of the jobseeker; None for somebody new who has not been stored."""


@dataclass(frozen=True)
class Outcome:
    """What a file does (or has done)."""

    unchanged: int
    changes: Sequence[RowChange]
    errors: Sequence[RowError]
    matched: frozenset[int] = frozenset()
    """All people whom the rows name by identifier or code, unseen ones included: for the access log alone."""

    @property
    def new(self) -> int:
        return sum(change.new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new

    @property
    def wrong_rows(self) -> int:
        return len({error.number for error in self.errors})


class SeekerResource(ModelResource):
    """Jobseekers as rows, read and written on behalf of one user into one area."""

    source_id = Column(
        "source_id",
        gettext_lazy("identifier at the source"),
        gettext_lazy(
            "Required. The person's own identifier in your other system; the same one finds the person again."
        ),
        required=True,
    )
    first_name = Column("first_name", gettext_lazy("first name"), _REQUIRED, required=True)
    last_name = Column("last_name", gettext_lazy("last name"), _REQUIRED, required=True)
    birth_date = DayColumn(
        "birth_date",
        gettext_lazy("date of birth"),
        gettext_lazy("Required. 1990-01-31 or 31.1.1990."),
        required=True,
        earliest=_BORN_EARLIEST,
    )
    identity_code = IdentityColumn(
        "identity_code",
        gettext_lazy("identity code"),
        gettext_lazy("Stored encrypted and never shown. An empty cell leaves the stored code as it is."),
    )
    home_municipality = CodeColumn(
        "home_municipality",
        gettext_lazy("home municipality"),
        gettext_lazy("Code or name."),
        attribute="home",
        register="municipalities",
    )
    email = Column("email", gettext_lazy("e-mail address"))
    phone = PhoneColumn("phone", gettext_lazy("telephone"))
    service_language = CodeColumn(
        "service_language",
        gettext_lazy("language of service"),
        gettext_lazy("Code or name."),
        register="languages",
    )
    occupations = WishesColumn(
        "occupations",
        gettext_lazy("occupations wished"),
        gettext_lazy("Codes or addresses of occupations with ; between, most wanted first."),
        attribute="wishes",
        model=m.OccupationWish,
        target="occupation",
        register="occupations",
    )
    max_travel_minutes = Column("max_travel_minutes", gettext_lazy("longest way to work in minutes"))
    own_car = YesNoColumn("own_car", gettext_lazy("has a car"), _YES_NO)
    ready_to_move = YesNoColumn("ready_to_move", gettext_lazy("ready to move for work"), _YES_NO)
    available_from = AvailableColumn(
        "available_from",
        gettext_lazy("available from"),
        gettext_lazy("A day, or: now."),
        earliest=_REGISTERED_EARLIEST,
        in_future=True,
    )
    languages = LanguagesColumn(
        "languages",
        gettext_lazy("language skills"),
        gettext_lazy("Codes with levels A1 to C2, or L1 for the mother tongue, with ; between."),
        attribute="languages_held",
        model=m.SeekerLanguage,
        target="language",
        register="languages",
    )
    licences = ListColumn(
        "licences",
        gettext_lazy("driving licences"),
        gettext_lazy("Codes of classes with ; between."),
        attribute="licences_held",
        model=m.SeekerLicence,
        target="licence",
        register="licences",
    )
    cards = ListColumn(
        "cards",
        gettext_lazy("permits and cards"),
        gettext_lazy("Codes with ; between."),
        attribute="cards_held",
        model=m.SeekerCard,
        target="card",
        register="cards",
    )
    education_level = CodeColumn(
        "education_level",
        gettext_lazy("level of education"),
        gettext_lazy("Code or name."),
        register="education_levels",
    )
    registered_on = RegisteredColumn(
        "registered_on",
        gettext_lazy("start of the registration"),
        _DAY,
        earliest=_REGISTERED_EARLIEST,
    )
    situation = SituationColumn(
        "situation",
        gettext_lazy("situation"),
        gettext_lazy("For example unemployed. A new start or situation ends the earlier one."),
    )

    class Meta:
        model = JobSeeker
        fields = (
            "source_id",
            "first_name",
            "last_name",
            "birth_date",
            "identity_code",
            "home_municipality",
            "email",
            "phone",
            "service_language",
            "occupations",
            "max_travel_minutes",
            "own_car",
            "ready_to_move",
            "available_from",
            "languages",
            "licences",
            "cards",
            "education_level",
            "registered_on",
            "situation",
        )
        import_order = export_order = fields
        import_id_fields = ("source_id",)
        use_transactions = True
        report_skipped = True
        # Each column checks its cells; the library's own comparison would copy every person and read all lists again.
        clean_model_instances = False
        skip_diff = True

    def __init__(self, user: User, area: EmploymentArea, day: date, *, saving: bool = False) -> None:
        super().__init__()
        self._user = user
        self._area = area
        self._day = day
        self._saving = saving
        self._existing: dict[str, JobSeeker] = {}
        self._owners = Owners()
        self._unseen_of_row: frozenset[int] = frozenset()
        self.put_aside: set[int] = set()
        """People whom the importer does not see and whom a row would have met; the row stores nothing."""
        self._registers: Registers
        self._counts: dict[str, Counter[str]] = {}
        self._before: dict[str, str] = {}
        self.changes: list[tuple[int, JobSeeker, bool, tuple[str, ...]]] = []
        """Dataset row, person, whether new, names of the columns that change."""

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Read at once all that the rows are held against."""
        ids = _cells(dataset, "source_id")
        hashes = [found for code in _cells(dataset, "identity_code") if (found := _indexes(code))]
        indexes = [present for present, *_former in hashes]
        self._counts = {"source_id": Counter(ids), "identity_code": Counter(indexes)}
        seekers = with_lists(JobSeeker.objects.visible_to(self._user)).filter(source_id__in=ids)
        if self._saving:
            seekers = seekers.select_for_update(of=("self",))
        self._existing = {str(seeker.source_id): seeker for seeker in seekers.order_by("pk")}
        present_of = {index: found[0] for found in hashes for index in found}
        self._owners = Owners.of(self._user, ids, present_of)
        occupations = {part.strip() for cell in _cells(dataset, "occupations") for part in cell.split(SEPARATOR)}
        self._registers = Registers.load(occupations)

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> JobSeeker | None:
        return self._existing.get(row["source_id"])

    def after_init_instance(self, instance: JobSeeker, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        """Somebody new belongs to the area of the import."""
        if new:
            instance.area = self._area

    def import_instance(self, instance: JobSeeker, row: dict[str, str], **kwargs: Any) -> None:
        """Put the cells into the person, all of the row's errors at once."""
        columns = self._columns_of(row)
        self._before = {column.column_name: column.compared(instance) for column in columns}
        errors: dict[str, str] = {}
        for column in columns:
            try:
                column.check(row[column.column_name])
                column.save(instance, row, registers=self._registers, day=self._day)
            except ValueError as error:
                errors[column.column_name] = str(error)
        errors = {**dict(self._errors_of_row(instance)), **errors}
        self._unseen_of_row = self._owners.unseen(instance)
        if "registered_on" not in errors and "situation" not in errors:
            try:
                Registration.told(instance)
            except ValueError as error:
                errors["registered_on"] = str(error)
        if errors:
            raise ValidationError(errors)

    def _errors_of_row(self, seeker: JobSeeker) -> Iterable[tuple[str, str]]:
        """What is wrong with who the row is about."""
        source_id, index = seeker.source_id or "", seeker.identity_index or ""
        if not seeker._state.adding and seeker.area_id != self._area.pk:
            yield (
                "source_id",
                _("The jobseeker is in another area: %s. Import the row into that area.") % seeker.area,
            )
        elif self._counts["source_id"][source_id] > 1:
            yield "source_id", _("The same identifier is on several rows. Keep one of them.")
        if index and self._counts["identity_code"][index] > 1:
            yield "identity_code", _("The same identity code is on several rows. Check whose it is.")
        elif self._owners.sees_another_with_code_of(seeker):
            yield (
                "identity_code",
                _("The identity code cannot be taken from the file. Check it, or leave the cell empty."),
            )

    def skip_row(
        self, instance: JobSeeker, original: Any, row: dict[str, str], import_validation_errors: Any = None
    ) -> bool:
        return not (instance._state.adding or import_validation_errors or self._changed(instance, row))

    def _changed(self, seeker: JobSeeker, row: dict[str, str]) -> list[Column]:
        return [
            column for column in self._columns_of(row) if column.compared(seeker) != self._before[column.column_name]
        ]

    def save_instance(self, instance: JobSeeker, is_create: bool, row: dict[str, str], **kwargs: Any) -> None:
        """Store the person and the lists; a dry run stores nothing."""
        columns = self._columns_of(row)
        changed = tuple(column.column_name for column in self._changed(instance, row))
        self.changes.append((kwargs["row_number"], instance, is_create, () if is_create else changed))
        if not self._saving:
            return
        if self._unseen_of_row:
            # Told as taken in: whether there is such a person is nobody's business here.
            self.put_aside |= self._unseen_of_row
            return
        if is_create:
            instance.save(force_insert=True)
        else:
            instance.save(update_fields=[*(name for column in columns for name in column.stored_fields), "updated_at"])
        for column in columns:
            column.store(instance)
        Registration.told(instance).store()

    @property
    def matched(self) -> frozenset[int]:
        """All people whom the rows name by identifier or code."""
        return self._owners.everybody

    def _columns_of(self, row: dict[str, str]) -> list[Column]:
        """The columns that the file has."""
        return [column for column in self.get_import_fields() if column.column_name in row]


def with_lists(seekers: "QuerySet[JobSeeker]") -> "QuerySet[JobSeeker]":
    """People with all that the columns show."""
    lists = (
        ("wishes", m.OccupationWish.objects.select_related("occupation").order_by("order", "pk")),
        ("languages_held", m.SeekerLanguage.objects.select_related("language").order_by("pk")),
        ("licences_held", m.SeekerLicence.objects.select_related("licence").order_by("pk")),
        ("cards_held", m.SeekerCard.objects.select_related("card").order_by("pk")),
        ("spells", m.RegistrationSpell.objects.order_by("started_on", "pk")),
    )
    return seekers.select_related("home", "service_language", "education_level", "area").prefetch_related(
        *(Prefetch(name, rows) for name, rows in lists)
    )


def all_columns() -> list[Column]:
    """The columns in the order of the template."""
    return [SeekerResource.fields[name] for name in SeekerResource._meta.fields]


def column_names(*, required: bool = False) -> list[str]:
    """Names of the columns; with `required` those that every file must have."""
    return [column.column_name for column in all_columns() if column.required or not required]


def import_people(table: Table, user: User, area: EmploymentArea, day: date, *, saving: bool) -> Outcome:
    """Check a file, and with `saving` store it where nothing in it is wrong; otherwise nothing is stored."""
    resource = SeekerResource(user, area, day, saving=saving)
    dataset = tablib.Dataset(*table.rows, headers=table.columns)
    with context(actor=user, source=Source.IMPORT, name="seekers"):
        result = resource.import_data(dataset, dry_run=not saving, rollback_on_validation_errors=True)
    for failure in result.base_errors:
        raise failure.error
    errors = [error for row in result.invalid_rows for error in _errors(row, table)]
    for row in result.error_rows:
        for failure in row.errors:
            if not isinstance(failure.error, IntegrityError):
                raise failure.error
        told = _("Somebody has changed the same jobseeker at the same time. Check the file again.")
        errors.append(RowError(table.numbers[row.number - 1], "", "", "", told))
    changes = [
        RowChange(
            table.numbers[number - 1], seeker.name, str(seeker.source_id), new, tuple(map(_label, names)), seeker.pk
        )
        for number, seeker, new, names in resource.changes
    ]
    if saving and not errors:
        note_put_aside(resource.put_aside, user)
    return Outcome(result.totals["skip"], changes, sorted(errors, key=lambda error: error.number), resource.matched)


def _errors(row: Any, table: Table) -> Iterable[RowError]:
    cells = dict(zip(table.columns, table.rows[row.number - 1], strict=True))
    for name, messages in row.error.message_dict.items():
        told = cells.get(name, "")
        if name == "identity_code" or identity_code_in(told):
            told = ""
        yield RowError(table.numbers[row.number - 1], name, _label(name), told, " ".join(messages))


def _label(name: str) -> str:
    return str(capfirst(SeekerResource.fields[name].label))


def _cells(dataset: tablib.Dataset, column: str) -> list[str]:
    """The filled cells of a column."""
    return [cell for cell in dataset[column] if cell] if column in dataset.headers else []


def _indexes(code: str) -> list[str]:
    """The search keys of an identity code, the present one first; none where it is no code."""
    return blind_indexes(normal) if (normal := as_identity_code(code)) else []
