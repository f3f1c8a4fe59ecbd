"""How to write to a jobseeker: what is known, what was sent, noting it, and asking the person."""

from typing import Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jobmatching.seekers.contact import services
from jobmatching.seekers.contact.forms import WishForm
from jobmatching.seekers.contact.showing import contact_of
from jobmatching.seekers.models import JobSeeker
from jobmatching.seekers.opening import reason_required
from portal.accounts.models import User
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.outbox.enums import RecipientKind, Wish
from portal.outbox.models import Message

PER_PAGE: Final = 25


@permission_required(Permission.SEEKERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@reason_required()
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known, the messages sent, and the form by which staff note what the person has said."""
    seeker = _seeker(request, pk)
    known = contact_of(seeker)
    initial = {"wish": known.wish.wish, "language": known.wish.language} if known.wish else {}
    form = WishForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.note(pk, Wish(form.cleaned_data["wish"]), form.cleaned_data["language"], cast("User", request.user))
        messages.success(request, _("It is noted how to write to the jobseeker."))
        return redirect("seekers:contact", pk)
    sent = Message.objects.to(RecipientKind.JOBSEEKER, pk).defer("text", "html", "secrets")
    page = Paginator(sent, PER_PAGE).get_page(request.GET.get("page"))
    shown = {"seeker": seeker, "contact": known, "form": form, "page_obj": page}
    return render(request, "seekers/contact/page.html", shown)


@permission_required(Permission.SEEKERS_VIEW)
@require_POST
@reason_required()
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the person the question how to be written to."""
    _seeker(request, pk)
    try:
        services.ask(pk, cast("User", request.user))
    except services.AskedAlready:
        messages.info(request, _("The jobseeker was asked within a day. Wait for the answer, or ask when you talk."))
    except services.NoAddress:
        messages.warning(request, _("The profile has no address that a message could go to. Ask when you talk."))
    except services.NotElectronically:
        messages.warning(request, _("The portal sends this jobseeker no messages. Ask when you talk."))
    else:
        messages.success(request, _("The question is on its way. The answer appears on this page."))
    return redirect("seekers:contact", pk)


def _seeker(request: HttpRequest, pk: int) -> JobSeeker:
    """The person, without the profile, which these pages do not show."""
    visible = JobSeeker.objects.visible_to(request.user).defer("identity_code", "identity_index")
    seeker: JobSeeker = get_object_or_404(visible, pk=pk)
    return seeker
