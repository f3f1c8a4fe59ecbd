"""What a user wants to be sent."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from portal.accounts.language import remember_language
from portal.accounts.models import User
from portal.accounts.services import choose_language
from portal.outbox.forms import PreferencesForm
from portal.outbox.preferences import choose_kinds


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The language of messages, and which optional ones to get; what cannot be left out is told."""
    user = cast("User", request.user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        choose_language(user, language)
        if "kinds" in form.cleaned_data:
            choose_kinds(user, form.cleaned_data["kinds"])
        response = redirect("outbox:preferences")
        remember_language(response, language)
        with override(language):
            messages.success(request, _("Your choices are saved."))
        return response
    return render(request, "outbox/preferences.html", {"form": form})
