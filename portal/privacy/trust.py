"""The front page of trust: how the portal watches over itself, as links for those who may follow them.

The pages stand in many rooms; this floor knows them by their names, as the navigation does.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.accounts.permissions import may, permission_required
from portal.accounts.roles import Permission
from portal.privacy.access.models import AccessAnomaly
from portal.privacy.access.state import State, state_of_log
from portal.ui.navigation import address, open_to


@dataclass(frozen=True)
class Link:
    """A page: the name of its address, its words, the permission that opens it."""

    url_name: str
    title: Promise
    text: Promise
    permission: str
    icon: str


@dataclass(frozen=True)
class Part:
    """Pages about one thing."""

    title: Promise
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Shown:
    """A link as one person sees it; `count` is what waits there."""

    url: str
    link: Link
    count: int | None = None


PARTS: Final = (
    Part(
        _("Who looks at whose data"),
        (
            Link(
                "audit:log",
                _("Access log"),
                _("Who has looked at whose data, when, why and from which page."),
                "audit.view",
                "eye",
            ),
            Link(
                "audit:anomalies",
                _("Anomalies"),
                _("What looks strange in the log, and what came of looking into it."),
                "audit.view",
                "exclamation-triangle",
            ),
            Link(
                "seekers:non_disclosures",
                _("Non-disclosure"),
                _("People under non-disclosure whose named worker you are."),
                "seekers.view",
                "lock-closed",
            ),
        ),
    ),
    Part(
        _("Data of people"),
        (
            Link(
                "register:fields",
                _("Register of personal fields"),
                _("Which data is kept, on which ground, for how long and who sees it."),
                "register.view",
                "clipboard-document-list",
            ),
            Link(
                "retention:classes",
                _("Retention"),
                _("How long each class of data is kept, and what has been deleted."),
                "retention.view",
                "archive-box",
            ),
            Link(
                "seekers:requests",
                _("Requests about own data"),
                _("Requests of people about their own data, and how they stand."),
                "subject.requests",
                "inbox",
            ),
            Link(
                "seekers:departing",
                _("Jobseekers whose data will be deleted"),
                _("Whose time has passed, and what keeps their data."),
                "subject.requests",
                "clock",
            ),
        ),
    ),
    Part(
        _("Matching"),
        (
            Link(
                "matching:fairness",
                _("Equal treatment"),
                _("How matching treats groups of people, night by night."),
                "fairness.view",
                "scale",
            ),
            Link(
                "matching:rules",
                _("Rules of matching"),
                _("Versions of the rules: drafts, approval and what is in force."),
                "rules.view",
                "adjustments-horizontal",
            ),
            Link(
                "matching:system_card",
                _("System card"),
                _("What matching is, what it reads and what it does not, how it is watched."),
                "system_card.view",
                "identification",
            ),
            Link(
                "matching:switch",
                _("Stop switch"),
                _("Whether all matching is stopped and why, and how it is stopped."),
                "runs.view",
                "no-symbol",
            ),
        ),
    ),
    Part(
        _("Upkeep"),
        (
            Link(
                "outbox:list",
                _("Messages"),
                _("Mails and text messages that the portal has sent, and those that wait."),
                "outbox.view",
                "envelope",
            ),
            Link(
                "accounts:roles",
                _("Roles and permissions"),
                _("What each role may do, and since when."),
                "roles.view",
                "key",
            ),
            Link("runs:list", _("Nightly runs"), _("What ran when, and what went wrong."), "runs.view", "moon"),
        ),
    ),
)


@permission_required(Permission.TRUST_VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The pages that the person may open, part by part."""
    is_auditor = may(request.user, Permission.AUDIT_VIEW)
    state: State | None = state_of_log(timezone.now()) if is_auditor else None
    counts = {"audit:anomalies": AccessAnomaly.objects.new().count()} if is_auditor else {}
    parts = []
    for part in PARTS:
        shown = [
            Shown(url, link, counts.get(link.url_name))
            for link in part.links
            if open_to(request.user, link.permission) and (url := address(link.url_name)) is not None
        ]
        if shown:
            parts.append((part.title, shown))
    return render(request, "access/trust.html", {"parts": parts, "state": state})
