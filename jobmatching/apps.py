"""Jobseekers, and the matching of vacancies to them."""

from django.apps import AppConfig


class JobmatchingConfig(AppConfig):
    name = "jobmatching"
