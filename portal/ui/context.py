"""What every page's template can name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.ui.navigation import Item, Search, account_menu, address, navigation, search_target


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation and search for the person's roles, the links of the footer, and where to write.

    Worked out when a page first asks for them, so that an htmx answer without a frame costs nothing.
    """

    def items() -> tuple[Item, ...]:
        return navigation(request) if hasattr(request, "user") and request.user.is_authenticated else ()

    def own_menu() -> tuple[Item, ...]:
        return account_menu(request) if hasattr(request, "user") and request.user.is_authenticated else ()

    def search() -> Search | None:
        return search_target(request) if hasattr(request, "user") and request.user.is_authenticated else None

    return {
        "navigation": SimpleLazyObject(items),
        "account_menu": SimpleLazyObject(own_menu),
        "search_target": SimpleLazyObject(search),
        "how_matching_works_url": address("matching:how") or "",
        "contact_email": settings.CONTACT_EMAIL,
    }
