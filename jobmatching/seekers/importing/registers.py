"""Registers as a file's cells name them: by code, or by name in any language of the portal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    Language,
    Municipality,
    Occupation,
)
from portal.classifications.schemes import scheme_in_use

_CODE_DIGITS = 3
"""Digits of the codes of municipalities and cards, whose leading zeros spreadsheets drop."""
_SHOWN = 60
"""Characters of a cell that a message repeats."""
_NAMES = ("name_fi", "name_sv", "name_en", "name_se")


class Register:
    """Rows found by what people write of them."""

    def __init__(self, rows: Iterable[Any], *, by_name: bool = True, keys: tuple[str, ...] = ("code",)) -> None:
        self._found: dict[str, dict[int, Any]] = {}
        for row in rows:
            for key in (*keys, *(_NAMES if by_name else ())):
                if told := getattr(row, key, ""):
                    self._found.setdefault(told.casefold(), {})[row.pk] = row

    def find(self, told: str) -> Any:
        """The row; ValueError with what to do where there is none or more than one."""
        key, shown = told.casefold(), Truncator(told).chars(_SHOWN)
        found = self._found.get(key) or (self._found.get(key.zfill(_CODE_DIGITS)) if key.isdigit() else None)
        if not found:
            raise ValueError(_("“%s” is not in the register. Write the code as it stands there.") % shown)
        if len(found) > 1:
            raise ValueError(_("“%s” stands for more than one in the register. Write the code.") % shown)
        return next(iter(found.values()))


@dataclass(frozen=True)
class Registers:
    """All registers that the columns of a jobseeker name."""

    municipalities: Register
    languages: Register
    licences: Register
    cards: Register
    education_levels: Register
    occupations: Register

    @classmethod
    def load(cls, occupations: set[str]) -> "Registers":
        """Read the registers; of the occupations those told: addresses of any scheme, codes of the one in use."""
        in_use = Q(scheme=scheme_in_use(), code__in=occupations)
        told = Occupation.objects.current().filter(Q(uri__in=occupations) | in_use) if occupations else ()
        return cls(
            municipalities=Register(Municipality.objects.current()),
            languages=Register(Language.objects.all()),
            licences=Register(DrivingLicence.objects.all(), by_name=False),
            cards=Register(Card.objects.all(), by_name=False),
            education_levels=Register(EducationLevel.objects.all()),
            occupations=Register(told, by_name=False, keys=("uri", "code")),
        )
