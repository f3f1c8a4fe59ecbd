"""A person's own account."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from portal.accounts.by_provider.services import link_of
from portal.accounts.forms import LanguageForm
from portal.accounts.language import remember_language
from portal.accounts.models import User
from portal.accounts.permissions import active_memberships, may
from portal.accounts.roles import Permission
from portal.accounts.services import choose_language
from portal.accounts.teams.own import together


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Name, roles now and to come, with whom one works, language, and the ways to change a password and sign out."""
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
    today = timezone.localdate()
    shown = {
        "form": form,
        "memberships": active_memberships(user),
        "coming": user.memberships.coming(today).select_related("area").order_by("valid_from", "pk"),
        "together": together(user),
        "keeps_teams": may(user, Permission.TEAMS_MANAGE),
        "today": today,
        "linked": link_of(user) if settings.OIDC else None,
        "provider_name": settings.OIDC.name if settings.OIDC else "",
    }
    return render(request, "accounts/own.html", shown)
