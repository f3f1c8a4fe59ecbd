"""What the provider says of somebody, and what of it we believe."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings


def address(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider vouches for, in lower case; "" where it does not."""
    if claims.get("email_verified", True) not in (True, "true"):
        return ""
    value = claims.get(settings.OIDC_EMAIL_CLAIM)
    return value.strip().lower() if isinstance(value, str) else ""


def told_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for a second factor, by one of OIDC_MFA_CLAIMS (`amr=mfa`)."""
    for wanted in settings.OIDC_MFA_CLAIMS:
        name, _, value = wanted.partition("=")
        told = claims.get(name)
        if value and (told == value or (isinstance(told, list) and value in told)):
            return True
    return False
