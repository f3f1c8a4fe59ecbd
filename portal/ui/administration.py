"""Who may use Django's administration pages: those whose role lets them, on every page alike; what is asked twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from portal.ui.free_words import no_identity_code
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

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Free words hold no identity code here either."""
        made = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin of ModelAdmin
        if isinstance(made, forms.CharField) and no_identity_code not in made.validators:
            made.validators = [*made.validators, no_identity_code]
        return made


class OnlyToRead(ByRole):
    """What comes by import or is written by the portal itself: it is looked at, and never changed here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


Action = Callable[[Any, HttpRequest, "QuerySet[Any]"], HttpResponseBase | None]
_CONFIRMED: Final = "confirmed"
_SHOWN: Final = 50
"""Rows that the question names; the rest is counted."""


def confirmed(question: str | Promise) -> Callable[[Action], Action]:
    """Ask before an action of a list is done: the question, the rows, and how many they are. Under `admin.action`."""

    def decorate(action: Action) -> Action:
        @wraps(action)
        def asked(
            modeladmin: "ModelAdmin[Any]", request: HttpRequest, rows: "QuerySet[Any]"
        ) -> HttpResponseBase | None:
            if _CONFIRMED in request.POST:
                return action(modeladmin, request, rows)
            across = request.POST.get("select_across") == "1"
            keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
            context = {
                **modeladmin.admin_site.each_context(request),
                "title": question,
                "opts": modeladmin.model._meta,
                "shown": list(rows.order_by("pk")[:_SHOWN]),
                "more": max(0, len(keys) - _SHOWN),
                "count": len(keys),
                # Of a whole list one row is named, for Django looks for one; the address tells which list.
                "keys": keys[:1] if across else keys,
                "across": across,
                "action": request.POST.get("action", ""),
                "checkbox": ACTION_CHECKBOX_NAME,
                "confirmed": _CONFIRMED,
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)

        return asked

    return decorate
