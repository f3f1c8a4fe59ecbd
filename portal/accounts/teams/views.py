"""Pages on which team leads and administrators keep who works with whom."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.accounts.teams.forms import EndForm, MemberForm, PairForm, StandInForm, TeamForm
from portal.accounts.teams.models import StandIn, Team, TeamMembership, WorkPair
from portal.accounts.teams.scope import areas_kept_by, pairs_kept_by, stand_ins_kept_by, teams_kept_by
from portal.accounts.teams.services import NotAllowed, change_lead, end
from portal.accounts.users import User
from portal.ui.parts import Choice

PER_PAGE = 50
NOW, COMING, PAST = "now", "coming", "past"

may_keep = permission_required(Permission.TEAMS_MANAGE)
reads_or_writes = require_http_methods(["GET", "HEAD", "POST"])


def _tabs(request: HttpRequest) -> list[Choice]:
    """The three lists."""
    labels = (
        ("accounts:teams", _("Teams")),
        ("accounts:pairs", _("Work pairs")),
        ("accounts:stand_ins", _("Stand-ins")),
    )
    return [Choice(reverse(name), label, current=request.path.startswith(reverse(name))) for name, label in labels]


# --- Teams ---------------------------------------------------------------------------------------------------------
@may_keep
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams that the person keeps, with their leads and the number of members today."""
    today = timezone.localdate()
    in_force = TeamMembership.objects.active(today)
    teams = teams_kept_by(request.user).annotate(
        members=Count("memberships", filter=Q(memberships__in=in_force), distinct=True)
    )
    leads = in_force.filter(lead=True).select_related("user")
    page = Paginator(teams.prefetch_related(Prefetch("memberships", leads, "leads")), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "accounts/teams/list.html", {"page_obj": page, "tabs": _tabs(request)})


@may_keep
@reads_or_writes
def new_team(request: HttpRequest) -> HttpResponse:
    """Found a team."""
    form = TeamForm(request.POST or None, areas=areas_kept_by(request.user))
    if request.method == "POST" and form.is_valid():
        team = form.save()
        messages.success(request, _("The team was founded. Add its members."))
        return redirect("accounts:team", team.pk)
    return render(request, "accounts/teams/team_form.html", {"form": form, "team": None})


