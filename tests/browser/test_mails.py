"""Mails as a mail program draws them: readable by day and by night, without images, and with nothing that axe finds."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext

from portal.outbox.enums import Channel
from portal.outbox.kinds import KINDS, Kind
from portal.outbox.rendering import render
from tests.browser.conftest import Site
from tests.portal.outbox.letters import context_of

pytestmark = pytest.mark.browser

LANGUAGES = [code for code, _name in settings.LANGUAGES]
AXE = Axe().axe_script
WIDTHS = (700, 320)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_mail_can_be_read(kind: Kind, site: Site, visit: Callable[..., BrowserContext]) -> None:
    tab = visit(None).new_page()
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    for language in LANGUAGES:
        html = render(kind, Channel.MAIL, context_of(kind), language, "https://portal.example/stop/").html
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            tab.set_content(html)
            assert tab.locator("h1:visible").count() == 1
            tab.evaluate(AXE)
            found = tab.evaluate("async () => (await axe.run({ preload: false })).violations")
            told = [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
            assert not told, f"{language}, {scheme}"
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 700})
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{language} at {width}"
    assert not fetched
