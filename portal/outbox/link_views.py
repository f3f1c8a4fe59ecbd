"""What people without a sign-in answer by a link: how to write to them, and no more messages of a kind."""

from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.outbox import links
from portal.outbox.enums import Channel, LinkState, Wish
from portal.outbox.forms import ContactForm
from portal.outbox.kinds import KINDS
from portal.outbox.link_pages import LANGUAGE_PARAMETER, answered_by_link
from portal.outbox.links import LinkNotOpen
from portal.outbox.models import Link
from portal.outbox.preferences import keep_answer, silence, want_again
from portal.outbox.purposes import CONTACT, UNSUBSCRIBE

_AGAIN: Final = "again"


@answered_by_link(CONTACT, used_template="outbox/link/contact_answered.html")
def contact_answer(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """Ask how the person wants to be written to, and keep the answer."""
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        channels=list(link.choices.get("channels", ())),
        initial={"language": get_language() or link.language},
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            used = links.use(token, CONTACT)
            came_on = Channel(link.message.channel) if link.message else Channel.MAIL
            keep_answer(used.object_id, Wish(form.cleaned_data["wish"]), form.cleaned_data["language"], came_on)
        return redirect(f"{request.path}?{LANGUAGE_PARAMETER}={form.cleaned_data['language']}")
    address = link.message.masked_address if link.message else ""
    return render(request, "outbox/link/contact.html", {"form": form, "link": link, "address": address})


@answered_by_link(UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """No more messages of an optional kind; by one click of the mail program (RFC 8058), or by the button here."""
    kind = KINDS.get(str(link.choices.get("kind")))
    user = User.objects.filter(pk=link.object_id, is_active=True).first()
    if kind is None or not kind.optional or user is None:
        raise LinkNotOpen(LinkState.REVOKED)
    done = ""
    if request.method == "POST":
        links.use(token, UNSUBSCRIBE)
        again = request.POST.get("do") == _AGAIN
        (want_again if again else silence)(user.pk, kind.code)
        done = _AGAIN if again else "silenced"
    return render(request, "outbox/link/unsubscribe.html", {"kind": kind, "done": done, "link": link})