@may_keep
@reads_or_writes
def rename_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a team another name."""
    team = _team(request, pk)
    name = team.name
    form = TeamForm(request.POST or None, instance=team, areas=areas_kept_by(request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The name was saved."))
        return redirect("accounts:team", team.pk)
    # What was typed stands in the form's own row by now: the heading keeps the name that holds.
    shown = {"form": form, "team": team, "name": name}
    return render(request, "accounts/teams/team_form.html", shown)


@may_keep
@reads_or_writes
def team_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in a team today, who comes, who was; POST adds somebody."""
    team = _team(request, pk)
    user = cast("User", request.user)
    form = MemberForm(request.POST or None, team=team, by=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The person was added to the team."))
        return redirect("accounts:team", team.pk)
    today = timezone.localdate()
    members = team.memberships.select_related("user").order_by("-lead", "user__last_name", "user__first_name", "pk")
    return render(
        request,
        "accounts/teams/team.html",
        {
            "team": team,
            "form": form,
            "present": members.active(today),
            "coming": members.coming(today),
            "past": members.exclude(pk__in=members.not_over(today).values("pk")).order_by("-valid_to", "-pk")[
                :PER_PAGE
            ],
        },
    )


@may_keep
@require_POST
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody lead a team from today on (`lead=1`), or no longer."""
    membership = get_object_or_404(TeamMembership, pk=pk, team__in=teams_kept_by(request.user))
    try:
        change_lead(membership, lead=request.POST.get("lead") == "1", by=cast("User", request.user))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("accounts:team", membership.team_id)


def _team(request: HttpRequest, pk: int) -> Team:
    team: Team = get_object_or_404(teams_kept_by(request.user), pk=pk)
    return team


# --- Work pairs and stand-ins ----------------------------------------------------------------------------------------
def _of_time(request: HttpRequest, rows: Any) -> tuple[QuerySet[Any], list[Choice]]:
    """The rows of the time that the address names (?time=now|coming|past), and the three choices with their counts."""
    today = timezone.localdate()
    not_over = rows.not_over(today)
    parts = {
        NOW: (_("In force"), rows.active(today)),
        COMING: (_("Coming"), rows.coming(today)),
        PAST: (_("Ended"), rows.exclude(pk__in=not_over.values("pk"))),
    }
    chosen = request.GET.get("time", NOW)
    chosen = chosen if chosen in parts else NOW
    choices = [Choice(f"?time={key}", label, part.count(), key == chosen) for key, (label, part) in parts.items()]
    return parts[chosen][1], choices


def _list(request: HttpRequest, page: Any, times: list[Choice]) -> dict[str, Any]:
    return {"page_obj": page, "times": times, "tabs": _tabs(request), "today": timezone.localdate()}


@may_keep
@require_safe
def pair_list(request: HttpRequest) -> HttpResponse:
    """Work pairs in force, coming or ended."""
    rows, times = _of_time(request, pairs_kept_by(request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/teams/pairs.html", _list(request, page, times))


@may_keep
@require_safe
def stand_in_list(request: HttpRequest) -> HttpResponse:
    """Stand-ins in force, coming or ended."""
    rows, times = _of_time(request, stand_ins_kept_by(request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/teams/stand_ins.html", _list(request, page, times))


@may_keep
@reads_or_writes
def new_pair(request: HttpRequest) -> HttpResponse:
    """Two people become a work pair."""
    form = PairForm(request.POST or None, areas=areas_kept_by(request.user))
    return _saved_or_shown(request, form, "accounts:pairs", "accounts/teams/pair_form.html")


@may_keep
@reads_or_writes
def new_stand_in(request: HttpRequest) -> HttpResponse:
    """Somebody is away, and somebody else serves their clients."""
    form = StandInForm(request.POST or None, areas=areas_kept_by(request.user))
    return _saved_or_shown(request, form, "accounts:stand_ins", "accounts/teams/stand_in_form.html")


def _saved_or_shown(request: HttpRequest, form: forms.ModelForm, back: str, template: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        row = form.save()
        messages.success(request, _("Saved."))
        time = COMING if row.valid_from > timezone.localdate() else NOW
        return redirect(f"{reverse(back)}?time={time}")
    return render(request, template, {"form": form, "back": reverse(back)})


# --- To end ----------------------------------------------------------------------------------------------------------
@may_keep
@reads_or_writes
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves a team."""
    row = get_object_or_404(
        TeamMembership.objects.select_related("user", "team"), pk=pk, team__in=teams_kept_by(request.user)
    )
    what = _("%(person)s in the team %(team)s") % {"person": row.user, "team": row.team}
    return _ended_or_asked(request, row, what, reverse("accounts:team", args=[row.team_id]))


@may_keep
@reads_or_writes
def end_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people no longer work as a pair."""
    row = get_object_or_404(pairs_kept_by(request.user), pk=pk)
    what = _("%(one)s and %(other)s as a work pair") % {"one": row.first, "other": row.second}
    return _ended_or_asked(request, row, what, reverse("accounts:pairs"))


@may_keep
@reads_or_writes
def end_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The absent colleague is back earlier."""
    row = get_object_or_404(stand_ins_kept_by(request.user), pk=pk)
    what = _("%(one)s in place of %(other)s") % {"one": row.stand_in, "other": row.absent}
    return _ended_or_asked(request, row, what, reverse("accounts:stand_ins"))


def _ended_or_asked(
    request: HttpRequest, row: TeamMembership | WorkPair | StandIn, what: str, back: str
) -> HttpResponse:
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end(row, form.cleaned_data["last_day"])
        except NotAllowed as refused:
            form.add_error("last_day", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(request, "accounts/teams/end.html", {"form": form, "what": what, "back": back, "row": row})
