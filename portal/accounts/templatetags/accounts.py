"""What templates ask about the person who is signed in. `{% load accounts %}`"""

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from portal.accounts.second_factor.duty import needs_second_factor

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
