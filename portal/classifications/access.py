"""Who may look things up in the classifications.

The permissions API stands on a higher floor; pages of this floor ask `rules` by the permission's name, as portal.ui
does.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.ui.navigation import open_to

VIEW_PERMISSION: Final = "classifications.view"
View = Callable[..., HttpResponse]


def for_those_who_may_view(view: View) -> View:
    """Guard a view: 403 for a signed-in person without the permission. The view carries it as `.permission`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not open_to(request.user, VIEW_PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.permission = VIEW_PERMISSION  # type: ignore[attr-defined]
    return guarded
