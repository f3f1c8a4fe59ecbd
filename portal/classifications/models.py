"""Registers that everything else refers to: places, occupations, skills, languages, licences, cards, industries.

Names stand in three columns (`name_fi`, `name_sv`, `name_en`). A name missing in Finnish or Swedish is shown in English
with its language told to the reader's screen reader (`Named.label`).
"""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.classifications.enums import Country, RelationType, Scheme
from portal.classifications.querysets import ConceptQuerySet, MunicipalityQuerySet


@dataclass(frozen=True)
class Label:
    """A name and the language it is in, for a `lang` attribute where it differs from the page's."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


class Named(models.Model):
    """Names in the three languages of the portal; English is always there for imported registers."""

    name_fi = models.CharField(_("name in Finnish"), max_length=300, blank=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=300, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label.text

    @property
    def label(self) -> Label:
        """The name in the language in use, else English, else Finnish, else Swedish."""
        wanted = (get_language() or "fi")[:2]
        for lang in dict.fromkeys((wanted, "en", "fi", "sv")):
            text = getattr(self, f"name_{lang}", "")
            if text:
                return Label(text, lang)
        return Label("", wanted)


class EmploymentArea(Named):
    """An employment services area: municipalities that arrange services together; one of them is responsible."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    responsible_municipality_code = models.CharField(_("responsible municipality"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("employment area")
        verbose_name_plural = _("employment areas")
        ordering = ("name_fi", "pk")


