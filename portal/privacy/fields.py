"""Which fields hold personal data: on which ground, for how long, and who sees them.

Each module in settings.PRIVACY_SOURCES has a plain `TABLE`: model label -> field name -> class. A test walks every
model of ours: a new field without a class fails it, and so does an entry whose field is gone. Retention, exports for
the person concerned and the register of personal fields are made from these tables.

Beside TABLE a source may have `RETENTION`, how rows are found due and go (portal.privacy.retention.rules), `TRACES`,
what else goes with them, and `EXPORTERS`, what a person is given of their own data (portal.privacy.subject.sections).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """The legal ground on which data is kept. The wording is the controller's to confirm before production."""

    STATUTORY_TASK = "statutory_task", _("statutory task: arranging employment services for the person")
    IDENTIFICATION = "identification", _("statutory task: telling the person apart from others with certainty")
    PROTECTION = "protection", _("statutory duty: non-disclosure for personal safety")
    EQUAL_TREATMENT = "equal_treatment", _("statutory duty: showing that jobseekers are treated equally")
    CO_OPERATION = (
        "co_operation",
        _("task in the public interest: co-operation with employers about vacancies"),
    )
    USE_OF_PORTAL = (
        "use_of_portal",
        _("task in the public interest: sign-in, rights and accountability of those who use the portal"),
    )


@dataclass(frozen=True)
class Retention:
    """A retention class: what begins its time. The time itself stands in dated rows (portal.privacy.retention)."""

    code: str
    after: str | Promise
    """What the time is counted from, as the end of a sentence: "kept 24 months after ..."."""
    first_months: int
    """The time of the first row, made where the class has none yet. All later times are rows, changed by people."""
    first_notice_days: int = 0
    """Days between telling those who answer for the data and deleting it, of the first row; 0: nobody is told."""


class Kept(Enum):
    """The retention classes. Their first times are provisional until the controller's archiving plan says otherwise."""

    WITH_PROFILE = Retention("profile", _("the month in which the last registration spell ended"), 24, 30)
    WITH_ACCOUNT = Retention("account", _("the account was closed or its last role ended"), 12, 14)
    WITH_EMPLOYER = Retention("employer", _("the employer's last vacancy was closed"), 24, 14)
    WITH_VACANCY = Retention("vacancy", _("the vacancy was closed or filled"), 24)
    WITH_MESSAGE = Retention("message", _("the message was written"), 6)
    WITH_RUN = Retention("run", _("the run"), 6)
    WITH_ACCESS_LOG = Retention("access_log", _("the month of the read"), 60)
    FOR_ACCOUNTABILITY = Retention("accountability", _("the rules were replaced or the run was made"), 120)
    FOR_REPLAY = Retention("tombstone", _("the deletion"), 12)


class Audience(models.TextChoices):
    """Who sees a field, as the portal shows it."""

    COACHES = "coaches", _("those who may see the jobseeker")
    ON_DEMAND = "on_demand", _("those who may see the jobseeker, each time on demand and logged")
    MATCHING = "matching", _("nobody: only the matching engine reads it")
    REPORT = "report", _("nobody: only figures of groups are made from it")
    VACANCY_READERS = "vacancy_readers", _("those who may see the vacancy or the employer")
    COLLEAGUES = "colleagues", _("those who work with the same jobseekers or vacancies")
    RUN_READERS = "run_readers", _("those who may see the runs")
    AUDITORS = "auditors", _("auditors, as numbers; of one person, also those who serve the person")
    ADMINISTRATORS = "administrators", _("the person and administrators")
    NOBODY = "nobody", _("nobody: the portal uses it without showing it")


@dataclass(frozen=True)
class PersonalField:
    """A field that tells something about a person."""

    basis: Basis
    kept: Kept
    seen_by: Audience


@dataclass(frozen=True)
class NotPersonal:
    """A field (or all fields of a model) that tells nothing about a person."""

    reason: str


FieldClass = PersonalField | NotPersonal
Table = Mapping[str, Mapping[str, FieldClass] | NotPersonal]

ROW = NotPersonal("key and times of the row itself: they go when the row goes")
ROW_FIELDS = frozenset({"id", "created_at", "updated_at"})


def each(field_class: FieldClass, *names: str) -> dict[str, FieldClass]:
    """Give several fields one class."""
    return dict.fromkeys(names, field_class)


def tables() -> dict[str, Mapping[str, FieldClass] | NotPersonal]:
    """All tables as one: model label -> its entry. ValueError where two sources name one model."""
    gathered: dict[str, Mapping[str, FieldClass] | NotPersonal] = {}
    for source in settings.PRIVACY_SOURCES:
        table: Table = import_module(source).TABLE
        if twice := gathered.keys() & table.keys():
            raise ValueError(f"{source} names models that another source names: {', '.join(sorted(twice))}")
        gathered |= table
    return gathered


def fields_of(model: type[models.Model]) -> list[str]:
    """Names of the fields that a model stores itself, many-to-many ones included."""
    return [field.name for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)]


def field_classes() -> dict[str, FieldClass]:
    """Every classified field of the installed models: "app.Model.field" -> its class."""
    classes: dict[str, FieldClass] = {}
    for label, entry in tables().items():
        for name in fields_of(apps.get_model(label)):
            if isinstance(entry, NotPersonal):
                classes[f"{label}.{name}"] = entry
            elif name in entry:
                classes[f"{label}.{name}"] = entry[name]
            elif name in ROW_FIELDS:
                classes[f"{label}.{name}"] = ROW
    return classes


def personal_fields(model: type[models.Model]) -> dict[str, PersonalField]:
    """The fields of a model that hold personal data."""
    prefix = f"{model._meta.label}."
    return {
        key.removeprefix(prefix): one
        for key, one in field_classes().items()
        if key.startswith(prefix) and isinstance(one, PersonalField)
    }
