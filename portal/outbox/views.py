"""The list of messages for administrators: how each stands, never what it says or whom it is about."""

from collections.abc import Callable, Iterator
from typing import Final, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.outbox import services
from portal.outbox.counting import Standing, standing
from portal.outbox.enums import TRANSITIONS, MessageState
from portal.outbox.filters import MessageFilter
from portal.outbox.forms import WithdrawForm
from portal.outbox.models import Message
from portal.outbox.services import TransitionNotAllowed
from portal.ui import formats
from portal.ui.chips import chips_of
from portal.ui.limits import Limit, limited
from portal.ui.parts import Fact, Tile
from portal.ui.spreadsheets import writing

PER_PAGE: Final = 25
MOST_ROWS: Final = 5_000


# --- The list ------------------------------------------------------------------------------------------------------
@permission_required(Permission.OUTBOX_VIEW)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Every message, newest first; filters and page stand in the address."""
    chosen = _chosen(request)
    now_standing = standing(timezone.now())
    page = Paginator(chosen.qs.for_list(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "outbox/list.html",
        {
            "filter": chosen,
            "page_obj": page,
            "tiles": _tiles(request, now_standing),
            "standing": now_standing,
            "chips": chips_of(chosen.form, request.GET),
            "may_manage": may(request.user, Permission.OUTBOX_MANAGE),
            "query": request.GET.urlencode(),
            "most_rows": MOST_ROWS,
        },
    )


@permission_required(Permission.OUTBOX_VIEW)
@limited(Limit.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, at most 5,000 rows; addresses masked as on the page."""
    rows = _chosen(request).qs.for_list()[:MOST_ROWS]
    header = [
        *(_("Written"), _("Kind"), _("Channel"), _("Address"), _("State"), _("Attempts"), _("Sent")),
        _("The provider's answer"),
    ]
    response = HttpResponse(writing.as_csv(header, _rows(rows)), content_type="text/csv; charset=utf-8")
    name = f"{_('messages-file')}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: "QuerySet[Message]") -> Iterator[tuple[object, ...]]:
    for message in found:
        yield (
            timezone.localtime(message.created_at).isoformat(timespec="minutes"),
            message.kind_label,
            message.get_channel_display(),
            message.masked_address,
            message.get_state_display(),
            message.attempts,
            timezone.localtime(message.sent_at).isoformat(timespec="minutes") if message.sent_at else "",
            message.answer_in_words,
        )


def _chosen(request: HttpRequest) -> MessageFilter:
    return MessageFilter(request.GET, Message.objects.visible_to(request.user))


def _tiles(request: HttpRequest, counted: Standing) -> list[Tile]:
    """The queues that somebody may have to look at, each a link to its messages."""
    queues = (
        (MessageState.GIVEN_UP, counted.given_up, _("given up"), _("look why, then send again")),
        (MessageState.UNCERTAIN, counted.uncertain, _("uncertain"), _("find out whether they arrived")),
        (MessageState.FAILED, counted.failed, _("will be tried again"), _("no need to do anything")),
        (MessageState.QUEUED, counted.queued, _("waiting"), _("go within a minute")),
        (MessageState.SENT, counted.sent_lately, _("sent"), _("in 24 hours")),
    )
    return [
        Tile(f"?state={state.value}", count, label, small, current=request.GET.getlist("state") == [state.value])
        for state, count, label, small in queues
    ]


# --- One message ---------------------------------------------------------------------------------------------------
@permission_required(Permission.OUTBOX_VIEW)
@require_safe
def message_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How one message stands: attempts with the provider's answers, who changed what, and what can be done."""
    message = _message(request, pk)
    manage = may(request.user, Permission.OUTBOX_MANAGE)
    ways = TRANSITIONS[MessageState(message.state)]
    return render(
        request,
        "outbox/page.html",
        {
            "message": message,
            "facts": _facts(message),
            "attempts": message.tries.order_by("number", "claimed_at", "pk"),
            "changes": message.transitions.select_related("by").order_by("happened_at", "pk"),
            "may_send_again": manage and MessageState.QUEUED in ways and _can_be_sent(message),
            "may_withdraw": manage and MessageState.WITHDRAWN in ways and message.state != MessageState.SENDING,
            "may_confirm": manage and message.state == MessageState.UNCERTAIN,
        },
    )


def _can_be_sent(message: Message) -> bool:
    return bool(message.address) and message.state != MessageState.SENDING


def _facts(message: Message) -> list[Fact]:
    return [
        Fact(_("Kind"), message.kind_label),
        Fact(_("Recipient"), message.get_recipient_kind_display()),
        Fact(_("Address"), message.masked_address or formats.NOTHING),
        Fact(_("Channel"), message.get_channel_display()),
        Fact(_("Language"), dict(settings.LANGUAGES).get(message.language, message.language)),
        Fact(_("Written"), formats.moment(message.created_at)),
        Fact(_("Sent"), formats.moment(message.sent_at)),
        Fact(_("Next attempt"), formats.moment(message.next_try_at)),
        Fact(_("Provider"), message.provider or formats.NOTHING),
        Fact(_("Identifier at the provider"), message.provider_id or formats.NOTHING),
        Fact(_("The provider's answer"), message.answer_in_words or formats.NOTHING),
    ]


def _message(request: HttpRequest, pk: int) -> Message:
    visible = Message.objects.visible_to(request.user).for_list()
    found: Message = get_object_or_404(visible, pk=pk)
    return found


# --- What an administrator decides ---------------------------------------------------------------------------------
@permission_required(Permission.OUTBOX_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then try a message again that was given up, waits, or may have been sent."""
    message = _message(request, pk)
    if request.method == "POST":
        return _decide(
            request,
            pk,
            lambda by: services.send_again(pk, by=by),
            _("The message goes to its provider again."),
        )
    return render(request, "outbox/send_again.html", {"message": message})


@permission_required(Permission.OUTBOX_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then never send a message."""
    message = _message(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decide(
            request,
            pk,
            lambda by: services.withdraw(pk, by=by, reason=form.cleaned_data["reason"]),
            _("The message is withdrawn: it will not be sent."),
        )
    return render(request, "outbox/withdraw.html", {"message": message, "form": form})


@permission_required(Permission.OUTBOX_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then note that an uncertain message has been found to have arrived."""
    message = _message(request, pk)
    if request.method == "POST":
        return _decide(request, pk, lambda by: services.confirm_sent(pk, by=by), _("The message is noted as sent."))
    return render(request, "outbox/confirm_sent.html", {"message": message})


@permission_required(Permission.OUTBOX_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def send_all_again(request: HttpRequest) -> HttpResponse:
    """Ask, and then try every message again that was given up though it has an address."""
    if request.method == "POST":
        count = services.send_given_up_again(by=cast("User", request.user))
        text = ngettext("%(count)s message is tried again.", "%(count)s messages are tried again.", count)
        messages.success(request, text % {"count": formats.number(count)})
        return redirect("outbox:list")
    return render(request, "outbox/send_all_again.html", {"count": Message.objects.can_be_sent_again().count()})


def _decide(request: HttpRequest, pk: int, act: Callable[[User], object], done: str) -> HttpResponse:
    """Do it and say so; where the message has gone another way meanwhile, say that."""
    try:
        act(cast("User", request.user))
    except TransitionNotAllowed:
        messages.warning(request, _("The message has changed meanwhile, and this is no longer possible."))
    else:
        messages.success(request, done)
    return redirect("outbox:page", pk)
