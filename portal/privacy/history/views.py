"""The history of accounts, for administrators. That of others is with the pages about them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.accounts.models import User
from portal.accounts.permissions import permission_required
from portal.accounts.roles import Permission
from portal.privacy.history.pages import history_of


@permission_required(Permission.HISTORY_VIEW)
@permission_required(Permission.USERS_MANAGE)
@require_safe
def user_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of an account: names, roles, teams, stand-ins, second factors."""
    account = get_object_or_404(User, pk=pk)
    return render(request, "history/user.html", {"account": account, **history_of(request, account)})
