"""Words about the classifications."""

from typing import Any

from django.db import models

from portal.classifications.enums import Country, Scheme


class ConceptQuerySet(models.QuerySet[Any]):
    """Occupations, skills and their groups."""

    def of(self, scheme: Scheme | str) -> "ConceptQuerySet":
        """Concepts of one scheme."""
        return self.filter(scheme=scheme)

    def current(self) -> "ConceptQuerySet":
        """Concepts that have not been withdrawn."""
        return self.filter(retired=False)


class MunicipalityQuerySet(models.QuerySet[Any]):
    """Municipalities."""

    def current(self) -> "MunicipalityQuerySet":
        """Those in use today."""
        return self.filter(retired=False)

    def finnish(self) -> "MunicipalityQuerySet":
        return self.filter(country=Country.FINLAND)
