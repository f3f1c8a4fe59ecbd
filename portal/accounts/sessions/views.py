"""The page on which a person sees where they are signed in, and what is left of a session."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.sessions.left import go_on, left_of
from portal.accounts.sessions.limits import in_words, limit_of
from portal.accounts.sessions.own import end_all, end_session, sessions_of
from portal.accounts.users import User
from portal.ui.by_itself import fetched_by_itself


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


@fetched_by_itself
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest) -> HttpResponse:
    """What is left of this session, for the warning before it ends (static/js/session.js); POST goes on.

    Whoever is not signed in (any more) learns just that. The token lets a form that stood open while somebody signed in
    anew be sent all the same.
    """
    if request.method == "POST" and left_of(request) is not None:
        go_on(request)
    told = left_of(request)
    if told is None:
        return JsonResponse({"idle": None})
    return JsonResponse(
        {"idle": told.idle, "absolute": told.absolute, "person": request.user.pk, "token": get_token(request)}
    )
