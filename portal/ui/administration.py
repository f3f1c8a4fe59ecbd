"""Who may use Django's administration pages: those whose role lets them, on every page alike."""

from typing import Any, Final

from django.http import HttpRequest

from portal.ui.navigation import open_to

ADMIN_PERMISSION: Final = "admin.use"


class ByRole:
    """Whoever may use the administration may do here what the page offers."""

    def _may(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff and open_to(request.user, ADMIN_PERMISSION))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self._may(request)
