"""What a jobseeker is given of the own data by this floor: who has looked, what has changed, what was sent."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox.enums import RecipientKind
from portal.outbox.models import ContactWish, Link, Message
from portal.outbox.purposes import CONTACT
from portal.privacy.access.enums import Action, Purpose, ReasonCode
from portal.privacy.access.models import AccessLogEntry, AccessReason
from portal.privacy.access.querysets import INQUIRY_DAYS, OF_AUDIT, EntryQuerySet
from portal.privacy.access.showing import is_of_audit, reason_of
from portal.privacy.history.enums import Operation
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.telling import Line, Words
from portal.privacy.subject.rows import columns_of, covered, plain, row_of, section_of
from portal.privacy.subject.sections import Cell, Column, Exporter, Section, Told, of_model
from portal.ui import formats

_ROLES: Final = dict(Role.choices)


# --- Who has looked ------------------------------------------------------------------------------------------------
def _looks(person: Any) -> Section:
    """Every read that the access log has of the person: when, who, in which role, what, why."""
    note = _("A list is told here when you were on the page that was shown. Names of others are not repeated.")
    return _rows_of_log(_told_of(person).not_refused(), f"{note} {_later()}")


def _refused(person: Any) -> Section:
    """Everybody who asked for a page about the person and was shown nothing."""
    note = _("These users asked for a page about you and saw nothing of it.")
    return _rows_of_log(_told_of(person).refused(), note)


def _told_of(person: Any) -> EntryQuerySet:
    """The document passes through the hands of staff: what an inquiry about them is doing stands in a later one."""
    return AccessLogEntry.objects.of_subject(person.pk).told_outside_audit(person.pk, timezone.now())


def _later() -> str:
    return _("Looks of the supervision are told by time and role, at the earliest %(days)s days afterwards.") % {
        "days": INQUIRY_DAYS
    }


def _rows_of_log(found: EntryQuerySet, note: str) -> Section:
    columns = [
        Column("at", _("Time")),
        Column("who", _("Who")),
        Column("roles", _("In which roles")),
        Column("action", _("What was done")),
        Column("purpose", _("Why")),
        Column("others", _("How many others in the same list")),
    ]
    entries = list(found.order_by("at", "id"))
    names = _names(entry.user_id for entry in entries)
    purposes = {**dict(Purpose.choices), **dict(ReasonCode.choices)}
    actions = dict(Action.choices)
    rows: list[dict[str, Cell]] = [
        {
            "at": plain(entry.at),
            "who": "" if is_of_audit(entry) else names.get(entry.user_id, "") or entry.actor,
            "roles": [str(_ROLES.get(role, role)) for role in entry.roles],
            "action": Told(entry.action, str(actions.get(entry.action, entry.action))),
            "purpose": Told(purpose, str(purposes.get(purpose, purpose))) if purpose else "",
            "others": len(set(entry.subjects)) - 1,
        }
        for entry in entries
        for purpose in [Purpose.AUDIT.value if is_of_audit(entry) else entry.purpose]
    ]
    return Section(columns, rows, note)


def _reasons(person: Any) -> Section:
    names = ("code", "words", "at", "valid_until")
    # Reasons of auditors are about an inquiry; that an auditor looked is told as a look.
    of_audit = AccessLogEntry.objects.of_subject(person.pk).doing([Action.REASON]).filter(OF_AUDIT).order_by("id")
    numbers = {reason_of(entry) for entry in of_audit}
    found = AccessReason.objects.filter(subject=person.pk).order_by("at", "pk")
    reasons = [reason for reason in found if reason.pk not in numbers]
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
    words = Words(events, hidden=frozenset())
    rows: list[dict[str, Cell]] = []
    for event in events:
        told = words.told(event)
        rows.append(
            {
                "at": plain(event.at),
                "what": told.title,
                "operation": Told(event.operation, str(told.operation.label)),
                "changes": [_change(told.operation, line) for line in told.lines],
                "who": words.who(event),
                "how": str(event.get_source_display()),
                "reason": event.reason,
            }
        )
    return Section(columns, rows)


def _change(operation: Operation, line: Line) -> str:
    """Field: before → after; of a row added or deleted, its value."""
    if line.concealed:
        return line.label
    if operation != Operation.UPDATE:
        return f"{line.label}: {line.value}"
    return f"{line.label}: {line.before or formats.NOTHING} → {line.after or formats.NOTHING}"


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
REFUSED: Final = Exporter(
    "who_was_refused",
    gettext_lazy("Who asked for the data and was refused"),
    _refused,
    of_model("privacy.AccessLogEntry", ("at", "user_id", "actor", "roles", "action", "subjects", "purpose")),
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
