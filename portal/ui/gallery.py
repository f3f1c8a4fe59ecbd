"""Invented content for the component page: every component in its states."""

from typing import Any

from django.http import HttpRequest


def gallery(request: HttpRequest) -> dict[str, Any]:
    """What the component page draws."""
    return {}
