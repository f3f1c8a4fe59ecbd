"""Enrolment, and a new app in place of the old one."""

from typing import cast

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.second_factor.adapter import MFAAdapter
from portal.accounts.second_factor.duty import has_second_factor, needs_second_factor
from portal.accounts.users import User


@require_safe
def enrol(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the two kinds to choose from; who has one is led on."""
    if has_second_factor(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/enrol.html", {"must": needs_second_factor(request.user)})


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
@method_decorator(redirect_if_add_not_allowed, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ReplaceTOTPView(ActivateTOTPView):
    """A new app takes the place of the old one in one step: nobody is without a second factor in between."""

    template_name = "mfa/totp/replace_form.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = cast("User", request.user)
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_activate_totp")
        # The parent sends those who have an app away; what is above it does not.
        shown: HttpResponseBase = super(ActivateTOTPView, self).dispatch(request, *args, **kwargs)
        return shown

    @transaction.atomic
    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        Authenticator.objects.filter(user=self.request.user.pk, type=Authenticator.Type.TOTP).delete()
        activate_totp(self.request, form)
        return redirect("mfa_index")


class RemovePasskeyView(RemoveWebAuthnView):
    """Take a passkey away, unless it is the last second factor of somebody who needs one."""

    def form_valid(self, form: object) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(self.get_object()):
            account_adapter(self.request).add_message(
                self.request,
                messages.ERROR,
                message=_("You need a second factor for your work: add another one first."),
            )
            return redirect(reverse("mfa_list_webauthn"))
        removed: HttpResponse = super().form_valid(form)
        return removed