class Municipality(Named):
    """A municipality, Finnish or of a neighbouring country whose labour market is shared (Tornio and Haparanda)."""

    code = models.CharField(
        _("code"), max_length=8, unique=True, help_text=_("Finnish: three digits; others: SE2583, NO5430.")
    )
    country = models.CharField(_("country"), max_length=2, choices=Country, default=Country.FINLAND)
    name_se = models.CharField(_("name in Northern Sámi"), max_length=300, blank=True)
    region_code = models.CharField(_("region"), max_length=8, blank=True)
    area = models.ForeignKey(
        EmploymentArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipalities",
        verbose_name=_("employment area"),
    )
    longitude = models.FloatField(_("longitude of the centre"), null=True, blank=True)
    latitude = models.FloatField(_("latitude of the centre"), null=True, blank=True)
    retired = models.BooleanField(_("no longer in use"), default=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ("name_fi", "pk")


class TravelTime(models.Model):
    """Kilometres and minutes by road between two municipality centres.

    Estimated from the centres unless a source says better; a real road matrix replaces the rows (`estimated` = False).
    One row per direction; the same municipality stands with itself (travel inside it).
    """

    origin = models.ForeignKey(Municipality, models.CASCADE, related_name="travel_from", verbose_name=_("from"))
    destination = models.ForeignKey(Municipality, models.CASCADE, related_name="travel_to", verbose_name=_("to"))
    kilometres = models.PositiveSmallIntegerField(_("kilometres"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    estimated = models.BooleanField(_("estimate"), default=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        ordering = ("origin", "destination")
        constraints = (models.UniqueConstraint(fields=("origin", "destination"), name="classifications_travel_once"),)


class Release(models.Model):
    """One import of a scheme (the built-in demo taxonomy or ESCO) in one version."""

    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    version = models.CharField(_("version"), max_length=40)
    digest = models.CharField(_("digest of the files"), max_length=64)
    imported_at = models.DateTimeField(_("imported"), auto_now=True)
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("release of a classification")
        verbose_name_plural = _("releases of classifications")
        ordering = ("scheme", "-imported_at", "pk")
        constraints = (models.UniqueConstraint(fields=("scheme", "version"), name="classifications_release_once"),)

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.version}"


class Concept(Named):
    """What occupations, skills and their groups share: an address in a scheme, and the version it was last seen in."""

    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    uri = models.CharField(_("address"), max_length=200, unique=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    version = models.CharField(_("version"), max_length=40)
    retired = models.BooleanField(_("withdrawn"), default=False)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_esco(self) -> bool:
        """Whether ESCO's terms of use (its name beside it) hold for the concept."""
        return self.scheme == Scheme.ESCO


class DescribedConcept(Concept):
    """A concept with other names people use, and a description."""

    alternatives_fi = ArrayField(
        models.CharField(max_length=300), verbose_name=_("other names in Finnish"), default=list, blank=True
    )
    alternatives_sv = ArrayField(
        models.CharField(max_length=300), verbose_name=_("other names in Swedish"), default=list, blank=True
    )
    alternatives_en = ArrayField(
        models.CharField(max_length=300), verbose_name=_("other names in English"), default=list, blank=True
    )
    description_fi = models.TextField(_("description in Finnish"), blank=True)
    description_sv = models.TextField(_("description in Swedish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)

    class Meta:
        abstract = True

    @property
    def description(self) -> Label:
        """The description in the language in use, else in English."""
        wanted = (get_language() or "fi")[:2]
        for lang in dict.fromkeys((wanted, "en", "fi", "sv")):
            text = getattr(self, f"description_{lang}", "")
            if text:
                return Label(text, lang)
        return Label("", wanted)


class OccupationGroup(Concept):
    """A group of ISCO-08: `code` has one to four digits and each group holds those whose code begins with its own."""

    class Meta:
        verbose_name = _("occupation group")
        verbose_name_plural = _("occupation groups")
        ordering = ("scheme", "code", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("scheme", "code"), condition=Q(retired=False), name="classifications_occupation_group_code"
            ),
        )


class Occupation(DescribedConcept):
    """An occupation; `isco` is the code of its four-digit ISCO-08 group."""

    isco = models.CharField(_("ISCO-08 group"), max_length=4)
    regulated = models.BooleanField(_("regulated profession"), default=False)
    skills: "models.ManyToManyField[Skill, OccupationSkill]" = models.ManyToManyField(
        "Skill", through="OccupationSkill", related_name="occupations", verbose_name=_("skills")
    )

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
        ordering = ("code", "pk")
        indexes = (models.Index(fields=("scheme", "isco"), name="classifications_occ_isco"),)
        constraints = (
            models.CheckConstraint(condition=Q(isco__regex=r"^\d{4}$"), name="classifications_occupation_isco_digits"),
        )


class SkillGroup(Concept):
    """A group of skills. A group may stand under several others: the skills pillar is no tree."""

    description_en = models.TextField(_("description in English"), blank=True)

    class Meta:
        verbose_name = _("skill group")
        verbose_name_plural = _("skill groups")
        ordering = ("scheme", "code", "pk")


class Skill(DescribedConcept):
    """A skill or a field of knowledge."""

    skill_type = models.CharField(_("type"), max_length=40, blank=True)
    reuse_level = models.CharField(_("how widely used"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("name_fi", "pk")


class SkillBroader(models.Model):
    """A skill or a skill group stands under another; exactly one child and one parent column is set."""

    skill = models.ForeignKey(
        Skill, models.CASCADE, null=True, blank=True, related_name="broader", verbose_name=_("skill")
    )
    group = models.ForeignKey(
        SkillGroup, models.CASCADE, null=True, blank=True, related_name="broader", verbose_name=_("group")
    )
    parent_skill = models.ForeignKey(
        Skill, models.CASCADE, null=True, blank=True, related_name="narrower", verbose_name=_("parent skill")
    )
    parent_group = models.ForeignKey(
        SkillGroup, models.CASCADE, null=True, blank=True, related_name="narrower", verbose_name=_("parent group")
    )

    class Meta:
        verbose_name = _("broader relation of skills")
        verbose_name_plural = _("broader relations of skills")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("skill", "group", "parent_skill", "parent_group"),
                nulls_distinct=False,
                name="classifications_skill_broader_once",
            ),
            models.CheckConstraint(
                condition=Q(skill__isnull=True) ^ Q(group__isnull=True), name="classifications_skill_broader_one_child"
            ),
            models.CheckConstraint(
                condition=Q(parent_skill__isnull=True) ^ Q(parent_group__isnull=True),
                name="classifications_skill_broader_one_parent",
            ),
        )


class OccupationSkill(models.Model):
    """A skill that an occupation needs (essential) or may use (optional)."""

    occupation = models.ForeignKey(
        Occupation, models.CASCADE, related_name="skill_relations", verbose_name=_("occupation")
    )
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="occupation_relations", verbose_name=_("skill"))
    relation = models.CharField(_("relation"), max_length=10, choices=RelationType)

    class Meta:
        verbose_name = _("skill of an occupation")
        verbose_name_plural = _("skills of occupations")
        ordering = ("occupation", "relation", "skill")
        constraints = (
            models.UniqueConstraint(fields=("occupation", "skill"), name="classifications_occupation_skill_once"),
        )


class SkillRelation(models.Model):
    """A skill that another skill needs (essential) or may use (optional)."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="relations", verbose_name=_("skill"))
    related = models.ForeignKey(Skill, models.CASCADE, related_name="related_from", verbose_name=_("related skill"))
    relation = models.CharField(_("relation"), max_length=10, choices=RelationType)

    class Meta:
        verbose_name = _("relation of skills")
        verbose_name_plural = _("relations of skills")
        ordering = ("skill", "related", "relation")
        constraints = (
            models.UniqueConstraint(
                fields=("skill", "related", "relation"), name="classifications_skill_relation_once"
            ),
            models.CheckConstraint(condition=~Q(skill=F("related")), name="classifications_skill_relation_not_itself"),
        )


class SearchTerm(models.Model):
    """One name of an occupation or a skill in one language, folded for search as people type.

    Each process reads the terms of a scheme once and searches them in memory (`portal.classifications.search`):
    measured against a trigram index here, that found more and took a tenth of the time.
    """

    occupation = models.ForeignKey(
        Occupation, models.CASCADE, null=True, blank=True, related_name="terms", verbose_name=_("occupation")
    )
    skill = models.ForeignKey(
        Skill, models.CASCADE, null=True, blank=True, related_name="terms", verbose_name=_("skill")
    )
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    language = models.CharField(_("language"), max_length=2)
    preferred = models.BooleanField(_("preferred name"))
    text = models.CharField(_("text"), max_length=300)
    folded = models.CharField(_("text folded for search"), max_length=400)

    class Meta:
        verbose_name = _("search term")
        verbose_name_plural = _("search terms")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(occupation__isnull=True) ^ Q(skill__isnull=True), name="classifications_term_of_one_concept"
            ),
        )


class CodeList(Named):
    """A row of a short code list of the state portal, in its own order."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        abstract = True
        ordering = ("order", "pk")


class Language(CodeList):
    """A language. `match_slot` is its fixed place among the languages that the matcher can require (None: shown
    only)."""

    match_slot = models.PositiveSmallIntegerField(_("place in matching"), null=True, blank=True, unique=True)

    class Meta(CodeList.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")


class DrivingLicence(CodeList):
    """A class of driving licence, grouped as the state portal groups them; `includes` names what it also allows."""

    match_slot = models.PositiveSmallIntegerField(_("place in matching"), unique=True)
    includes = ArrayField(models.CharField(max_length=8), verbose_name=_("also allows"), default=list, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = _("driving licence class")
        verbose_name_plural = _("driving licence classes")


class Card(CodeList):
    """A permit or a card (hygiene passport, hot work card ...)."""

    match_slot = models.PositiveSmallIntegerField(_("place in matching"), unique=True)
    valid_years = models.PositiveSmallIntegerField(_("valid for years"), null=True, blank=True)

    class Meta(CodeList.Meta):
        verbose_name = _("permit or card")
        verbose_name_plural = _("permits and cards")


class EducationLevel(CodeList):
    """A level of education; a higher `order` includes the lower ones. The order may change, `match_slot` never does."""

    match_slot = models.PositiveSmallIntegerField(_("place in matching"), unique=True)

    class Meta(CodeList.Meta):
        verbose_name = _("level of education")
        verbose_name_plural = _("levels of education")


class Industry(CodeList):
    """A section (letter) or a division (two digits) of the Finnish industry classification TOL 2008."""

    section = models.CharField(_("section"), max_length=1)

    class Meta(CodeList.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
