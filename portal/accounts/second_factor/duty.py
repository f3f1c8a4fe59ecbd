"""Who has to sign in with a second factor, and who can."""

import time
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from portal.accounts.permissions import AnyUser, active_memberships
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.sessions.own import end_all
from portal.accounts.users import User

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes only stand in for one of these."""

BY_PROVIDER: Final = "second_factor_by_provider"
"""Key of the session: the municipality's sign-in has told that it asked for a second factor."""

ENROLLED_AT: Final = "enrolled_at"
"""Key of the session: when a second factor was added in it, in seconds since 1970."""


def note_enrolment(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_unused: Any) -> None:
    """Receiver of allauth's `authenticator_added`: this session has shown the new factor, and all others end.

    A session that the password alone opened must not become a whole one because its owner enrols somewhere else.
    """
    if authenticator.type in FACTORS:
        request.session[ENROLLED_AT] = int(time.time())
        end_all(user, but=request.session.session_key)


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
    return needs_second_factor(user) and not has_second_factor(user) and not _shown_to_provider(request)


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the person has to have shown a second factor in this session, has one, and has not shown it."""
    user = request.user
    if not needs_second_factor(user) or not has_second_factor(user):
        return False
    if ENROLLED_AT in request.session or _shown_to_provider(request):
        return False
    return all(one.get("method") != "mfa" for one in get_authentication_records(request, user))


def _shown_to_provider(request: HttpRequest) -> bool:
    shown: bool = request.session.get(BY_PROVIDER) == str(request.user.pk)
    return shown
