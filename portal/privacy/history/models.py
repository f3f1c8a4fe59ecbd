"""The events of the history, written by triggers alone."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.privacy.history.context import LONGEST_NAME, LONGEST_REASON, Source
from portal.privacy.history.enums import Operation
from portal.privacy.history.querysets import HistoryEventQuerySet


class HistoryEvent(models.Model):
    """A row was added, changed or deleted: what differs, when, by whom and why. Never changed, only forgotten whole.

    Models stand as labels ("jobmatching.seekerskill"), values as JSON under the names of columns. An event outlives its
    row and may outlive the one who made it: nothing here is a foreign key of the database.
    """

    at = models.DateTimeField(_("when"), help_text=_("Beginning of the transaction."))
    transaction = models.BigIntegerField(_("transaction"), help_text=_("The same for all that was done at once."))
    operation = models.CharField(_("what happened"), max_length=1, choices=Operation)
    model = models.CharField(_("kind of row"), max_length=100)
    object_id = models.CharField(_("number of the row"), max_length=40)
    owner_model = models.CharField(_("kind of what the row belongs to"), max_length=100)
    owner_id = models.BigIntegerField(_("number of what the row belongs to"), null=True)
    also = ArrayField(models.TextField(), verbose_name=_("others in whose history it is told"), null=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    called = models.JSONField(_("what tells the row from others"), null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    source = models.CharField(_("how"), max_length=10, choices=Source)
    name = models.CharField(_("view, command or job"), max_length=LONGEST_NAME)
    request_id = models.CharField(_("request"), max_length=32)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)

    objects = HistoryEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("owner_model", "owner_id", "id"), name="privacy_history_of_owner"),
            GinIndex(fields=("also",), name="privacy_history_also", condition=Q(also__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(operation=Operation.INSERT, before__isnull=True, after__isnull=False)
                | Q(operation=Operation.UPDATE, before__isnull=False, after__isnull=False)
                | Q(operation=Operation.DELETE, before__isnull=False, after__isnull=True),
                name="privacy_history_tells_both_sides",
            ),
        )
