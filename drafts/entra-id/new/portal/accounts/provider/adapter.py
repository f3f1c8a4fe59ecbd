"""How allauth's sign-in by a provider behaves here: no account is made by itself, and nothing is kept of what is told."""

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpRequest
from django.shortcuts import render

from portal.accounts.demo import is_refused
from portal.accounts.invitations.services import LinkNotGood, accept_by_provider
from portal.accounts.provider.claims import address, told_second_factor
from portal.accounts.second_factor.duty import BY_PROVIDER, needs_second_factor
from portal.accounts.users import User

log = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Who signs in by the provider has an account of the staff already, or an open invitation to the same address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person, or refuse: always with the same words."""
        claims: dict[str, Any] = (sociallogin.account.extra_data or {}).get("id_token") or {}
        self._keep_nothing(sociallogin)
        if sociallogin.state.get("process", "login") != "login":
            _refuse(request, "another process than sign-in")
        if sociallogin.is_existing:
            user = sociallogin.user
        else:
            user = self._known(request, sociallogin, address(claims))
        # Asked anew at each sign-in: roles and accounts end.
        if not user.is_active or is_refused(user) or not needs_second_factor(user):
            _refuse(request, "closed, or not of the staff")
        if told_second_factor(claims):
            request.session[BY_PROVIDER] = str(user.pk)
        else:
            request.session.pop(BY_PROVIDER, None)

    def _known(self, request: HttpRequest, sociallogin: SocialLogin, email: str) -> User:
        """The account of an address that the provider vouches for; connected from now on by the provider's own key."""
        if not email:
            _refuse(request, "no address that the provider vouches for")
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            try:
                user = accept_by_provider(email)
            except LinkNotGood:
                user = None
        if user is None:
            _refuse(request, "not known")
        if not user.is_active or is_refused(user) or not needs_second_factor(user):
            _refuse(request, "closed, or not of the staff")
        if SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            # The address has come to another person of the directory: that is not who has worked here.
            _refuse(request, "another key of the provider than before")
        sociallogin.user = user
        sociallogin.save(request, connect=True)
        return user

    def _keep_nothing(self, sociallogin: SocialLogin) -> None:
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Tell the log what kind of trouble there was, without anything that was sent."""
        exception = kwargs.get("exception")
        log.warning("Sign-in by the provider failed: %s", type(exception).__name__ if exception else kwargs.get("error"))


def _refuse(request: HttpRequest, reason: str) -> NoReturn:
    log.warning("Sign-in by the provider was refused: %s", reason)
    raise ImmediateHttpResponse(render(request, "accounts/provider_refused.html", status=403))
