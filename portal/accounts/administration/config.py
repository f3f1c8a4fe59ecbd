"""The app of Django's administration, with our site in place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Registers every `admin.py` with `AdministrationSite`."""

    default_site = "portal.accounts.administration.site.AdministrationSite"
