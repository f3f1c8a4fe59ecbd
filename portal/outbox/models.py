"""Messages, the attempts at sending them, links for people without an account, and what people want to be sent."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import AnyUser, may
from portal.accounts.roles import Permission
from portal.outbox.addresses import masked
from portal.outbox.answers import in_words
from portal.outbox.enums import (
    ENDED,
    WAITING,
    AttemptOutcome,
    Channel,
    LinkState,
    MessageState,
    RecipientKind,
    Wish,
)
from portal.outbox.kinds import KINDS


class MessageQuerySet(models.QuerySet[Any]):
    """Messages."""

    def visible_to(self, user: AnyUser) -> "MessageQuerySet":
        """All for those who look after messages, none for everybody else."""
        return self.all() if may(user, Permission.OUTBOX_VIEW) else self.none()

    def waiting(self) -> "MessageQuerySet":
        """Those that the sender will take, now or later."""
        return self.filter(state__in=sorted(WAITING))

    def due(self, now: datetime) -> "MessageQuerySet":
        """Those that the sender may take at `now`, in the order in which they became due."""
        return self.waiting().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def not_over(self) -> "MessageQuerySet":
        """Those that may still be sent, by themselves or by somebody's decision."""
        return self.exclude(state__in=sorted(ENDED))

    def for_people_to_decide(self) -> "MessageQuerySet":
        """Those that nothing more happens to by itself: given up, or uncertain."""
        return self.filter(state__in=(MessageState.GIVEN_UP, MessageState.UNCERTAIN))

    def can_be_sent_again(self) -> "MessageQuerySet":
        """Those that were given up and yet have an address: after an outage of the provider, say."""
        return self.filter(state=MessageState.GIVEN_UP).exclude(address="")

    def for_list(self) -> "MessageQuerySet":
        """What the list of messages shows, newest first: nothing of what they say, or whom they are about."""
        return self.defer("subject", "text", "html", "secrets", "recipient_id", "object_id", "key").order_by(
            "-created_at", "-pk"
        )

    def to(self, recipient_kind: RecipientKind, recipient_id: int) -> "MessageQuerySet":
        """Messages for one recipient, newest first."""
        return self.filter(recipient_kind=recipient_kind, recipient_id=recipient_id).order_by("-created_at", "-pk")


