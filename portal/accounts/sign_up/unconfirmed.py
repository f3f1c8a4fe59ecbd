"""Accounts that somebody made with an address and never confirmed: perhaps it was not theirs."""

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.accounts.models import User

KEPT_FOR: Final = timedelta(days=7)
"""Longer than the link to confirm the address works."""


def unconfirmed() -> QuerySet[User]:
    """Accounts whose address nobody has confirmed.

    Only those made by signing up: nobody has ever signed in, no role was ever given, no administrator has invited them.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        is_staff=False,
        is_superuser=False,
        memberships=None,
        invitation=None,
    ).order_by("pk")


@transaction.atomic
def forget_unconfirmed(now: datetime) -> int:
    """Delete accounts of which nobody has confirmed the address in time; how many."""
    return _forget(unconfirmed().filter(date_joined__lt=now - KEPT_FOR))


def make_room_for(email: str) -> int:
    """Delete the unconfirmed account of an address that an administrator vouches for; how many there were.

    Whoever made it knows its password, and may not be the person: it must not become the account of one of the staff.
    """
    return _forget(unconfirmed().filter(email=email))


def _forget(accounts: QuerySet[User]) -> int:
    count = accounts.count()
    for user in accounts:
        user.delete()
    return count
