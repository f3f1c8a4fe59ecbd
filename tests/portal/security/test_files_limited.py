"""Whatever is given as a file to be kept can be taken only so often: every such address carries a limit."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.roles import Role
from portal.ui.limits import Limit, spend
from tests.own_code import own_models
from tests.world import World

OURS = tuple(sorted({model.__module__.split(".")[0] for model in own_models()}))


def views() -> Iterator[tuple[str, Callable[..., Any]]]:
    def under(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, Callable[..., Any]]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from under(one, (*spaces, one.namespace) if one.namespace else spaces)
            elif isinstance(one, URLPattern) and one.callback:
                yield ":".join((*spaces, one.name or str(one.pattern))), one.callback

    yield from under(get_resolver(), ())


def gives_a_file(view: Callable[..., Any]) -> bool:
    """Whether the view, or a function of its module that it calls, makes an attachment."""
    bare = inspect.unwrap(view)
    if not inspect.isfunction(bare) or not bare.__module__.startswith(OURS):
        return False
    beside = vars(inspect.getmodule(bare))
    called = [beside.get(name) for name in bare.__code__.co_names]
    parts = [bare, *(one for one in called if inspect.isfunction(one) and one.__module__ == bare.__module__)]
    return any("attachment" in inspect.getsource(part) for part in parts)


def test_every_address_that_gives_a_file_has_a_limit() -> None:
    giving = {name: view for name, view in views() if gives_a_file(view)}
    known = {"seekers:export", "seekers:document_json", "seekers:requests_file"}
    assert len(giving) >= 11, giving.keys()
    assert sorted(name for name, view in giving.items() if not isinstance(getattr(view, "limit", None), Limit)) == []
    assert known <= giving.keys()


@pytest.mark.parametrize(
    ("name", "limit", "role", "method"),
    [
        ("seekers:document_new", Limit.SUBJECT_EXPORT, Role.CASE_WORKER, "post"),
        ("seekers:requests_file", Limit.EXPORT, Role.TEAM_LEAD, "get"),
    ],
)
def test_who_has_taken_as_many_as_the_limit_allows_is_refused(
    client: Client, world: World, name: str, limit: Limit, role: Role, method: str
) -> None:
    user = world.own.users[role]
    client.force_login(user)
    address = reverse(name, args=[world.own.seeker.pk] if "document" in name else [])
    cache.clear()
    assert getattr(client, method)(address).status_code == 200
    spend(limit, user.pk, limit.value.most - 1)
    assert getattr(client, method)(address).status_code == 429
