"""Fixed choices of employers and vacancies. Values of code lists are the state portal's own codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmployerKind(models.TextChoices):
    """Who employs (tyollistaja)."""

    ORGANISATION = "01", _("company or organisation")
    HOUSEHOLD = "02", _("household")


class MembershipRole(models.TextChoices):
    """What a person does for an employer in the portal."""

    OWNER = "owner", _("owner")
    MEMBER = "member", _("member")


class VacancyState(models.TextChoices):
    """The life of a vacancy."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    PAUSED = "paused", _("paused")
    FILLED = "filled", _("filled")
    CLOSED = "closed", _("closed")


class VacancySource(models.TextChoices):
    """Where a vacancy came from."""

    EMPLOYER = "employer", _("employer")
    STATE_PORTAL = "state", _("Job Market Finland")
    CASE_WORKER = "staff", _("employment services")
    DEMO = "demo", _("demo data")


class RelationshipKind(models.TextChoices):
    """Kind of employment relationship (palvelussuhde.tyyppi)."""

    EMPLOYMENT = "01", _("employment")
    PUBLIC_SERVICE = "02", _("public service relationship")
    COMMISSION = "03", _("commission")
    ENTREPRENEURSHIP = "04", _("entrepreneurship")


class Continuity(models.TextChoices):
    """How long the work goes on (tyonJatkuvuus)."""

    PERMANENT = "01", _("permanent")
    TEMPORARY = "02", _("temporary")
    SEASONAL = "0201", _("seasonal work")
    SUMMER = "0202", _("summer work")


class Hours(models.TextChoices):
    """Full-time or part-time (tyoAika)."""

    FULL_TIME = "01", _("full-time")
    PART_TIME = "02", _("part-time")


class HoursPeriod(models.TextChoices):
    """What the hours of part-time work are counted over (tyoTunnitAjanjakso)."""

    WEEK = "0201", _("hours a week")
    MONTH = "0202", _("hours a month")


class StartKind(models.TextChoices):
    """When the work starts (tyoAlkaa)."""

    SOON = "01", _("as soon as possible")
    FROM_DATE = "02", _("on a given day")
    AGREED = "03", _("as agreed")


class SalaryBasis(models.TextChoices):
    """Basis of pay (palkanPeruste)."""

    TIME = "01", _("time rate")
    FIXED = "02", _("fixed salary")
    COMMISSION = "03", _("commission pay")
    FIXED_AND_COMMISSION = "04", _("fixed salary and commission")
    TIME_AND_COMMISSION = "05", _("time rate and commission")
    PIECE = "06", _("piecework pay")
    OTHER = "07", _("other")


class RequirementStrength(models.TextChoices):
    """Whether a skill is needed or only useful."""

    ESSENTIAL = "essential", _("essential")
    OPTIONAL = "optional", _("an advantage")
