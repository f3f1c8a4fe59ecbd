"""Pages about non-disclosure: of one person, one's own, and naming a worker for somebody whom nobody sees."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.models import JobSeeker, NamedWorker
from jobmatching.seekers.non_disclosure.enums import Ground, LiftGround
from jobmatching.seekers.non_disclosure.forms import LiftForm, NameForm, ProlongForm, SetForm, WorkersForm
from jobmatching.seekers.non_disclosure.models import NonDisclosure, NonDisclosureChange
from jobmatching.seekers.non_disclosure.services import (
    change_workers,
    coach_to_keep,
    lift,
    may_hide,
    name_unseen,
    named_now,
    prolong,
    set_non_disclosure,
    who_could_see,
    workers_of_area,
)
from jobmatching.seekers.opening import reason_required
from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, record
from portal.ui.formats import day_year
from portal.ui.parts import Fact

CONFIRMED = "confirmed"
CHANGE = "change"
ASKING = {
    "set": "seekers/non_disclosure/set.html",
    "workers": "seekers/non_disclosure/workers.html",
    "validity": "seekers/non_disclosure/validity.html",
    "lift": "seekers/non_disclosure/lift.html",
}
"""The page that asks, by what is to be done."""
CONFIRMING = {
    "set": "seekers/non_disclosure/set_confirm.html",
    "workers": "seekers/non_disclosure/workers_confirm.html",
    "lift": "seekers/non_disclosure/lift_confirm.html",
}
"""The page that says what will happen; changing the last day is done at once."""


# --- One's own -------------------------------------------------------------------------------------------------------
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The people for whom somebody is named; and for those who name workers, how many people nobody sees."""
    today = timezone.localdate()
    own = list(NonDisclosure.objects.naming(request.user).select_related("seeker").order_by("valid_to", "pk"))
    if own:
        record(request, Action.LIST, view="seekers:non_disclosures", seekers=[one.seeker_id for one in own])
    may_name = may(request.user, Permission.NON_DISCLOSURE_NAME)
    unseen = NonDisclosure.objects.to_be_named_by(request.user, today).order_by("pk") if may_name else ()
    shown = {"own": own, "may_name": may_name, "unseen": unseen, "today": today}
    return render(request, "seekers/non_disclosure/overview.html", shown)


@permission_required(Permission.NON_DISCLOSURE_NAME)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, key: UUID) -> HttpResponse:
    """Name a worker for a person whom no worker sees; the page says nothing of the person."""
    found = NonDisclosure.objects.to_be_named_by(request.user, timezone.localdate()).select_related("seeker")
    one: NonDisclosure = get_object_or_404(found, pk=key)
    candidates = who_could_see(one, _person(request))
    form = NameForm(request.POST if request.method == "POST" else None, candidates=candidates)
    if not form.is_valid():
        return render(request, "seekers/non_disclosure/name.html", {"form": form, "reference": one.reference})
    try:
        name_unseen(one, _person(request), form.chosen)
    except NotPossible:
        messages.info(request, _("Somebody else has named a worker meanwhile."))
    else:
        messages.success(request, _("The worker has been named and is told by e-mail."))
    return redirect("seekers:non_disclosures")


# --- One person ------------------------------------------------------------------------------------------------------
@permission_required(Permission.SEEKERS_VIEW)
@require_safe
@reason_required()
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands, who is named, and what has been done. Of a time that is over nothing is shown here."""
    seeker = _seeker(request, pk)
    held = _held(request, seeker)
    changes = NonDisclosureChange.objects.filter(non_disclosure__seeker=seeker).select_related("by", "worker")
    return render(
        request,
        "seekers/non_disclosure/page.html",
        {
            "seeker": seeker,
            "held": held,
            "facts": _facts(held) if held else [],
            "today": timezone.localdate(),
            "workers": _named(seeker) if held else [],
            "changes": changes.order_by("-at", "-pk") if held else [],
            "may_set": may(request.user, Permission.NON_DISCLOSURE_SET)
            and (held is not None or may_hide(_person(request), seeker)),
        },
    )


@permission_required(Permission.NON_DISCLOSURE_SET)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def set_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the ground and the workers, say what happens, and hide the person when that is confirmed."""
    seeker, person = _seeker(request, pk), _person(request)
    if seeker.non_disclosure:
        messages.info(request, _("Non-disclosure is in force already."))
        return redirect("seekers:non_disclosure", pk)
    if not may_hide(person, seeker):
        raise PermissionDenied
    candidates, coach = workers_of_area(seeker.area_id), coach_to_keep(seeker, person)
    usual = [str(user) for user in (seeker.coach_id, person.pk) if user]
    initial = {"valid_from": timezone.localdate(), "workers": usual}
    form = SetForm(
        request.POST if request.method == "POST" else None, initial=initial, candidates=candidates, coach_to_keep=coach
    )
    sees_on = form.is_valid() and person in form.chosen

    def do() -> None:
        given = form.cleaned_data
        set_non_disclosure(
            pk, person, ground=Ground(given["ground"]), valid_from=given["valid_from"], valid_to=given["valid_to"],
            workers=form.chosen, note=given["note"], without_coach=given.get("without_coach", ""),
        )  # fmt: skip

    done = _("Non-disclosure is in force. Only the named workers see the person now.")
    told = {"sees_on": sees_on, "chosen": form.chosen if form.is_valid() else [], "coach_to_keep": coach}
    asked = _asked(request, seeker, form, "set", told)
    return asked or _do(request, do, done, pk if sees_on else None)


