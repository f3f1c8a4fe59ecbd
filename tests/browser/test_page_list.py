"""The list of pages is whole, and each page keeps to its budget of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.addresses import addresses
from tests.browser.attributes import spoilt_attributes
from tests.browser.pages import NOT_OPENED, PAGES, Page
from tests.permission_matrix import ROWS, rule_for
from tests.sign_in import sign_in
from tests.world import World

SLACK = 4
"""A budget that is larger than needed by more than this says nothing any more."""


def test_every_page_is_opened_or_has_a_reason_not_to_be() -> None:
    opened = {page.name for page in PAGES}
    ours = {row.name for row in ROWS if row.html and row.get == 200}
    by_others = {name for name in addresses() if rule_for(name) and not name.startswith(tuple(NOT_OPENED))}
    assert not sorted((ours | by_others) - opened)


def test_no_entry_is_left_over() -> None:
    names = addresses()
    assert not [page.name for page in PAGES if page.name and page.name not in names]
    assert len({str(page) for page in PAGES}) == len(PAGES)
    assert not [beginning for beginning in NOT_OPENED if not any(name.startswith(beginning) for name in names)]


def test_spoilt_attributes_are_found() -> None:
    spoilt = '<p id="ehdokas-3&nbsp;228" data-l="1&nbsp;000">1&nbsp;000</p><a href="/a/#ehdokas-3 228">'
    assert len(spoilt_attributes(spoilt)) == 2
    assert not spoilt_attributes('<p id="a-3228" class="a b" title="1&nbsp;000">')


@pytest.mark.parametrize("entry", PAGES, ids=str)
def test_a_page_keeps_to_its_budget_of_queries(entry: Page, world: World) -> None:
    client = Client()
    if entry.role:
        sign_in(client, world.own.users[entry.role], confirmed=entry.confirmed)
    url = entry.url(world)
    client.get(url)  # what is remembered in the process from then on does not count
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    queries = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert response.status_code == entry.status
    assert not spoilt_attributes(response.content.decode()), "use |unlocalize"
    told = f"{len(queries)} queries:\n" + "\n".join(query[:200] for query in queries)
    assert len(queries) <= entry.queries, told
    assert entry.queries - len(queries) <= SLACK, f"The budget could be {len(queries)}."
