"""Accounts that somebody made with an address and never confirmed: perhaps it was not theirs."""

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.accounts.models import User

KEPT_FOR: Final = timedelta(days=7)
"""Longer than the link to confirm the address works."""


@transaction.atomic
def forget_unconfirmed(now: datetime) -> int:
    """Delete accounts of which nobody has confirmed the address in time; how many.

    Only those made by signing up: nobody has ever signed in, no role was ever given, no administrator has invited them.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    old = User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        date_joined__lt=now - KEPT_FOR,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        memberships=None,
        invitation=None,
    )
    count = old.count()
    for user in old.order_by("pk"):
        user.delete()
    return count
