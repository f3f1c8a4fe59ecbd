"""All addresses of the portal, as the resolver knows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver

_UNNAMED = "(no name)"


@dataclass(frozen=True)
class Address:
    """A named address with the names of its parts."""

    name: str
    route: str
    parameters: tuple[str, ...]


def addresses() -> dict[str, Address]:
    """Every named address of the portal, with its namespaces."""
    return {one.name: one for one in _walk(get_resolver()) if not one.name.endswith(_UNNAMED)}


def unnamed_addresses() -> list[str]:
    """Addresses without a name outside the parts made by others."""
    return [one.route for one in _walk(get_resolver()) if one.name == _UNNAMED]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> Iterator[Address]:
    for one in resolver.url_patterns:
        parameters = (*before, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from _walk(one, (*namespaces, one.namespace) if one.namespace else namespaces, parameters)
        else:
            yield Address(":".join((*namespaces, one.name or _UNNAMED)), str(one.pattern), parameters)
