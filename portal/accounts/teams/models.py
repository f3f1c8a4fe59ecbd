"""Teams, work pairs and stand-ins. Each holds from a day on; what is over stays: one sees who served when."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Lower
from django.utils.translation import gettext_lazy as _

from portal.accounts.dated import DatedQuerySet, days_of_row, ends_after_start
from portal.classifications.models import EmploymentArea


class Team(models.Model):
    """A group of colleagues of one area. Who is in it, and who leads it, is told by its memberships."""

    area = models.ForeignKey(EmploymentArea, models.PROTECT, related_name="teams", verbose_name=_("employment area"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("area", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                "area",
                Lower("name"),
                name="accounts_team_name_once",
                violation_error_message=_("The area has a team of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="accounts_team_has_name",
                violation_error_message=_("Give the team a name."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """Somebody is in a team in these days. Who leads a team serves the clients of its members."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_memberships", verbose_name=_("person")
    )
    lead = models.BooleanField(_("leads the team"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet["TeamMembership"].as_manager()

    class Meta:
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        ordering = ("team", "-lead", "valid_from", "pk")
        constraints = (
            ends_after_start("accounts_teammembership_ends_after_start"),
            ExclusionConstraint(
                name="accounts_teammembership_never_overlaps",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person is in this team in these days already."),
            ),
        )


class WorkPair(models.Model):
    """Two people who serve the employers and jobseekers of a sector together: each serves the other's clients."""

    area = models.ForeignKey(
        EmploymentArea, models.PROTECT, related_name="work_pairs", verbose_name=_("employment area")
    )
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pairs_as_first", verbose_name=_("one of the pair")
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pairs_as_second", verbose_name=_("the other")
    )
    sector = models.CharField(_("sector"), max_length=120, help_text=_("For example: industry, tourism, care."))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet["WorkPair"].as_manager()

    class Meta:
        verbose_name = _("work pair")
        verbose_name_plural = _("work pairs")
        ordering = ("area", "sector", "valid_from", "pk")
        constraints = (
            ends_after_start("accounts_workpair_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="accounts_workpair_is_two_people",
                violation_error_message=_("Choose two different people."),
            ),
            models.CheckConstraint(
                condition=~Q(sector=""),
                name="accounts_workpair_has_sector",
                violation_error_message=_("Tell the sector that the pair serves."),
            ),
            ExclusionConstraint(
                name="accounts_workpair_never_overlaps",
                expressions=[
                    (Least("first", "second"), RangeOperators.EQUAL),
                    (Greatest("first", "second"), RangeOperators.EQUAL),
                    (Lower("sector"), RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These two are a work pair for this sector in these days already."),
            ),
        )


class AbsenceReason(models.TextChoices):
    """Why somebody is away, in the few words that colleagues need. Never anything about health."""

    HOLIDAY = "holiday", _("holiday")
    TRAINING = "training", _("training or other task")
    LEAVE = "leave", _("leave agreed on beforehand")
    OTHER = "other", _("other absence")


class StandIn(models.Model):
    """Somebody serves an absent colleague's clients. It always ends: whoever is away for longer has a new coach."""

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="stood_in_for", verbose_name=_("who is away")
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="standing_in", verbose_name=_("who stands in")
    )
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason)

    objects = DatedQuerySet["StandIn"].as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ("-valid_from", "pk")
        constraints = (
            ends_after_start("accounts_standin_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(absent=F("stand_in")),
                name="accounts_standin_is_somebody_else",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=sorted(AbsenceReason.values)),
                name="accounts_standin_has_reason",
                violation_error_message=_("Choose the reason."),
            ),
            ExclusionConstraint(
                name="accounts_standin_never_overlaps",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    ("stand_in", RangeOperators.EQUAL),
                    (days_of_row(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person stands in for the same colleague in these days already."),
            ),
        )
