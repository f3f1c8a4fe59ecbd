"""Small things that the templates of matching need."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_row(by_pk: Mapping[int, Any], row: Any) -> Any:
    """What a mapping by primary key has for an object; None where it has nothing."""
    return by_pk.get(row.pk)
