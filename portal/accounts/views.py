"""A person's own account."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from portal.accounts.forms import LanguageForm
from portal.accounts.language import remember_language
from portal.accounts.models import User
from portal.accounts.permissions import active_memberships
from portal.accounts.services import choose_language


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Name, roles in force, language, and the ways to change a password and to sign out."""
    user = cast("User", request.user)
    form = LanguageForm(request.POST or None, initial={"language": user.language})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        choose_language(user, language)
        response = redirect("accounts:own")
        remember_language(response, language)
        with override(language):
            messages.success(request, _("Language saved."))
        return response
    return render(request, "accounts/own.html", {"form": form, "memberships": active_memberships(user)})
