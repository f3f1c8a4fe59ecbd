"""The board's goals and priorities, year by year."""

from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "priorities"
