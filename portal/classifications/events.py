"""What the registers tell the floors above (`portal.effects`): something that matching stands on has been imported."""

from typing import Final

from portal.effects import emit

IMPORTED: Final = "classifications.imported"
MUNICIPALITIES: Final = "municipalities"
"""What was imported, where it is no scheme of occupations and skills."""


def tell_imported(what: str, version: str = "") -> None:
    """Rows of a scheme (or `MUNICIPALITIES`) were changed; heard once the transaction is committed."""
    emit(IMPORTED, what, version)
