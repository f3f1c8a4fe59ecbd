"""Who comes in by the provider: an open account of the staff, or somebody with an open invitation; nobody else.

A person is known by issuer and subject. The first time there is no such link yet: then the address that the
municipality vouches for leads to the account, and whoever has a second factor in the portal shows it, whatever the
provider says. The link is written once the sign-in is through.
"""

import logging
from typing import Any, Final, NoReturn

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from portal.accounts.by_provider.claims import Claims, address, key_of, told_second_factor
from portal.accounts.by_provider.protocol import PROVIDER_ID, present_settings
from portal.accounts.demo import is_refused
from portal.accounts.invitations.services import LinkNotGood, accept_by_provider
from portal.accounts.permissions import roles_of
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.second_factor.duty import BY_PROVIDER
from portal.accounts.sessions.devices import words_of
from portal.accounts.users import User

TOLD: Final = "by_provider"
"""Under this name a sign-in that is under way carries what the provider told: key, whether it is the first, MFA."""
log = logging.getLogger(__name__)


@sensitive_variables("claims")
def come_in(request: HttpRequest, claims: Claims, next_url: str | None) -> HttpResponse:
    """Sign in whom the claims are about, or refuse: always with the same page."""
    chosen = present_settings()
    key = key_of(claims, chosen)
    if not key:
        refuse(request, "no subject")
    user = _linked(key)
    told = {"key": key, "first": user is None, "second_factor": told_second_factor(claims, chosen)}
    if user is None:
        user = _by_address(request, address(claims, chosen))
    # Asked at each sign-in anew: accounts are closed and roles end.
    if not _is_open_staff(user):
        refuse(request, "closed, or no role of the staff today")
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    record_authentication(request, user, "socialaccount", provider=PROVIDER_ID)
    response: HttpResponse = perform_login(
        request, user, email=user.email, redirect_url=next_url, signal_kwargs={TOLD: told}
    )
    return response


def keep_what_was_told(
    sender: Any, request: HttpRequest, user: User, by_provider: dict[str, Any] | None = None, **_unused: Any
) -> None:
    """Receiver of allauth's `user_logged_in`, after the last step: write the link, note what was told of MFA.

    Raises ImmediateHttpResponse with the page of refusal where somebody else has been quicker.
    """
    if by_provider is None:
        return
    if by_provider["first"]:
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=user.pk)
                if SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).exists():
                    raise IntegrityError
                SocialAccount.objects.create(user=user, provider=PROVIDER_ID, uid=by_provider["key"])
        except IntegrityError:
            get_adapter(request).logout(request)
            refuse(request, "linked meanwhile")
        _tell(request, user)
    else:
        SocialAccount.objects.filter(provider=PROVIDER_ID, uid=by_provider["key"]).update(last_login=timezone.now())
    if by_provider["second_factor"]:
        request.session[BY_PROVIDER] = str(user.pk)


def link_of(user: User) -> SocialAccount | None:
    """How somebody is linked to the provider; None where not."""
    return SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).first()


def refuse(request: HttpRequest, reason: str) -> NoReturn:
    """One page for all: it does not tell whether there is an account, nor what is wrong with it."""
    log.warning("Sign-in by the provider was refused: %s", reason)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign_in_ended", args=["ei-avaudu"])))


def _linked(key: str) -> User | None:
    found = SocialAccount.objects.filter(provider=PROVIDER_ID, uid=key).select_related("user").first()
    return found.user if found else None


def _by_address(request: HttpRequest, email: str) -> User:
    """The account, or the invitation, of an address.

    Not one that is linked already: there the address has come to another person of the municipality, or the person has
    a new account there. An administrator knows which.
    """
    if not email:
        refuse(request, "no address that the municipality vouches for")
    user = User.objects.filter(email=email).first()
    if user is None:
        try:
            user = accept_by_provider(email)
        except LinkNotGood:
            user = None
    if user is None:
        refuse(request, "not known")
    if link_of(user) is not None:
        refuse(request, "linked to another key of the provider")
    return user


def _is_open_staff(user: User) -> bool:
    return user.is_active and not is_refused(user) and bool(roles_of(user) & STAFF_ROLES)


def _tell(request: HttpRequest, user: User) -> None:
    adapter = get_adapter(request)
    adapter.send_mail(
        "accounts/linked",
        user.email,
        {
            "timestamp": timezone.now(),
            "ip": adapter.get_client_ip(request),
            "browser": words_of(request.headers.get("User-Agent", "")),
            "language": user.language,
        },
    )
