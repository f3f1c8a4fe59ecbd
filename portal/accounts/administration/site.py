"""The site of the administration: who comes in, what is on it, and that sign-in is the portal's own."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import may
from portal.accounts.roles import Permission
from portal.accounts.second_factor.duty import lacks_second_factor
from portal.ui.administration import ByRole

View = Callable[..., HttpResponseBase]


class AdministrationSite(AdminSite):
    """Open to administrators who have signed in with a second factor; Django's own permissions open nothing.

    What packages bring along (groups, addresses, second factors, sessions) is not taken in: accounts change on the
    portal's own pages, where each change is checked and noted.
    """

    site_header = site_title = "Kohtaanto"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(
            user.is_active and user.is_staff and may(user, Permission.ADMIN_USE) and not lacks_second_factor(request)
        )

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[Any] | None = None,
        **options: Any,
    ) -> None:
        """Take in what was made for this site (`ByRole`); leave out what packages bring along."""
        if admin_class is not None and issubclass(admin_class, ByRole):
            models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
            super().register(models, admin_class, **options)  # type: ignore[arg-type]  # a ModelAdmin made so

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse at once whom a sign-in does not help; Django would send them round to sign in."""
        guarded: View = super().admin_view(view, cacheable)

        @wraps(guarded)
        def refusing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return refusing

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send on to the portal's sign-in, with its limits and second factor. 403 for whom that does not help."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(wanted)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out of the portal as a whole."""
        return LogoutView.as_view(next_page=settings.LOGOUT_REDIRECT_URL)(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Passwords change where all people change theirs."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """As above."""
        return redirect("account_change_password")
