"""Personal data of the outbox: what was sent to whom, by which links people answered, how they want to be reached."""

from datetime import date, datetime, time
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.outbox.forgetting import forget_old, old_messages
from portal.privacy.fields import Audience, Basis, Kept, NotPersonal, PersonalField, Table, each
from portal.privacy.retention.rules import BulkRule, Removed

_MESSAGE = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_MESSAGE, Audience.ADMINISTRATORS)
_TOLD = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_MESSAGE, Audience.NOBODY)
_LINK = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_MESSAGE, Audience.NOBODY)
_WISH = PersonalField(Basis.STATUTORY_TASK, Kept.WITH_PROFILE, Audience.COACHES)
_SILENCED = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_ACCOUNT, Audience.NOBODY)
_CHANGED_BY = PersonalField(Basis.USE_OF_PORTAL, Kept.WITH_MESSAGE, Audience.ADMINISTRATORS)

_FATE = NotPersonal("what became of the message; addresses are taken out of the provider's answers")
_DEMO = NotPersonal("the demo's mailbox: invented people, refused elsewhere")

TABLE: Table = {
    "outbox.Message": {
        # The list of messages masks the address and shows nothing of what a message says or whom it is about.
        **each(
            _MESSAGE, "address", "recipient_kind", "recipient_id", "object_id", "kind", "key", "channel", "language"
        ),
        **each(_TOLD, "subject", "text", "html", "secrets"),
        **each(_FATE, "state", "attempts", "next_try_at", "claim", "claimed_at", "sent_at"),
        **each(_FATE, "provider", "provider_id", "answer"),
    },
    "outbox.Attempt": each(
        _FATE, "message", "number", "claimed_at", "asked_at", "ended_at", "outcome", "provider", "answer"
    ),
    "outbox.MessageTransition": {
        **each(_FATE, "message", "origin", "target", "happened_at", "reason"),
        **each(_CHANGED_BY, "by"),
    },
    "outbox.Link": each(
        _LINK,
        *("purpose", "object_id", "choices", "digest", "language", "single_use", "expires_at"),
        *("uses", "used_at", "revoked_at", "message"),
    ),
    "outbox.SilencedKind": each(_SILENCED, "user", "kind"),
    "outbox.ContactWish": each(
        _WISH, "subject_id", "wish", "language", "changed_at", "changed_by", "answered_at", "answered_by"
    ),
    "outbox.DemoLetter": each(_DEMO, "channel", "address", "language", "subject", "text", "html"),
}


class Messages(BulkRule):
    """Messages that have been sent, withdrawn or given up, and links that have expired."""

    code = "messages"
    kept = Kept.WITH_MESSAGE
    label = _("Messages sent, and links in them")
    covers = frozenset({"outbox.Message", "outbox.MessageTransition", "outbox.Link"})

    def find(self, before: date) -> Removed:
        return Removed(old_messages(_start_of(before)).count())

    def remove(self, before: date) -> Removed:
        keys = forget_old(_start_of(before))
        return Removed(len(keys), tuple(map(str, keys)))


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


MESSAGES: Final = Messages()
RETENTION = ("portal.privacy.messages.MESSAGES",)
EXPORTERS = (
    "portal.privacy.subject.of_logs.MESSAGES",
    "portal.privacy.subject.of_logs.LINKS",
    "portal.privacy.subject.of_logs.CONTACT_WISH",
)
NOT_EXPORTED = {
    "outbox.Message.html": "the same words as the text, with markup",
    "outbox.Message.secrets": "links until they are sent, encrypted; each link is told by itself",
    "outbox.MessageTransition": "who of the staff tried a message again; the message tells what became of it",
    "outbox.Link.digest": "a hash of the link's secret part",
    "outbox.Link.single_use": "a setting of the kind of link, the same for everybody",
    "outbox.Link.message": "the message is told by itself",
}
