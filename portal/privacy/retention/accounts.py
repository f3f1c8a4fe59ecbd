"""How accounts of people who sign in go: first all but the name, and the name when nobody can ask any more who it was.

What people did stays in logs, decisions and histories that are kept longer than their account. Those say who it was by
the number of the account: so its row stays, emptied, with the name, for as long as somebody may have to answer for what
was done. An account that nobody ever signed in with goes at once and whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.db.models import Case, Max, Q, When
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.invitations.models import Invitation
from portal.accounts.models import RoleMembership, User
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.fields import Kept, PersonalField, personal_fields, tables
from portal.privacy.retention.rules import Block, BulkRule, Due, ObjectRule, Removed, Standing

EMPTIED: Final = "@closed.invalid"
"""How the address of an emptied account ends; no mail ever goes there (RFC 2606)."""


class Accounts(ObjectRule):
    """Accounts that were closed, or whose last role has ended."""

    code = "accounts"
    kept = Kept.WITH_ACCOUNT
    label = _("Accounts")
    covers = frozenset(
        f"accounts.{name}"
        for name in ("User", "RoleMembership", "Invitation", "KnownDevice", "TeamMembership", "WorkPair", "StandIn")
    ) | {"employers.Membership", "outbox.SilencedKind"}

    def due(self, before: date) -> Iterator[Due]:
        found = _closed(User.objects.all(), before).order_by("since", "pk")
        yield from (Due(pk, since) for pk, since in found.values_list("pk", "since"))

    def lock(self, pk: int, before: date) -> Standing:
        standing = _lock(pk)
        if standing is not Standing.DUE:
            return standing
        memberships = RoleMembership.objects.filter(user=pk).order_by("pk")
        locked = memberships.select_for_update(skip_locked=True).values_list("pk", flat=True)
        if len(list(locked)) < memberships.count():
            return Standing.BUSY
        due = _closed(User.objects.filter(pk=pk), before).exists()
        return Standing.DUE if due else Standing.NOT_DUE

    def all_ids(self) -> Iterable[int]:
        return User.objects.exclude(email__endswith=EMPTIED).order_by("pk").values_list("pk", flat=True)

    def delete(self, pk: int) -> None:
        user = User.objects.get(pk=pk)
        if user.last_login is None:
            user.delete()
            return
        _delete_rows_of_account(user)
        user.groups.clear()
        user.user_permissions.clear()
        user.closed_at = user.closed_at or timezone.now()
        user.email = f"{user.pk}{EMPTIED}"
        user.is_active = user.is_staff = user.is_superuser = False
        user.last_login = None
        user.language = "fi"
        user.set_unusable_password()
        user.save()


class Names(ObjectRule):
    """Names of emptied accounts."""

    code = "names"
    kept = Kept.FOR_ACCOUNTABILITY
    label = _("Names of closed accounts")
    covers = frozenset({"accounts.User"})

    def due(self, before: date) -> Iterator[Due]:
        found = _emptied(before).order_by("closed_at", "pk")
        yield from (Due(pk, timezone.localdate(closed)) for pk, closed in found.values_list("pk", "closed_at"))

    def lock(self, pk: int, before: date) -> Standing:
        standing = _lock(pk)
        if standing is not Standing.DUE:
            return standing
        return Standing.DUE if _emptied(before).filter(pk=pk).exists() else Standing.NOT_DUE

    def all_ids(self) -> Iterable[int]:
        return User.objects.order_by("pk").values_list("pk", flat=True)

    def blocks(self, pks: Collection[int]) -> Mapping[int, Collection[Block]]:
        """Who stands in the access log as having looked: while it is kept, it must be possible to say who that was."""
        named = AccessLogEntry.objects.filter(user_id__in=pks).order_by("user_id").distinct("user_id")
        return {pk: (Block.NAMED_IN_LOG,) for pk in named.values_list("user_id", flat=True) if pk is not None}

    def delete(self, pk: int) -> None:
        User.objects.get(pk=pk).delete()


class Invitations(BulkRule):
    """Invitations that nobody accepted."""

    code = "invitations"
    kept = Kept.WITH_ACCOUNT
    label = _("Invitations that were not accepted")
    covers = frozenset({"accounts.Invitation"})

    def find(self, before: date) -> Removed:
        return Removed(self._old(before).count())

    def remove(self, before: date) -> Removed:
        pks = list(self._old(before).order_by("pk").values_list("pk", flat=True))
        Invitation.objects.filter(pk__in=pks).delete()
        return Removed(len(pks), tuple(map(str, pks)))

    @staticmethod
    def _old(before: date) -> models.QuerySet[Any]:
        return Invitation.objects.filter(user=None, expires_at__lt=_midnight(before))


ACCOUNTS: Final = Accounts()
NAMES: Final = Names()
INVITATIONS: Final = Invitations()


def _closed(users: models.QuerySet[User], before: date) -> models.QuerySet[Any]:
    """Accounts closed before a day, or without any role since then; not those emptied already.

    A role without an end keeps an account; one that ends later gives a later `since`.
    """
    last_trace = Greatest(TruncDate("date_joined"), TruncDate("last_login"), Max("memberships__valid_to"))
    told = users.exclude(email__endswith=EMPTIED).annotate(
        holds_role=BoolOr(Q(memberships__isnull=False, memberships__valid_to__isnull=True)),
        since=Case(When(closed_at__isnull=False, then=TruncDate("closed_at")), default=last_trace),
    )
    ended = Q(closed_at__isnull=False) | Q(is_active=False) | Q(holds_role=False, is_superuser=False)
    return told.filter(ended, since__lt=before)


def _emptied(before: date) -> models.QuerySet[User]:
    return User.objects.filter(email__endswith=EMPTIED, closed_at__lt=_midnight(before))


def _lock(pk: int) -> Standing:
    """Lock an account without waiting; DUE only says that it is locked."""
    if not User.objects.filter(pk=pk).exists():
        return Standing.GONE
    locked = User.objects.order_by().select_for_update(skip_locked=True).filter(pk=pk).values_list("pk")
    return Standing.DUE if list(locked) else Standing.BUSY


def _delete_rows_of_account(user: User) -> None:
    """Delete rows that belong to the account: those of packages, and ours whose class is that of accounts.

    Rows that only name the person among other things (and are kept by a class of their own) stay.
    """
    ours = tables()
    for relation in User._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation and (relation.one_to_many or relation.one_to_one)):
            continue
        model: type[models.Model] = relation.related_model  # type: ignore[assignment]
        field: Any = relation.field  # type: ignore[union-attr]
        if model._meta.auto_created or field.remote_field.on_delete is not models.CASCADE:
            continue
        kept = personal_fields(model).get(field.name) if model._meta.label in ours else None
        if model._meta.label not in ours or (isinstance(kept, PersonalField) and kept.kept is Kept.WITH_ACCOUNT):
            model._base_manager.filter(**{field.name: user}).delete()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
