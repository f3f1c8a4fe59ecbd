"""Runs: one row per run of a nightly job, its progress and its alarm."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "portal.runs"
    label = "runs"
