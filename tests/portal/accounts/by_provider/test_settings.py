"""Half a configuration, or one that lets anybody vouch for anybody, does not start."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.provider import provider

WHOLE = {
    "OIDC_SERVER_URL": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0/",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "a secret",
    "OIDC_EMAIL_DOMAINS": "Kemi.example, @tornio.example",
}


def read(values: dict[str, str]) -> object:
    env = environ.Env()
    env.ENVIRON = values
    return provider(env)


def test_it_is_off_until_it_is_set() -> None:
    assert read({}) is None
    assert read({**WHOLE, "OIDC_SERVER_URL": ""}) is None


def test_a_whole_configuration_is_read() -> None:
    chosen = read({**WHOLE, "OIDC_MFA_CLAIMS": "amr=mfa,acrs=c1", "OIDC_NAME": ""})
    assert chosen.server_url.endswith("/v2.0")  # type: ignore[attr-defined]
    assert chosen.email_domains == ("kemi.example", "tornio.example")  # type: ignore[attr-defined]
    assert chosen.mfa_claims == (("amr", "mfa"), ("acrs", "c1"))  # type: ignore[attr-defined]
    assert "a secret" not in repr(chosen)


@pytest.mark.parametrize(
    "changes",
    [
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_CLIENT_SECRET": ""},
        {"OIDC_EMAIL_DOMAINS": ""},
        {"OIDC_SERVER_URL": "http://login.example/tenant"},
        {"OIDC_SERVER_URL": "https://login.microsoftonline.com/common/v2.0"},
        {"OIDC_SERVER_URL": "https://login.microsoftonline.com/Organizations/v2.0"},
        {"OIDC_EMAIL_CLAIM": "preferred_username"},
        {"OIDC_SUBJECT_CLAIM": "email"},
        {"OIDC_MFA_CLAIMS": "amr"},
    ],
    ids=str,
)
def test_another_one_does_not_start(changes: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured):
        read({**WHOLE, **changes})
