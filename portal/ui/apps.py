"""Components that every page is built from."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The floor of the components."""

    name = "portal.ui"
    label = "ui"
