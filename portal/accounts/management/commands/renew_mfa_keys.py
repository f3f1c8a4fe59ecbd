"""`manage.py renew_mfa_keys`: bring the secrets of authenticator apps under the first key of the ring."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.accounts.second_factor.keys import renew

ENCRYPTED = ("secret", "seed")


class Command(BaseCommand):
    """Encrypt anew, so that older keys can be taken out of MFA_KEYS."""

    help = "Encrypts the secrets of authenticator apps and recovery codes with the first key of MFA_KEYS."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing; raises cryptography.fernet.InvalidToken where no key of the ring fits."""
        renewed = 0
        for row in Authenticator.objects.select_for_update().order_by("pk"):
            found = [name for name in ENCRYPTED if name in row.data]
            for name in found:
                row.data[name] = renew(row.data[name])
            if found:
                row.save(update_fields=["data"])
                renewed += 1
        self.stdout.write(f"{renewed} secrets are encrypted with the first key.")
