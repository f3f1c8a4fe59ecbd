"""What people want to be sent, and in which language."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.permissions import may
from portal.effects import emit
from portal.outbox.enums import Channel, RecipientKind, Wish
from portal.outbox.kinds import OPTIONAL, Kind
from portal.outbox.models import ContactWish, SilencedKind

_CHANNELS: Final = {Wish.MAIL: Channel.MAIL, Wish.SMS: Channel.SMS, Wish.NONE: None}


@dataclass(frozen=True)
class KnownWish:
    """How a jobseeker wants to be written to; no channel: not electronically."""

    channel: Channel | None
    language: str


def language_of(kind: RecipientKind, pk: int | None) -> str:
    """The language in which somebody wants messages; the portal's first one where that is not known."""
    language: str | None = None
    if kind == RecipientKind.ACCOUNT and pk is not None:
        language = User.objects.filter(pk=pk).values_list("language", flat=True).first()
    elif kind == RecipientKind.JOBSEEKER and pk is not None:
        language = ContactWish.objects.filter(subject_id=pk).values_list("language", flat=True).first()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


# --- Users -----------------------------------------------------------------------------------------------------------
def silenced(user_id: int, kind: str) -> bool:
    """Whether a user does not want an optional kind."""
    return SilencedKind.objects.filter(user=user_id, kind=kind).exists()


def offered_kinds(user: User) -> list[Kind]:
    """The optional kinds that a user may get in the roles held today."""
    return [kind for kind in OPTIONAL if kind.permission is None or may(user, kind.permission)]


def wanted_kinds(user: User) -> list[str]:
    """Codes of the optional kinds that the user gets."""
    not_wanted = set(SilencedKind.objects.filter(user=user).values_list("kind", flat=True))
    return [kind.code for kind in offered_kinds(user) if kind.code not in not_wanted]


@transaction.atomic
def choose_kinds(user: User, wanted: Collection[str]) -> None:
    """Keep which of the kinds offered to the user are wanted from now on; others stay as they are."""
    for kind in offered_kinds(user):
        if kind.code in wanted:
            want_again(user.pk, kind.code)
        else:
            silence(user.pk, kind.code)


def silence(user_id: int, kind: str) -> None:
    """No more messages of an optional kind. ValueError for one that everybody gets."""
    if kind not in {one.code for one in OPTIONAL}:
        raise ValueError("This kind cannot be left out.")
    SilencedKind.objects.get_or_create(user_id=user_id, kind=kind)


def want_again(user_id: int, kind: str) -> None:
    """Messages of a kind again, as before it was silenced."""
    SilencedKind.objects.filter(user=user_id, kind=kind).delete()


# --- Jobseekers ------------------------------------------------------------------------------------------------------
def wish_of(subject_id: int) -> KnownWish | None:
    """How a jobseeker wants to be written to; None where nobody has asked."""
    kept = ContactWish.objects.filter(subject_id=subject_id).first()
    return KnownWish(_CHANNELS[Wish(kept.wish)], kept.language) if kept else None


def keep_wish(subject_id: int, wish: Wish, language: str, by: User) -> ContactWish:
    """Staff note how a jobseeker wants to be written to. An answer that the person gave before is then history."""
    noted = {"wish": wish, "language": language, "changed_at": timezone.now(), "changed_by": by}
    answered = {"answered_at": None, "answered_by": ""}
    kept, _created = ContactWish.objects.update_or_create(subject_id=subject_id, defaults={**noted, **answered})
    return kept


def keep_answer(subject_id: int, wish: Wish, language: str, channel: Channel) -> ContactWish:
    """The person has answered by a link that came on `channel`: the address there works."""
    now = timezone.now()
    noted = {"wish": wish, "language": language, "changed_at": now, "changed_by": None}
    answered = {"answered_at": now, "answered_by": channel}
    kept, _created = ContactWish.objects.update_or_create(subject_id=subject_id, defaults={**noted, **answered})
    emit("outbox.contact_answered", subject_id)
    return kept
