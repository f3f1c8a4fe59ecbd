"""The page that asks why somebody opens the page of a jobseeker whom they do not serve."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import NEXT
from jobmatching.seekers.permissions import serves
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.access import Action, ReasonCode, about_person, record
from portal.privacy.access.reasons import give_reason, reason_in_force
from portal.ui.free_words import FreeText


class ReasonForm(forms.Form):
    """Why the page is opened: one of the reasons, and words where none of them fits."""

    NEEDED_AT_TIMES = frozenset({"words"})

    code = forms.ChoiceField(
        label=_("Why do you open the page?"),
        choices=ReasonCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why you open the page.")},
    )
    words = FreeText(
        label=_("In your own words"),
        help_text=_("Needed with another reason. Do not write about health or other sensitive matters."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> None:
        """Another reason is told in words."""
        words = self.cleaned_data.get("words", "").strip()
        if self.cleaned_data.get("code") == ReasonCode.OTHER and not words:
            self.add_error("words", _("Write the reason in your own words."))


@permission_required(Permission.SEEKERS_VIEW)
@about_person("pk")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason; once given, lead on to where the person was going."""
    seeker: JobSeeker = get_object_or_404(
        JobSeeker.objects.visible_to(request.user).select_related("coach", "home"), pk=pk
    )
    onward = _onward(request, pk)
    if serves(request.user, seeker) or reason_in_force(request.user, pk):
        return redirect(onward)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code, words = ReasonCode(form.cleaned_data["code"]), form.cleaned_data["words"]
        give_reason(request, pk, code, words, view="seekers:reason")
        return redirect(onward)
    # The page says whose client it is: as much as a line of a list.
    record(request, Action.LIST, view="seekers:reason", seekers=[pk])
    return render(request, "seekers/reason.html", {"seeker": seeker, "form": form, "onward": onward, "next": NEXT})


def _onward(request: HttpRequest, pk: int) -> str:
    """Where the person was going, if that is a page of the portal; else the jobseeker's page."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else reverse("seekers:page", args=[pk])
