"""What the codes of the state portal mean here: read once for a whole file."""

from dataclasses import dataclass
from typing import Self

from portal.classifications.enums import Country, Scheme
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Language,
    Municipality,
    Occupation,
    Skill,
)

_LANGUAGE_SKILLS = ("understand spoken ", "understand written ", "interact verbally in ", "write ")
"""How ESCO's skills in a language begin; the language itself has its plain English name."""


@dataclass(frozen=True)
class Registers:
    """Code or address -> id."""

    occupations: dict[str, int]
    skills: dict[str, int]
    languages: dict[str, int]
    language_skills: dict[str, int]
    """Address of an ESCO language (or of a skill in it) -> id of the language."""
    licences: dict[str, int]
    cards: dict[str, int]
    education: dict[str, int]
    municipalities: dict[str, int]
    regions: dict[str, list[int]]
    countries: dict[str, list[int]]
    area_of: dict[int, int]
    """Municipality -> employment area."""
    areas: dict[str, int]
    own_area: int | None
    """The area of vacancies whose place says nothing: the only one whose responsible municipality is known."""

    @classmethod
    def load(cls) -> Self:
        """Read the registers."""
        languages = list(Language.objects.values_list("code", "name_en", "pk"))
        regions: dict[str, list[int]] = {}
        countries: dict[str, list[int]] = {country.value: [] for country in Country}
        area_of: dict[int, int] = {}
        municipalities: dict[str, int] = {}
        for pk, code, country, region, area in Municipality.objects.order_by("code").values_list(
            "pk", "code", "country", "region_code", "area_id"
        ):
            municipalities[code] = pk
            countries[country].append(pk)
            if country == Country.FINLAND and region:
                regions.setdefault(region, []).append(pk)
            if area is not None:
                area_of[pk] = area
        answerable = list(
            EmploymentArea.objects.exclude(responsible_municipality_code="").values_list("pk", flat=True)[:2]
        )
        return cls(
            occupations=dict(Occupation.objects.of(Scheme.ESCO).order_by().values_list("uri", "pk")),
            skills=dict(Skill.objects.of(Scheme.ESCO).order_by().values_list("uri", "pk")),
            languages={code: pk for code, _name, pk in languages},
            language_skills=_language_skills({name.lower(): pk for _code, name, pk in languages}),
            licences=dict(DrivingLicence.objects.values_list("code", "pk")),
            cards=dict(Card.objects.values_list("code", "pk")),
            education=dict(EducationLevel.objects.values_list("code", "pk")),
            municipalities=municipalities,
            regions=regions,
            countries=countries,
            area_of=area_of,
            areas=dict(EmploymentArea.objects.values_list("code", "pk")),
            own_area=answerable[0] if len(answerable) == 1 else None,
        )


def _language_skills(languages: dict[str, int]) -> dict[str, int]:
    """ESCO tells languages by skills; they meet ours by their English names."""
    found: dict[str, int] = {}
    names = {prefix + name: pk for name, pk in languages.items() for prefix in ("", *_LANGUAGE_SKILLS)}
    for uri, name in Skill.objects.of(Scheme.ESCO).order_by().values_list("uri", "name_en"):
        if (pk := names.get(name.lower())) is not None:
            found[uri] = pk
    return found
