"""Heroicons "mini", drawn into the page; always beside a word, so hidden from screen readers."""

from functools import cache

from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_mini


@cache
def icon(name: str, size: int = 16) -> SafeString:
    """The SVG of one icon, e.g. `check-circle`. Raises `heroicons.IconDoesNotExist` for a name that does not exist."""
    drawn = heroicon_mini(name, size=size, **{"class": "k-i", "aria-hidden": "true", "focusable": "false"})
    return SafeString(" ".join(drawn.split()).replace("> <", "><"))
