"""The municipality's provider, set up in the portal, and the way of a browser through it."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
import requests
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from tests.portal.accounts.by_provider.fake import FakeProvider, running

Walk = Callable[..., HttpResponse]


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running() as fake, override_settings(OIDC=fake.settings(), SITE_URL="http://testserver"):
        yield fake


def set_out(client: Client, next_url: str = "") -> str:
    """Press the button; the address at the provider to which it leads."""
    page = client.post(reverse("openid_connect_login"), {"next": next_url} if next_url else {})
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def back_from(onward: str) -> str:
    """Sign in at the provider; the address at the portal to which it sends back."""
    answer = requests.get(onward, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    return answer.headers["Location"]


def walk(client: Client | None = None, next_url: str = "") -> HttpResponse:
    """All the way, to what the portal answers to the provider's answer."""
    client = client or Client()
    return shown_to(client, back_from(set_out(client, next_url)))


def shown_to(client: Client, address: str) -> HttpResponse:
    """What the portal answers; where the sign-in ended in a page of ours, that page."""
    answer: HttpResponse = client.get(address)
    if answer.headers.get("Location", "").startswith("/tili/organisaatio/"):
        answer = client.get(answer.headers["Location"])
    return answer
