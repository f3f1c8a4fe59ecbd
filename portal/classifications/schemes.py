"""Which classification people look things up in: ESCO where it is loaded, else the demo taxonomy."""

from portal.classifications.enums import Scheme
from portal.classifications.models import Release


def loaded_schemes() -> list[Scheme]:
    """Schemes that have been imported, ESCO first."""
    loaded = set(Release.objects.order_by().values_list("scheme", flat=True).distinct())
    return [scheme for scheme in (Scheme.ESCO, Scheme.DEMO) if scheme.value in loaded]


def scheme_in_use(wanted: str = "", loaded: list[Scheme] | None = None) -> Scheme:
    """The scheme that was asked for where it is loaded, else the first loaded one; the demo's where none is."""
    choices = loaded_schemes() if loaded is None else loaded
    return next((scheme for scheme in choices if scheme.value == wanted), choices[0] if choices else Scheme.DEMO)
