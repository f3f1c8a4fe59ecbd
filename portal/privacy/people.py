"""What this floor asks about people whose register stands on a higher floor.

A source of PRIVACY_SOURCES may name it beside its TABLE: `PEOPLE`, the dotted path of a module or object with the
functions of `People`. There is one register of people.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from portal.accounts.models import User


class People(Protocol):
    """The register of people as the access log needs it. Numbers in, as little as possible out."""

    def number_of(self, identity_code: str) -> int | None:
        """The number of the person with an identity code (normalised); None where there is nobody to be found."""

    def name_of(self, number: int) -> str | None:
        """The name of a person; None where there is nobody, or the name is shown to named workers alone."""

    def not_served_by(self, user: "User", numbers: Collection[int], day: date) -> frozenset[int]:
        """Those among some people whom a user did not serve on a day; also numbers that nobody has any more."""

    def alike(self, numbers: Collection[int], surname: str, email: str) -> frozenset[int]:
        """Those among some people who have a user's surname or e-mail address."""


@cache
def people() -> People:
    """The register of people. ImproperlyConfigured where no source names one."""
    for source in settings.PRIVACY_SOURCES:
        path: str | None = getattr(import_module(source), "PEOPLE", None)
        if path is not None:
            return cast("People", import_string(path))
    raise ImproperlyConfigured("No source of PRIVACY_SOURCES names PEOPLE.")
