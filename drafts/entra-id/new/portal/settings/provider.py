"""The municipality's own sign-in (OpenID Connect, for example Entra ID), from the environment; off until it is set."""

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

PROVIDER_ID = "kunta"
_OF_ANYBODY = ("common", "organizations", "consumers")


def provider(env: environ.Env) -> dict[str, Any] | None:
    """What allauth needs to know of the provider; None where OIDC_SERVER_URL is not set.

    Raises ImproperlyConfigured for half a configuration, plain http to another machine, and addresses of Entra ID under
    which anybody's directory may vouch for any e-mail address.
    """
    url = env.str("OIDC_SERVER_URL", default="")
    if not url:
        return None
    secrets = {name: env.str(name, default="") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")}
    if missing := [name for name, value in secrets.items() if not value]:
        raise ImproperlyConfigured(f"OIDC_SERVER_URL is set: set {' and '.join(missing)} too.")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ImproperlyConfigured("OIDC_SERVER_URL has to begin with https://.")
    if set(parts.path.strip("/").split("/")) & set(_OF_ANYBODY):
        raise ImproperlyConfigured(
            "OIDC_SERVER_URL has to name the municipality's own tenant: under common, organizations and consumers any"
            " directory could vouch for anybody's address."
        )
    return {
        "provider_id": PROVIDER_ID,
        "name": env.str("OIDC_NAME", default="") or "Entra ID",
        "client_id": secrets["OIDC_CLIENT_ID"],
        "secret": secrets["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": url, "fetch_userinfo": False},
    }


def form_targets(app: dict[str, Any] | None) -> list[str]:
    """Where the sign-in form may lead besides ourselves, for the content security policy."""
    if app is None:
        return []
    parts = urlsplit(app["settings"]["server_url"])
    return [f"{parts.scheme}://{parts.netloc}"]
