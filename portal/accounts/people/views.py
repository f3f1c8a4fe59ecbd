"""Pages on which administrators keep accounts: the list, a person with roles, and what is done to each."""

from collections.abc import Callable
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.models import Invitation
from portal.accounts.people.filters import AccountFilter
from portal.accounts.people.forms import DetailsForm, RoleForm
from portal.accounts.people.querysets import accounts_for_list, named
from portal.accounts.people.services import (
    NotAllowed,
    change_details,
    close_account,
    end_role,
    forget_link,
    give_role,
    open_account,
    reset_second_factor,
    sign_out_everywhere,
    take_role_away,
)
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.accounts.second_factor.duty import FACTORS
from portal.accounts.teams.forms import EndForm
from portal.accounts.users import RoleMembership, User
from portal.ui import words
from portal.ui.chips import chips_of, without
from portal.ui.limits import Limit, limited
from portal.ui.parts import Chip
from portal.ui.spreadsheets.writing import as_csv

PER_PAGE = 50

may_manage = permission_required(Permission.USERS_MANAGE)
reads_or_writes = require_http_methods(["GET", "HEAD", "POST"])


# --- The list --------------------------------------------------------------------------------------------------------
@may_manage
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Every account with its roles; filters and page stand in the address, words for a name do not."""
    found, listing, typed = _found(request)
    chips = chips_of(listing.form, request.GET)
    if typed:
        chips.insert(0, Chip(f"{_('Name or word')}: {typed}", without(request.GET, words.PARAMETER)))
    kept = request.GET.copy()
    kept.pop("page", None)
    kept.pop(words.PARAMETER, None)
    key = request.GET.get(words.PARAMETER)
    return render(
        request,
        "accounts/people/list.html",
        {
            "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "filter": listing,
            "typed": typed,
            "chips": chips,
            "filters_kept": kept.urlencode(),
            "form_keeps": {words.PARAMETER: key} if key else {},
            "export_url": f"{reverse('accounts:export_people')}?{request.GET.urlencode()}",
            "open_invitations": Invitation.objects.unanswered().count(),
        },
    )


@sensitive_post_parameters("q")
@may_manage
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep the words typed in the session and go to the list with a key in their place."""
    query = QueryDict(request.POST.get("filters", "")).copy()
    typed = words.tidy(request.POST.get("q", ""))
    if typed:
        query[words.PARAMETER] = words.keep(request, typed)
    return redirect(f"{reverse('accounts:people')}?{query.urlencode()}")


@may_manage
@limited(Limit.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV: for the yearly review of who may do what."""
    found, _listing, _typed = _found(request)
    columns = [
        _("Last name"),
        _("First name"),
        _("E-mail address"),
        _("Role"),
        _("Area"),
        _("Valid from"),
        _("Valid to"),
    ]
    response = HttpResponse(as_csv(columns, _rows(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{_("accounts-file")}-{timezone.localdate().isoformat()}.csv"'
    )
    response["Cache-Control"] = "no-store"
    return response


def _rows(found: QuerySet[User]) -> Any:
    for user in found:
        who = (user.last_name, user.first_name, user.email)
        held: list[RoleMembership] = vars(user)["roles_today"]
        for one in held:
            until = one.valid_to.isoformat() if one.valid_to else ""
            yield (*who, one.get_role_display(), str(one.area or ""), one.valid_from.isoformat(), until)
        if not held:
            yield (*who, "", "", "", "")


def _found(request: HttpRequest) -> tuple[QuerySet[User], AccountFilter, str]:
    typed = words.kept_under(request, request.GET.get(words.PARAMETER, "")) or ""
    listing = AccountFilter(request.GET, queryset=named(accounts_for_list(timezone.localdate()), typed))
    return listing.qs, listing, typed


# --- One person ------------------------------------------------------------------------------------------------------
def _person(pk: int) -> User:
    person: User = get_object_or_404(User, pk=pk)
    return person


@may_manage
@reads_or_writes
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Roles of somebody now, coming and earlier, the state of the account; POST gives a role."""
    person = _person(pk)
    form = RoleForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            give_role(form.instance, cast("User", request.user))
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The role was given."))
            return redirect("accounts:person", pk)
    today = timezone.localdate()
    held = person.memberships.select_related("area").order_by("-valid_from", "-pk")
    factors = Authenticator.objects.filter(user=person, type__in=FACTORS).count()
    return render(
        request,
        "accounts/people/person.html",
        {
            "person": person,
            "form": form,
            "present": held.active(today),
            "coming": held.coming(today),
            "past": held.exclude(pk__in=held.not_over(today).values("pk")),
            "teams": person.team_memberships.active(today).select_related("team"),
            "factors": factors,
            "linked": SocialAccount.objects.filter(user=person).order_by("pk").first(),
            "oneself": person.pk == request.user.pk,
        },
    )


@may_manage
@reads_or_writes
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, address or language."""
    person = _person(pk)
    names = ("first_name", "last_name", "email", "language")
    form = DetailsForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_details(person, **form.cleaned_data, by=cast("User", request.user))
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:person", pk)
    return render(request, "accounts/people/details.html", {"person": person, "form": form})


@may_manage
@reads_or_writes
def end_held_role(request: HttpRequest, pk: int) -> HttpResponse:
    """A role ends with a day; or at once, with the sessions (`now=1`)."""
    row = get_object_or_404(RoleMembership.objects.select_related("user", "area"), pk=pk)
    form = EndForm(request.POST if request.method == "POST" and "now" not in request.POST else None)
    by = cast("User", request.user)
    try:
        if request.method == "POST" and "now" in request.POST:
            take_role_away(row, by)
            messages.success(request, _("The role was taken away, and the person was signed out."))
            return redirect("accounts:person", row.user_id)
        if request.method == "POST" and form.is_valid():
            end_role(row, form.cleaned_data["last_day"], by)
            messages.success(request, _("Saved."))
            return redirect("accounts:person", row.user_id)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return redirect("accounts:person", row.user_id)
    return render(request, "accounts/people/end_role.html", {"row": row, "form": form})


def _done_to(
    request: HttpRequest, pk: int, template: str, do: Callable[[User, User], object], told: Callable[[Any], str]
) -> HttpResponse:
    """Ask first; POST does it and says so."""
    person = _person(pk)
    if request.method != "POST":
        return render(request, template, {"person": person})
    try:
        result = do(person, cast("User", request.user))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told(result))
    return redirect("accounts:person", pk)


@may_manage
@reads_or_writes
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has lost telephone and recovery codes."""
    return _done_to(
        request,
        pk,
        "accounts/people/reset_factor.html",
        reset_second_factor,
        lambda gone: (
            _("Two-step sign-in was reset. The person takes it into use again at the next sign-in.")
            if gone
            else _("There was nothing to reset.")
        ),
    )


@may_manage
@reads_or_writes
def forget_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has another account at the organisation than before."""
    return _done_to(
        request,
        pk,
        "accounts/people/forget_link.html",
        forget_link,
        lambda gone: _("The link was taken away.") if gone else _("There was no link."),
    )


@may_manage
@reads_or_writes
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer works here."""
    return _done_to(
        request, pk, "accounts/people/close.html", close_account, lambda _done: _("The account was closed.")
    )


@may_manage
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The person is back."""
    return _done_to(
        request, pk, "", open_account, lambda _done: _("The account is open again. Give the roles that are needed.")
    )


@may_manage
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End the person's sessions: a telephone or computer has been lost."""
    return _done_to(
        request,
        pk,
        "",
        sign_out_everywhere,
        lambda ended: (
            ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended) % {"count": ended}
        ),
    )
