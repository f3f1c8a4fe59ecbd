"""OpenID Connect with the municipality's provider: allauth's authorization code flow (state, PKCE), held tighter.

allauth takes a token that came over TLS without looking at its signature, sends no nonce, and believes the discovery
document about who the issuer is. Here the signature is checked by the provider's published keys, the token has to be
the answer to this very question, and the issuer is the one of the settings.
"""

import hmac
import json
from typing import Any, Final

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from portal.settings.provider import ProviderSettings

PROVIDER_ID: Final = "kunta"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Those with a key pair: a token signed with a secret, or not at all, is none."""
_LEEWAY_S: Final = 60
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NONCE: Final = "nonce"


class NotOurAnswer(OAuth2Error):
    """What came from the provider is not an answer to us; its text holds nothing of what was sent."""


def present_settings() -> ProviderSettings:
    """The provider that is set up. Raises SocialApp.DoesNotExist where none is."""
    chosen: ProviderSettings | None = settings.OIDC
    if chosen is None:
        raise SocialApp.DoesNotExist
    return chosen


class MunicipalAdapter(OpenIDConnectOAuth2Adapter):
    """Talks with the provider. `answer_to` is what was kept when the person set out."""

    answer_to: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's discovery document. Raises NotOurAnswer where it is another issuer's, or not whole."""
        config: dict[str, Any] = super().openid_config
        if config.get("issuer", "").rstrip("/") != present_settings().server_url:
            raise NotOurAnswer("The discovery document is of another issuer than OIDC_SERVER_URL says.")
        if missing := [name for name in _NEEDED if not isinstance(config.get(name), str)]:
            raise NotOurAnswer(f"The discovery document has no {', '.join(missing)}.")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who the token is about goes to `come_in`, never on to allauth's own accounts and sign-up."""
        from portal.accounts.by_provider.services import come_in

        claims = self.read(kwargs["response"].get("id_token"))
        raise ImmediateHttpResponse(come_in(request, claims, self.answer_to.get("next")))

    def read(self, id_token: object) -> dict[str, Any]:
        """The claims of a token that is the provider's answer to us, now. Raises NotOurAnswer for any other."""
        if not isinstance(id_token, str):
            raise NotOurAnswer("There is no id_token in the answer.")
        chosen = present_settings()
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=list(ALGORITHMS),
                audience=chosen.client_id,
                issuer=self.openid_config["issuer"],
                leeway=_LEEWAY_S,
                options={"require": ["iss", "aud", "exp", "iat", "sub", NONCE]},
            )
        except jwt.PyJWTError as error:
            raise NotOurAnswer(f"The id_token is not good: {type(error).__name__}") from error
        if "azp" in claims and claims["azp"] != chosen.client_id:
            raise NotOurAnswer("The id_token was made for another client.")
        asked = self.answer_to.get(NONCE)
        if not asked or not hmac.compare_digest(str(claims[NONCE]).encode(), asked.encode()):
            raise NotOurAnswer("The id_token answers another question.")
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The published key with which a token says that it is signed."""
        wanted = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            published = jwt.PyJWKSet.from_dict(answer.json())
        for key in published.keys:
            if key.key_id == wanted and key.public_key_use in (None, "sig"):
                return key
        raise NotOurAnswer("The id_token is signed with a key that is not published.")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """At the portal's own address, whatever host the request named: the provider has it written down."""
        path = self.get_provider().get_callback_url()
        return f"{settings.SITE_URL.rstrip('/')}{path}"


class MunicipalProvider(OpenIDConnectProvider):
    """The provider of the settings, with our way to talk with it."""

    oauth2_adapter_class = MunicipalAdapter

    def questions(self, nonce: str) -> dict[str, str]:
        """What the person's browser takes along beside state and PKCE: the nonce, and a wish for a second factor."""
        asked = {NONCE: nonce, "response_mode": "query"}
        for name, value in present_settings().mfa_claims:
            if name == "acrs":
                asked["claims"] = json.dumps({"id_token": {"acrs": {"essential": True, "value": value}}})
            elif name == "acr":
                asked["acr_values"] = value
        return asked
