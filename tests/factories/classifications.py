"""Places, occupations and skills, code lists: unique by their address or code, so that two factories asking for
Finnish get one row.
"""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.classifications.enums import Country, RelationType, Scheme
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    Occupation,
    OccupationGroup,
    OccupationSkill,
    Skill,
    SkillGroup,
    TravelTime,
)


class EmploymentAreaFactory(DjangoModelFactory):
    class Meta:
        model = EmploymentArea
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"T{n:03d}")
    name_fi = factory.LazyAttribute(lambda o: f"Työllisyysalue {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"Sysselsättningsområde {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Employment area {o.code}")


class MunicipalityFactory(DjangoModelFactory):
    """A Finnish municipality; `swedish=True` gives one across the border."""

    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    class Params:
        swedish = factory.Trait(
            code=factory.Sequence(lambda n: f"SE{3000 + n:04d}"), country=Country.SWEDEN, region_code="SE25"
        )

    code = factory.Sequence(lambda n: f"{100 + n % 900:03d}")
    name_fi = factory.LazyAttribute(lambda o: f"Kunta {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"Kommun {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"Municipality {o.code}")
    country = Country.FINLAND
    region_code = "19"
    area = None
    longitude = 24.5
    latitude = 65.8


class TravelTimeFactory(DjangoModelFactory):
    class Meta:
        model = TravelTime

    origin = factory.SubFactory(MunicipalityFactory)
    destination = factory.SubFactory(MunicipalityFactory)
    kilometres = 30
    minutes = 30
    source = "test"


class OccupationGroupFactory(DjangoModelFactory):
    class Meta:
        model = OccupationGroup
        django_get_or_create = ("scheme", "code")

    scheme = Scheme.DEMO
    code = "7212"
    uri = factory.LazyAttribute(lambda o: f"https://test.example/{o.scheme}/isco/C{o.code}")
    version = "1"
    name_en = factory.LazyAttribute(lambda o: f"occupation group {o.code}")


class OccupationFactory(DjangoModelFactory):
    """An occupation; `skills=[(skill, relation), ...]` or `skills=[skill, ...]` (essential) ties skills to it."""

    class Meta:
        model = Occupation
        django_get_or_create = ("uri",)
        skip_postgeneration_save = True

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/occupation/{n}")
    code = factory.Sequence(lambda n: f"7212.{n}")
    isco = "7212"
    version = "1"
    name_fi = factory.Sequence(lambda n: f"ammatti {n}")
    name_sv = factory.Sequence(lambda n: f"yrke {n}")
    name_en = factory.Sequence(lambda n: f"occupation {n}")

    @factory.post_generation
    def skills(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for item in extracted or ():
            skill, relation = item if isinstance(item, tuple) else (item, RelationType.ESSENTIAL)
            OccupationSkill.objects.create(occupation=self, skill=skill, relation=relation)


class SkillGroupFactory(DjangoModelFactory):
    class Meta:
        model = SkillGroup
        django_get_or_create = ("uri",)

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/skill-group/{n}")
    code = factory.Sequence(lambda n: f"S{n}")
    version = "1"
    name_en = factory.Sequence(lambda n: f"skill group {n}")


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("uri",)

    scheme = Scheme.DEMO
    uri = factory.Sequence(lambda n: f"https://test.example/skill/{n}")
    version = "1"
    name_fi = factory.Sequence(lambda n: f"taito {n}")
    name_sv = factory.Sequence(lambda n: f"färdighet {n}")
    name_en = factory.Sequence(lambda n: f"skill {n}")


class OccupationSkillFactory(DjangoModelFactory):
    class Meta:
        model = OccupationSkill

    occupation = factory.SubFactory(OccupationFactory)
    skill = factory.SubFactory(SkillFactory)
    relation = RelationType.ESSENTIAL


class LanguageFactory(DjangoModelFactory):
    class Meta:
        model = Language
        django_get_or_create = ("code",)

    code = "fi"
    order = factory.Sequence(lambda n: n)
    match_slot = factory.LazyAttribute(lambda o: {"fi": 0, "sv": 1, "en": 2}.get(o.code))
    name_fi = factory.LazyAttribute(lambda o: {"fi": "suomi", "sv": "ruotsi", "en": "englanti"}.get(o.code, o.code))
    name_sv = factory.LazyAttribute(lambda o: {"fi": "finska", "sv": "svenska", "en": "engelska"}.get(o.code, o.code))
    name_en = factory.LazyAttribute(lambda o: {"fi": "Finnish", "sv": "Swedish", "en": "English"}.get(o.code, o.code))


class DrivingLicenceFactory(DjangoModelFactory):
    class Meta:
        model = DrivingLicence
        django_get_or_create = ("code",)

    code = "B"
    # Counted in the database, not in the process: matching has places for few.
    order = factory.LazyFunction(DrivingLicence.objects.count)
    match_slot = factory.LazyAttribute(lambda o: o.order % 16)  # the places that matching has for licences
    name_fi = factory.LazyAttribute(lambda o: f"ajokorttiluokka {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"körkortsklass {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"licence class {o.code}")


class CardFactory(DjangoModelFactory):
    class Meta:
        model = Card
        django_get_or_create = ("code",)

    code = "022"
    # Counted in the database, not in the process: matching has places for few.
    order = factory.LazyFunction(Card.objects.count)
    match_slot = factory.LazyAttribute(lambda o: o.order % 120)  # the places that matching has for cards
    name_fi = factory.LazyAttribute(lambda o: f"kortti {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"kort {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"card {o.code}")


class EducationLevelFactory(DjangoModelFactory):
    class Meta:
        model = EducationLevel
        django_get_or_create = ("code",)

    code = "32"
    order = factory.LazyAttribute(lambda o: int(f"{o.code:0<2}"))
    # Counted in the database, not in the process: matching has places for few.
    match_slot = factory.LazyFunction(EducationLevel.objects.count)
    name_fi = factory.LazyAttribute(lambda o: f"koulutusaste {o.code}")
    name_sv = factory.LazyAttribute(lambda o: f"utbildningsnivå {o.code}")
    name_en = factory.LazyAttribute(lambda o: f"level of education {o.code}")


class IndustryFactory(DjangoModelFactory):
    class Meta:
        model = Industry
        django_get_or_create = ("code",)

    code = "24"
    section = "C"
    order = factory.Sequence(lambda n: n)
    name_fi = "metallien jalostus"
    name_sv = "metallframställning"
    name_en = "manufacture of basic metals"
