"""The page of the system card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobmatching.nightly.system_card.sections import sections
from jobmatching.nightly.system_card.source import of_installation
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.ui.navigation import address


@permission_required(Permission.SYSTEM_CARD_VIEW)
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The card of the rules in force, with what this installation has measured; made to be printed."""
    source = of_installation()
    made = [(one, address(one.link[0]) if one.link else None) for one in sections(source)]
    return render(request, "nightly/system_card/page.html", {"sections": made, "source": source, "now": timezone.now()})
