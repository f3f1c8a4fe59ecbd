"""The page on which a person sees where they are signed in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.sessions.limits import in_words, limit_of
from portal.accounts.sessions.own import end_all, end_session, sessions_of
from portal.accounts.users import User


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """The sessions that go on; POST ends one, the others, or all."""
    user = cast("User", request.user)
    here = request.session.session_key
    if request.method != "POST":
        limit = limit_of(user)
        sessions = sessions_of(user, here, limit)
        shown = {
            "sessions": sessions,
            "absolute": in_words(limit.absolute),
            "idle": in_words(limit.idle),
        }
        return render(request, "usersessions/usersession_list.html", shown)
    which = request.POST.get("end", "")
    if which == "all":
        end_all(user)
        logout(request)
        messages.success(request, _("You are signed out everywhere."))
        return redirect("account_login")
    if which == "others":
        end_all(user, but=here)
        messages.success(request, _("You are signed out on the other devices."))
    elif end_session(user, which):
        messages.success(request, _("You are signed out on that device."))
    else:
        messages.info(request, _("That session had ended already."))
    return redirect("usersessions_list")
