"""What templates ask about the person who is signed in. `{% load accounts %}`"""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from portal.accounts.second_factor.duty import needs_second_factor
from portal.accounts.sessions.left import WARN_S, left_of

register = template.Library()


@register.simple_tag(takes_context=True)
def must_have_second_factor(context: Context) -> bool:
    """`{% must_have_second_factor as must %}`: whether the person's roles ask for a second factor."""
    return needs_second_factor(context["request"].user)


@register.simple_tag
def provider_sign_in() -> dict[str, str] | None:
    """`{% provider_sign_in as provider %}`: name and address of the municipality's sign-in; None where it is off."""
    if settings.OIDC is None:
        return None
    return {"name": settings.OIDC.name, "url": reverse("openid_connect_login")}


@register.inclusion_tag("accounts/session_warning.html", takes_context=True)
def session_warning(context: Context) -> dict[str, Any]:
    """`{% session_warning %}`: the warning before a session ends, on pages of those who are signed in."""
    request = context.get("request")
    left = left_of(request) if request is not None and hasattr(request, "user") else None
    person = request.user.pk if request is not None and left is not None else None
    return {"left": left, "warn": WARN_S, "person": person, "csrf_token": context.get("csrf_token")}
