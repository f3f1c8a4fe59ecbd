"""What the provider says of somebody, and what of it the portal believes."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from portal.settings.provider import ProviderSettings

Claims = Mapping[str, Any]
_YES: Final = (True, 1, "1", "true", "True")


def key_of(claims: Claims, provider: ProviderSettings) -> str:
    """By what a person is known again: a hash of issuer and subject, which the provider gives to one person for good.

    A hash, because the portal needs nothing more, and both may be longer than the column. "" without a subject.
    """
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not subject:
        return ""
    return hashlib.sha256(f"{claims['iss']}\n{provider.subject_claim}\n{subject}".encode()).hexdigest()


def address(claims: Claims, provider: ProviderSettings) -> str:
    """The address that the municipality itself vouches for, in lower case; "" where it does not.

    It only serves to find somebody's account the first time. Others can write what stands in `email` (a guest's home
    directory can, for one): so it counts only where the provider says that it is verified, never for a guest, and in no
    domain but the municipality's own.
    """
    if _is_guest(claims):
        return ""
    value = claims.get(provider.email_claim)
    if provider.email_claim == "email" and not any(claims.get(one) in _YES for one in ("email_verified", "xms_edov")):
        return ""
    if provider.email_claim == "verified_primary_email" and isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    # Letters beyond ASCII may look like others, or become others in upper case.
    if not isinstance(value, str) or not value.isascii():
        return ""
    local, _at, domain = value.strip().lower().rpartition("@")
    return f"{local}@{domain}" if local and domain in provider.email_domains else ""


def told_second_factor(claims: Claims, provider: ProviderSettings) -> bool:
    """Whether the provider says that it asked for a second factor."""
    for name, wanted in provider.mfa_claims:
        told = claims.get(name)
        if told == wanted or (isinstance(told, list) and wanted in told):
            return True
    return False


def _is_guest(claims: Claims) -> bool:
    """Somebody of another directory whom the municipality's has let in (Entra ID: `acct` 1, or another `idp`)."""
    return claims.get("acct") in (1, "1") or claims.get("idp", claims["iss"]) != claims["iss"]
