"""How allauth's socialaccount behaves here."""

from typing import Any

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest

from portal.accounts.by_provider.protocol import PROVIDER_ID, MunicipalProvider
from portal.accounts.by_provider.views import answer_to_error
from portal.settings.provider import ProviderSettings


class ProviderAdapter(DefaultSocialAccountAdapter):
    """allauth's socialaccount: one provider, that of the settings; no sign-up, nothing kept of what is told."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From the settings alone: a row in the database opens nothing."""
        chosen: ProviderSettings | None = settings.OIDC
        if chosen is None or provider not in (None, PROVIDER_ID, MunicipalProvider.id):
            return []
        app = SocialApp(
            provider=MunicipalProvider.id,
            provider_id=PROVIDER_ID,
            name=chosen.name,
            client_id=chosen.client_id,
            secret=chosen.client_secret,
            settings={"server_url": chosen.server_url, "oauth_pkce_enabled": True},
        )
        return [app]

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """Show our page. Raises ImmediateHttpResponse."""
        answer_to_error(request, told.get("error"), told.get("exception"))

    def get_requests_session(self) -> requests.Session:
        """Nobody leads our questions, with the client's secret in them, to another address."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session