@permission_required(Permission.NON_DISCLOSURE_SET)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def workers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name workers and take names away; whoever takes away the own name confirms it."""
    seeker, person = _seeker(request, pk), _person(request)
    if _held(request, seeker) is None:
        return _not_in_force(request, pk)
    initial, coach = {"workers": [str(user.pk) for user in named_now(seeker)]}, coach_to_keep(seeker, person)
    form = WorkersForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        candidates=workers_of_area(seeker.area_id),
        coach_to_keep=coach,
    )
    sees_on = form.is_valid() and person in form.chosen
    told = {"chosen": form.chosen if form.is_valid() else [], "coach_to_keep": coach}
    asked = _asked(request, seeker, form, "workers", told, ask=not sees_on)

    def do() -> None:
        change_workers(pk, person, form.chosen, form.cleaned_data.get("without_coach", ""))

    return asked or _do(request, do, _("The named workers have been changed."), pk if sees_on else None)


@permission_required(Permission.NON_DISCLOSURE_SET)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def change_validity(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the last day and the ground."""
    seeker, person = _seeker(request, pk), _person(request)
    held = _held(request, seeker)
    if held is None:
        return _not_in_force(request, pk)
    form = ProlongForm(
        request.POST if request.method == "POST" else None,
        initial={"ground": held.ground, "valid_to": held.valid_to},
    )

    def do() -> None:
        given = form.cleaned_data
        prolong(pk, person, given["valid_to"], Ground(given["ground"]), given["note"])

    asked = _asked(request, seeker, form, "validity", {"held": held}, ask=False)
    return asked or _do(request, do, _("The last day has been changed."), pk)


@permission_required(Permission.NON_DISCLOSURE_SET)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def lift_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, say who sees the person then, and lift it when that is confirmed."""
    seeker, person = _seeker(request, pk), _person(request)
    held = _held(request, seeker)
    if held is None:
        return _not_in_force(request, pk)
    form = LiftForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        lift(pk, person, LiftGround(form.cleaned_data["ground"]), form.cleaned_data["note"])

    still = held.valid_to is not None and held.valid_to >= timezone.localdate()
    asked = _asked(request, seeker, form, "lift", {"held": held, "still": still})
    return asked or _do(request, do, _("Non-disclosure has been lifted. The next run takes the jobseeker in."), pk)


# --- What the pages share --------------------------------------------------------------------------------------------
def _asked(
    request: HttpRequest, seeker: JobSeeker, form: Form, what: str, more: dict[str, Any], *, ask: bool = True
) -> HttpResponse | None:
    """The form, or what will happen (with `ask`), while it is not right or not confirmed; None when it can be done."""
    context = {"seeker": seeker, "form": form, **more}
    if not form.is_valid() or CHANGE in request.POST:
        return render(request, ASKING[what], context)
    if ask and CONFIRMED not in request.POST:
        return render(request, CONFIRMING[what], context)
    return None


def _do(request: HttpRequest, do: Callable[[], None], done: str, pk: int | None) -> HttpResponse:
    """Do it and lead on: to the person's page, or to the list where one sees the person no more (`pk` None)."""
    try:
        do()
    except NotPossible:
        messages.info(request, _("Somebody else has changed it meanwhile. Look how it stands now."))
        return redirect("seekers:list")
    messages.success(request, done)
    return redirect("seekers:non_disclosure", pk) if pk else redirect("seekers:list")


def _not_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    messages.info(request, _("Non-disclosure is not in force."))
    return redirect("seekers:non_disclosure", pk)


def _seeker(request: HttpRequest, pk: int) -> JobSeeker:
    seeker: JobSeeker = get_object_or_404(
        JobSeeker.objects.visible_to(request.user).select_related("coach", "area"), pk=pk
    )
    return seeker


def _held(request: HttpRequest, seeker: JobSeeker) -> NonDisclosure | None:
    found: NonDisclosure | None = (
        NonDisclosure.objects.in_force().visible_to(request.user).filter(seeker=seeker).select_related("set_by").first()
    )
    return found


def _facts(held: NonDisclosure) -> list[Fact]:
    return [
        Fact(_("Ground"), held.get_ground_display()),
        Fact(_("First day"), day_year(held.valid_from)),
        Fact(_("Last day"), day_year(held.valid_to) if held.valid_to else _("until further notice")),
        Fact(_("Set by"), str(held.set_by) if held.set_by else "–"),
        *([Fact(_("More about the ground"), held.note)] if held.note else []),
    ]


def _named(seeker: JobSeeker) -> list[tuple[User, bool]]:
    """The named workers, and whether each still sees the person."""
    able = {user.pk for user in workers_of_area(seeker.area_id)}
    rows = NamedWorker.objects.filter(seeker=seeker).select_related("user")
    return [(row.user, row.user_id in able) for row in rows.order_by("user__last_name", "user__first_name", "pk")]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # signed in, by the guard of every page here
    return request.user