class Message(models.Model):
    """A message to one recipient on one channel, written in the transaction of what it tells about."""

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=100)
    recipient_kind = models.CharField(_("recipient"), max_length=10, choices=RecipientKind)
    recipient_id = models.BigIntegerField(_("key of the recipient"), null=True, blank=True)
    object_id = models.BigIntegerField(_("key of what the message is about"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel)
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    secrets = models.BinaryField(
        _("links"), default=bytes, blank=True, editable=False, help_text=_("Encrypted, and gone once sent.")
    )

    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    claim = models.UUIDField(_("attempt going on"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("taken to be sent"), null=True, blank=True)
    provider = models.CharField(_("provider"), max_length=40, blank=True)
    provider_id = models.CharField(_("identifier at the provider"), max_length=200, blank=True)
    answer = models.CharField(_("the provider's answer"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=("next_try_at", "id"), condition=Q(state__in=("queued", "failed")), name="outbox_message_due"
            ),
            models.Index(fields=("claimed_at",), condition=Q(state="sending"), name="outbox_message_going_on"),
            models.Index(fields=("-created_at", "-id"), name="outbox_message_newest"),
            models.Index(fields=("recipient_kind", "recipient_id"), name="outbox_message_recipient"),
        )
        constraints = (
            models.UniqueConstraint(fields=("kind", "key"), name="outbox_message_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outbox_message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("queued", "failed")) | Q(next_try_at__isnull=False),
                name="outbox_message_waiting_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(claim__isnull=False, claimed_at__isnull=False),
                name="outbox_message_sending_has_claim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values) & Q(channel__in=Channel.values),
                name="outbox_message_known_state_and_channel",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | Q(state__in=("given_up", "withdrawn")),
                name="outbox_message_has_address",
            ),
            # A link that has been sent lies in the recipient's mailbox alone.
            models.CheckConstraint(
                condition=~Q(state__in=("sent", "withdrawn")) | Q(secrets=b""), name="outbox_message_ended_has_no_links"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def kind_label(self) -> str:
        """What people call the kind; its code where the table no longer has it."""
        kind = KINDS.get(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def answer_in_words(self) -> str:
        """The provider's answer, or our own reason in the reader's language."""
        return in_words(self.answer)

    @property
    def masked_address(self) -> str:
        """Enough of the address to know one's own again."""
        return masked(self.address)


class Attempt(models.Model):
    """One attempt at sending a message: committed before the provider is asked, completed by its answer."""

    id = models.UUIDField(_("attempt"), primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="tries", verbose_name=_("message"))
    number = models.PositiveSmallIntegerField(_("number"))
    claimed_at = models.DateTimeField(_("taken to be sent"))
    asked_at = models.DateTimeField(_("provider asked"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=AttemptOutcome, blank=True, default="")
    provider = models.CharField(_("provider"), max_length=40, blank=True)
    answer = models.CharField(_("the provider's answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt at sending")
        verbose_name_plural = _("attempts at sending")
        ordering = ("message", "number", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="") | Q(ended_at__isnull=False), name="outbox_attempt_outcome_has_end"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "dropped")) | Q(asked_at__isnull=False),
                name="outbox_attempt_answer_has_question",
            ),
        )

    @property
    def answer_in_words(self) -> str:
        """The provider's answer, or our own reason in the reader's language."""
        return in_words(self.answer)


class MessageTransition(models.Model):
    """What changed the state of a message, and who, where a person did it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="transitions", verbose_name=_("message"))
    origin = models.CharField(_("from"), max_length=10, choices=MessageState)
    target = models.CharField(_("to"), max_length=10, choices=MessageState)
    happened_at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of a message")
        verbose_name_plural = _("changes of messages")
        ordering = ("message", "happened_at", "pk")

    @property
    def reason_in_words(self) -> str:
        """What a person wrote, or our own reason in the reader's language."""
        return in_words(self.reason)


class Link(models.Model):
    """A link by which somebody without an account answers. The token itself is kept nowhere, only its hash."""

    purpose = models.CharField(_("purpose"), max_length=40)
    object_id = models.BigIntegerField(_("key of what the link is about"))
    choices = models.JSONField(_("what may be answered"), default=dict, blank=True)
    digest = models.CharField(_("hash of the token"), max_length=64, unique=True)
    language = models.CharField(_("language"), max_length=2)
    single_use = models.BooleanField(_("good for one answer"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    uses = models.PositiveIntegerField(_("answers"), default=0)
    used_at = models.DateTimeField(_("last answer"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="links", verbose_name=_("sent in")
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("purpose", "object_id"), name="outbox_link_about"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="outbox_link_expires_after_creation"
            ),
            models.CheckConstraint(
                condition=Q(uses=0, used_at__isnull=True) | Q(uses__gt=0, used_at__isnull=False),
                name="outbox_link_use_has_time",
            ),
            models.CheckConstraint(condition=Q(single_use=False) | Q(uses__lte=1), name="outbox_link_single_use"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def state_at(self, now: datetime) -> LinkState:
        """What the link is good for. An answer given stays one after the link has expired."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.single_use and self.uses:
            return LinkState.USED
        return LinkState.EXPIRED if self.expires_at <= now else LinkState.OPEN


class SilencedKind(models.Model):
    """A user does not want an optional kind of message."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="silenced_kinds", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=40)

    class Meta:
        verbose_name = _("kind of message not wanted")
        verbose_name_plural = _("kinds of messages not wanted")
        ordering = ("user", "kind", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="outbox_silencedkind_once"),)


class ContactWish(models.Model):
    """How a jobseeker wants to be written to, kept by staff or answered by the person. The floor knows but a key."""

    subject_id = models.BigIntegerField(_("key of the jobseeker"), unique=True)
    wish = models.CharField(_("how to write"), max_length=4, choices=Wish)
    language = models.CharField(_("language of messages"), max_length=2, choices=settings.LANGUAGES)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    answered_at = models.DateTimeField(_("answered by the jobseeker"), null=True, blank=True)
    answered_by = models.CharField(_("answered from"), max_length=4, choices=Channel, blank=True)
    """The channel on which the link went that the person answered by: the address there has been shown to work."""

    class Meta:
        verbose_name = _("contact wish")
        verbose_name_plural = _("contact wishes")
        ordering = ("subject_id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="outbox_contactwish_answer_whole",
            ),
        )


class DemoLetter(models.Model):
    """A message of the demo, kept where people can read it in place of a mailbox. Only where DEMO_ACCOUNTS is on."""

    channel = models.CharField(_("channel"), max_length=4, choices=Channel)
    address = models.CharField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=2)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    html = models.TextField(_("text as HTML"), blank=True)
    created_at = models.DateTimeField(_("arrived"), default=timezone.now)

    class Meta:
        verbose_name = _("letter of the demo")
        verbose_name_plural = _("letters of the demo")
        ordering = ("-created_at", "-pk")
