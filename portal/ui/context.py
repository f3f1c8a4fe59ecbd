"""What every page's template can name."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation for the person's roles; filled by `portal.ui.navigation`."""
    return {}
