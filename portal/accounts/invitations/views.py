"""Pages of invitations: those of the administrators who send them, and that of the person who is invited."""

from typing import Final, cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.invitations.forms import AcceptForm, InvitationForm
from portal.accounts.invitations.models import Invitation
from portal.accounts.invitations.services import (
    LinkNotGood,
    accept,
    becomes,
    invite,
    read,
    send_again,
    withdraw,
)
from portal.accounts.people.services import NotAllowed
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.accounts.users import User
from portal.ui.parts import Choice

PER_PAGE: Final = 50
SESSION_KEY: Final = "invitation"

may_invite = permission_required(Permission.USERS_INVITE)
reads_or_writes = require_http_methods(["GET", "HEAD", "POST"])


# --- For administrators ----------------------------------------------------------------------------------------------
@may_invite
@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invitations that wait for an answer, or those that are over (?answered=1)."""
    unanswered = Invitation.objects.unanswered()
    answered = Invitation.objects.exclude(pk__in=unanswered.values("pk"))
    over = request.GET.get("answered") == "1"
    rows = (answered if over else unanswered).select_related("area", "invited_by").order_by("-created_at", "-pk")
    choices = [
        Choice("?", _("Unanswered"), unanswered.count(), not over),
        Choice("?answered=1", _("Answered or withdrawn"), answered.count(), over),
    ]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "accounts/invitations/list.html", {"page_obj": page, "choices": choices, "now": timezone.now()}
    )


@may_invite
@reads_or_writes
def new_invitation(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite(form.instance, cast("User", request.user))
        except NotAllowed as refused:
            form.add_error("email", str(refused))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The invitation was sent."))
            return redirect("accounts:invitations")
    return render(request, "accounts/invitations/form.html", {"form": form})


@may_invite
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link in place of the old one."""
    try:
        send_again(get_object_or_404(Invitation, pk=pk), cast("User", request.user))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("A new link was sent. The old one no longer works."))
    return redirect("accounts:invitations")


@may_invite
@reads_or_writes
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation, after a question."""
    invitation = get_object_or_404(Invitation.objects.select_related("area"), pk=pk)
    if request.method != "POST":
        return render(request, "accounts/invitations/withdraw.html", {"invitation": invitation})
    try:
        withdraw(invitation)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("accounts:invitations")


# --- For the person invited -------------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: keep its token in the session and take it out of the address."""
    request.session[SESSION_KEY] = token
    return redirect("accounts:accept_invitation")


@sensitive_post_parameters("password1", "password2")
@login_not_required
@never_cache
@reads_or_writes
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Who invites to what; a password makes the account and signs in, to enrolment."""
    token = request.session.get(SESSION_KEY, "")
    try:
        invitation = read(token)
    except LinkNotGood:
        request.session.pop(SESSION_KEY, None)
        return render(request, "accounts/invitations/not_good.html", status=410)
    if request.user.is_authenticated:
        return render(request, "accounts/invitations/signed_in.html", {"invitation": invitation})
    form = AcceptForm(request.POST or None, user=becomes(invitation))
    if request.method == "POST" and form.is_valid():
        try:
            user = accept(token, form.cleaned_data["password1"])
        except LinkNotGood:
            return redirect("accounts:accept_invitation")
        request.session.pop(SESSION_KEY, None)
        signed_in: HttpResponse = perform_login(request, user, email=user.email)
        return signed_in
    return render(request, "accounts/invitations/accept.html", {"invitation": invitation, "form": form})
