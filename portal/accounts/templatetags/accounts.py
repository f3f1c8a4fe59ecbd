"""What templates ask about the person who is signed in. `{% load accounts %}`"""

from django import template
from django.template import Context

from portal.accounts.second_factor.duty import needs_second_factor

register = template.Library()


@register.simple_tag(takes_context=True)
def must_have_second_factor(context: Context) -> bool:
    """`{% must_have_second_factor as must %}`: whether the person's roles ask for a second factor."""
    return needs_second_factor(context["request"].user)
