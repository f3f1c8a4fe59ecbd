"""Classifications: municipalities, occupations, skills, languages, licences, cards, industries."""

from django.apps import AppConfig


class ClassificationsConfig(AppConfig):
    name = "portal.classifications"
    label = "classifications"
