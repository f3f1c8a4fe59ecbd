"""Who has to sign in with a second factor, and who can."""

import time
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from portal.accounts.permissions import AnyUser, active_memberships
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.users import User

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes only stand in for one of these."""

BY_PROVIDER: Final = "second_factor_by_provider"
"""Key of the session: the municipality's sign-in has told that it asked for a second factor."""


ENROLLED_AT: Final = "enrolled_at"
"""Key of the session: when a second factor was added in it, in seconds since 1970."""


def note_enrolment(sender: Any, request: HttpRequest, **_unused: Any) -> None:
    """Receiver of allauth's `authenticator_added`."""
    request.session[ENROLLED_AT] = int(time.time())


def needs_second_factor(user: AnyUser) -> bool:
    """Whether the person must have one: everybody but people of employers, and who opens the administration."""
    if not isinstance(user, User):
        return False
    return user.is_staff or user.is_superuser or any(m.role in STAFF_ROLES for m in active_memberships(user))


def has_second_factor(user: AnyUser) -> bool:
    """Whether the person has enrolled an app or a passkey. Read with the memberships, once a request."""
    if not isinstance(user, User):
        return False
    memberships = active_memberships(user)
    if memberships:
        return bool(vars(memberships[0])["has_second_factor"])  # annotated by active_memberships
    enrolled: bool = Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    return enrolled


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the person of this request has to enrol before anything else opens."""
    user = request.user
    return (
        needs_second_factor(user) and not has_second_factor(user) and request.session.get(BY_PROVIDER) != str(user.pk)
    )
