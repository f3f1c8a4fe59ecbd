"""The municipality's own sign-in (OpenID Connect, for example Entra ID), from the environment; off until it is set."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_OF_ANYBODY: Final = frozenset({"common", "organizations", "consumers"})
_OURSELVES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
EMAIL_CLAIMS: Final = ("email", "upn", "verified_primary_email")
SUBJECT_CLAIMS: Final = ("sub", "oid")


@dataclass(frozen=True)
class ProviderSettings:
    """One provider. What the claims mean is told in docs/operations/sign-in-by-the-municipality.md."""

    server_url: str
    """The issuer: what stands before /.well-known/openid-configuration, and in the `iss` of each token."""
    client_id: str
    client_secret: str = field(repr=False)
    email_domains: tuple[str, ...]
    """An address leads to an account only in these domains, in lower case."""
    name: str = "Entra ID"
    """What the button of the sign-in page calls it."""
    email_claim: str = "email"
    subject_claim: str = "sub"
    mfa_claims: tuple[tuple[str, str], ...] = ()
    """Name and value of claims of which any tells that a second factor was asked for; none: the portal asks itself."""


def provider(env: environ.Env) -> ProviderSettings | None:
    """What the environment says of the provider; None where OIDC_SERVER_URL is not set.

    Raises ImproperlyConfigured for half a configuration, plain http to another machine, a claim that is not known to be
    the provider's own word, and addresses of Entra ID under which anybody's directory may vouch for any address.
    """
    url = env.str("OIDC_SERVER_URL", default="").rstrip("/")
    if not url:
        return None
    domains = tuple(one.strip().lower().lstrip("@") for one in env.list("OIDC_EMAIL_DOMAINS", default=[]))
    needed = {name: env.str(name, default="") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")}
    if missing := [name for name, value in (needed | {"OIDC_EMAIL_DOMAINS": "".join(domains)}).items() if not value]:
        raise ImproperlyConfigured(f"OIDC_SERVER_URL is set: set {', '.join(missing)} too.")
    _check_address(url)
    return ProviderSettings(
        server_url=url,
        client_id=needed["OIDC_CLIENT_ID"],
        client_secret=needed["OIDC_CLIENT_SECRET"],
        email_domains=domains,
        name=env.str("OIDC_NAME", default="") or "Entra ID",
        email_claim=_one_of(env, "OIDC_EMAIL_CLAIM", EMAIL_CLAIMS),
        subject_claim=_one_of(env, "OIDC_SUBJECT_CLAIM", SUBJECT_CLAIMS),
        mfa_claims=tuple(map(_claim, env.list("OIDC_MFA_CLAIMS", default=[]))),
    )


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _OURSELVES:
        raise ImproperlyConfigured("OIDC_SERVER_URL has to begin with https://.")
    if _OF_ANYBODY & set(parts.path.lower().strip("/").split("/")):
        raise ImproperlyConfigured(
            "OIDC_SERVER_URL has to name the municipality's own tenant: under common, organizations and consumers any"
            " directory could vouch for anybody's address."
        )


def _one_of(env: environ.Env, name: str, allowed: tuple[str, ...]) -> str:
    chosen = env.str(name, default="") or allowed[0]
    if chosen not in allowed:
        raise ImproperlyConfigured(f"{name} has to be one of: {', '.join(allowed)}.")
    return str(chosen)


def _claim(written: str) -> tuple[str, str]:
    name, _equals, value = written.strip().partition("=")
    if not name or not value:
        raise ImproperlyConfigured("OIDC_MFA_CLAIMS are written name=value, for example amr=mfa.")
    return name, value
