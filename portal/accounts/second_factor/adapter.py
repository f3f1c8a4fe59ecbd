"""How allauth's second factors behave here."""

from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.second_factor import keys
from portal.accounts.second_factor.duty import FACTORS, needs_second_factor


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are encrypted, and staff keep at least one second factor."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right, or it has been used. Each code works once: wait for the next one."),
        "cannot_delete_authenticator": _("You need a second factor for your work: add another one first."),
        "add_email_blocked": _("Your e-mail address is your sign-in name. Your administrator can change it."),
    }

    def encrypt(self, text: str) -> str:
        return keys.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return keys.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name that the person's app shows beside the code."""
        return "Kohtaanto"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one; an administrator resets it when all are lost."""
        if authenticator.type not in FACTORS or not needs_second_factor(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
        return bool(others.exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """The portal as a passkey knows it: by its host name."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Kohtaanto"}
