"""What a jobseeker is given of the own data by this floor: who has looked, what has changed, what was sent."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox.enums import RecipientKind
from portal.outbox.models import ContactWish, Link, Message
from portal.outbox.purposes import CONTACT
from portal.privacy.access.enums import Action, Purpose, ReasonCode
from portal.privacy.access.models import AccessLogEntry, AccessReason
from portal.privacy.history.enums import Operation
from portal.privacy.history.models import HistoryEvent
from portal.privacy.subject.rows import columns_of, covered, plain, row_of, section_of
from portal.privacy.subject.sections import Cell, Column, Exporter, Section, Told, of_model

_ROLES: Final = dict(Role.choices)


# --- Who has looked ------------------------------------------------------------------------------------------------
def _looks(person: Any) -> Section:
    """Every read that the access log has of the person: when, who, in which role, what, why."""
    columns = [
        Column("at", _("Time")),
        Column("who", _("Who")),
        Column("roles", _("In which roles")),
        Column("action", _("What was done")),
        Column("purpose", _("Why")),
        Column("others", _("How many others in the same list")),
    ]
    entries = list(AccessLogEntry.objects.of_subject(person.pk).order_by("at", "id"))
    names = _names(entry.user_id for entry in entries)
    purposes = {**dict(Purpose.choices), **dict(ReasonCode.choices)}
    actions = dict(Action.choices)
    rows: list[dict[str, Cell]] = [
        {
            "at": plain(entry.at),
            "who": names.get(entry.user_id, "") or entry.actor,
            "roles": [str(_ROLES.get(role, role)) for role in entry.roles],
            "action": Told(entry.action, str(actions.get(entry.action, entry.action))),
            "purpose": Told(entry.purpose, str(purposes.get(entry.purpose, entry.purpose))) if entry.purpose else "",
            "others": len(set(entry.subjects)) - 1,
        }
        for entry in entries
    ]
    note = _("A list is told here when you were on the page that was shown. Names of others are not repeated.")
    return Section(columns, rows, note)


def _reasons(person: Any) -> Section:
    names = ("code", "words", "at", "valid_until")
    reasons = list(AccessReason.objects.filter(subject=person.pk).order_by("at", "pk"))
    users = _names(reason.user_id for reason in reasons)
    columns = [Column("who", _("Who")), *columns_of(AccessReason, names)]
    return Section(columns, [{"who": users.get(one.user_id, ""), **row_of(one, names)} for one in reasons])


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Number of a user -> name; of an account that is gone, that it is."""
    wanted = {pk for pk in ids if pk is not None}
    told: dict[int | None, str] = {pk: _("account %(number)s, since deleted") % {"number": pk} for pk in wanted}
    return told | {user.pk: str(user) for user in User.objects.filter(pk__in=wanted).order_by("pk")}


# --- What has changed ----------------------------------------------------------------------------------------------
def _history(person: Any) -> Section:
    """Every change of what people have entered about the person, field by field."""
    columns = [
        Column("at", _("Time")),
        Column("what", _("Data")),
        Column("operation", _("What happened")),
        Column("changes", _("From what to what")),
        Column("who", _("Who")),
        Column("how", _("How")),
        Column("reason", _("Reason")),
    ]
    events = list(HistoryEvent.objects.about(person).order_by("pk"))
    names = _names(event.actor_id for event in events)
    rows: list[dict[str, Cell]] = [
        {
            "at": plain(event.at),
            "what": _model_words(event.model),
            "operation": Told(event.operation, str(Operation(event.operation).label)),
            "changes": _differences(event),
            "who": names.get(event.actor_id, ""),
            "how": str(event.get_source_display()),
            "reason": event.reason,
        }
        for event in events
    ]
    return Section(columns, rows, _("Values stand as they are kept: codes and numbers of other registers."))


def _differences(event: HistoryEvent) -> list[str]:
    """Field: before → after; of a row added or deleted, its values."""
    before: Mapping[str, Any] = event.before or {}
    after: Mapping[str, Any] = event.after or {}
    names = [*before, *(name for name in after if name not in before)]
    model = _model(event.model)
    told = []
    for name in names:
        old, new = before.get(name), after.get(name)
        if old in (None, "", []) and new in (None, "", []):
            continue
        label = _column_words(model, name)
        changed = event.operation == Operation.UPDATE
        told.append(f"{label}: {_words(old)} → {_words(new)}" if changed else f"{label}: {_words(new or old)}")
    return told


def _words(value: Any) -> str:
    return "–" if value in (None, "", []) else str(value)


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _model_words(label: str) -> str:
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def _column_words(model: type[models.Model] | None, column: str) -> str:
    """What people call a column; the history names columns, not fields."""
    if model is None:
        return column
    try:
        return str(getattr(model._meta.get_field(column.removesuffix("_id")), "verbose_name", column))
    except FieldDoesNotExist:
        return column


# --- What was sent -------------------------------------------------------------------------------------------------
_MESSAGE: Final = ("kind", "created_at", "sent_at", "state", "channel", "address", "language", "subject", "text")


def _messages(person: Any) -> Section:
    rows = Message.objects.to(RecipientKind.JOBSEEKER, person.pk).order_by("created_at", "pk")
    columns = columns_of(Message, _MESSAGE)
    return Section(columns, [{**row_of(one, _MESSAGE), "kind": Told(one.kind, one.kind_label)} for one in rows])


_LINK: Final = ("created_at", "expires_at", "language", "uses", "used_at", "revoked_at", "choices")


def _links(person: Any) -> Section:
    links = Link.objects.filter(purpose=CONTACT, object_id=person.pk).order_by("created_at", "pk")
    return section_of(links, _LINK, Link)


_WISH: Final = ("wish", "language", "changed_at", "changed_by", "answered_at", "answered_by")


def _wishes(person: Any) -> Section:
    wishes = ContactWish.objects.filter(subject_id=person.pk).select_related("changed_by").order_by("pk")
    return section_of(wishes, _WISH, ContactWish)


LOOKS: Final = Exporter(
    "who_has_looked",
    gettext_lazy("Who has looked at the data"),
    _looks,
    of_model(
        "privacy.AccessLogEntry",
        ("at", "user_id", "actor", "roles", "action", "subjects", "purpose"),
    ),
    steps=2,
)
REASONS: Final = Exporter(
    "reasons_for_looking",
    gettext_lazy("Reasons given for opening the page"),
    _reasons,
    covered(AccessReason, ("user_id", "subject", "code", "words", "at", "valid_until")),
)
HISTORY: Final = Exporter(
    "history",
    gettext_lazy("What has been changed"),
    _history,
    covered(
        HistoryEvent,
        ("object_id", "owner_id", "also", "before", "after", "called", "reason", "actor"),
    ),
    steps=2,
)
MESSAGES: Final = Exporter(
    "messages",
    gettext_lazy("Messages sent"),
    _messages,
    covered(Message, (*_MESSAGE, "recipient_kind", "recipient_id", "object_id", "key")),
)
LINKS: Final = Exporter(
    "links", gettext_lazy("Links by which you can answer"), _links, covered(Link, (*_LINK, "purpose", "object_id"))
)
CONTACT_WISH: Final = Exporter(
    "contact_wish",
    gettext_lazy("How you want to be contacted"),
    _wishes,
    covered(ContactWish, ("subject_id", *_WISH)),
)
