"""What the night reads and writes: rules versions, match vectors, the frozen input of a run, and its results.

`Match` and `NearMiss` are LIST-partitioned by run and written by COPY; no foreign key points to them, and history
triggers do not follow them: they can always be computed again from the frozen input and the rules of their run.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from employers.vacancies.models import Vacancy
from jobmatching.nightly.enums import NEVER_IN_FORCE, ChangeKind, RulesState, Side
from jobmatching.nightly.querysets import MatchQuerySet, MatchResultQuerySet, NearMissQuerySet
from jobmatching.seekers.models import JobSeeker
from portal.classifications.enums import Scheme
from portal.runs.models import JobRun


class MatchingRules(models.Model):
    """One version of the rules: weights, classification and requirement bits, frozen, with who approved it and why."""

    version = models.CharField(_("version"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=RulesState, default=RulesState.DRAFT)
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    classification_version = models.CharField(_("version of the classification"), max_length=40)
    content = models.BinaryField(_("rules as bytes (engine.Rules.dumps)"), editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    weights = models.JSONField(_("weights"), default=dict)
    requirements = models.JSONField(
        _("requirement bits"), default=list, help_text=_("Per bit: kind, code and criterion, in the order of the bits.")
    )
    municipality_codes = models.JSONField(_("municipalities in the order of the place bits"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drafted by"),
        help_text=_("Empty: left by an import."),
    )
    based_on = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("drafted from")
    )
    purpose = models.TextField(_("what the change is for"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("version of the matching rules")
        verbose_name_plural = _("versions of the matching rules")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="in_force"), name="jobmatching_one_rules_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in NEVER_IN_FORCE]) | Q(approved_at__isnull=False),
                name="jobmatching_rules_approved_first",
            ),
        )

    def __str__(self) -> str:
        return self.version


class RulesNumber(models.Model):
    """The highest number that a version of the rules has had in a year; a number is given once, also to a draft that is
    replaced: what was written down about a version is never about another one."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    highest = models.PositiveIntegerField(_("highest number given"))

    class Meta:
        verbose_name = _("number of versions of the matching rules")
        verbose_name_plural = _("numbers of versions of the matching rules")
        ordering = ("year",)


class Vector(models.Model):
    """One row packed for the engine (engine.packing), derived from what people enter.

    `dirty` is set by triggers on the tables that the row is derived from, so that forms, imports, COPY and raw SQL all
    count. A row is right for a day when it is not dirty, was built under the rules in force, and
    `built_for <= day < stale_on` (time alone changes it: a card expires, recent work becomes old).
    """

    rules = models.ForeignKey(MatchingRules, models.CASCADE, related_name="+", verbose_name=_("rules"))
    data = models.BinaryField(_("packed row"))
    built_for = models.DateField(_("built for the day"))
    stale_on = models.DateField(_("changes by time alone on"))
    dirty = models.BooleanField(_("to be built again"), default=False)

    class Meta:
        abstract = True


class SeekerVector(Vector):
    """A jobseeker's packed row."""

    seeker = models.OneToOneField(
        JobSeeker, models.CASCADE, primary_key=True, related_name="vector", verbose_name=_("jobseeker")
    )

    class Meta:
        verbose_name = _("vector of a jobseeker")
        verbose_name_plural = _("vectors of jobseekers")
        ordering = ("seeker",)
        indexes = (models.Index(fields=("seeker",), condition=Q(dirty=True), name="jobmatching_seeker_dirty"),)


class VacancyVector(Vector):
    """A vacancy's packed row."""

    vacancy = models.OneToOneField(
        Vacancy, models.CASCADE, primary_key=True, related_name="vector", verbose_name=_("vacancy")
    )

    class Meta:
        verbose_name = _("vector of a vacancy")
        verbose_name_plural = _("vectors of vacancies")
        ordering = ("vacancy",)
        indexes = (models.Index(fields=("vacancy",), condition=Q(dirty=True), name="jobmatching_vacancy_dirty"),)


class RunInput(models.Model):
    """A part of the frozen input of a run: seekers of one shard, or all vacancies."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="inputs", verbose_name=_("run"))
    side = models.CharField(_("side"), max_length=1, choices=Side)
    part = models.PositiveIntegerField(_("part"))
    rows = models.PositiveIntegerField(_("rows"))
    ids = ArrayField(models.IntegerField(), verbose_name=_("whose rows, in order"))
    offsets = ArrayField(models.IntegerField(), verbose_name=_("where each row starts, and the end"))
    data = models.BinaryField(_("packed rows"))

    class Meta:
        verbose_name = _("frozen input of a run")
        verbose_name_plural = _("frozen inputs of runs")
        ordering = ("run", "side", "part")
        constraints = (models.UniqueConstraint(fields=("run", "side", "part"), name="jobmatching_run_input_once"),)


class ShardResult(models.Model):
    """The lists that one shard of a run found; written once, also when its task ran twice."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="shard_results", verbose_name=_("run"))
    shard = models.PositiveIntegerField(_("shard"))
    data = models.BinaryField(_("lists"))
    seconds = models.FloatField(_("seconds"))

    class Meta:
        verbose_name = _("result of a shard")
        verbose_name_plural = _("results of shards")
        ordering = ("run", "shard")
        constraints = (models.UniqueConstraint(fields=("run", "shard"), name="jobmatching_shard_result_once"),)


class MatchResult(models.Model):
    """The stored result of a run; exactly one is current. Two stay attached, older ones are dropped."""

    run = models.OneToOneField(JobRun, models.PROTECT, primary_key=True, related_name="result", verbose_name=_("run"))
    rules = models.ForeignKey(MatchingRules, models.PROTECT, related_name="+", verbose_name=_("rules"))
    for_date = models.DateField(_("for the day"))
    current = models.BooleanField(_("current"), default=False)
    stored_at = models.DateTimeField(_("stored"), auto_now_add=True)

    objects = MatchResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored result")
        verbose_name_plural = _("stored results")
        ordering = ("-run",)
        constraints = (
            models.UniqueConstraint(
                fields=("current",), condition=Q(current=True), name="jobmatching_one_current_result"
            ),
        )


class ResultKeys(models.Model):
    """The kept pairs of a run as sorted keys and scores, for telling what is new, gone or moved in the next run."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="result_keys", verbose_name=_("run"))
    part = models.PositiveIntegerField(_("part"))
    data = models.BinaryField(_("keys and scores"))

    class Meta:
        verbose_name = _("keys of a result")
        verbose_name_plural = _("keys of results")
        ordering = ("run", "part")
        constraints = (models.UniqueConstraint(fields=("run", "part"), name="jobmatching_result_keys_once"),)


class Match(models.Model):
    """A kept pair of one run. `states` packs the seven criteria, three bits each (engine.criteria)."""

    pk = models.CompositePrimaryKey("run_id", "vacancy_id", "seeker_id")
    run_id = models.BigIntegerField()
    vacancy_id = models.IntegerField()
    seeker_id = models.IntegerField()
    score = models.IntegerField()
    occupation_points = models.IntegerField()
    skills_points = models.IntegerField()
    states = models.IntegerField()
    flags = models.SmallIntegerField()

    objects = MatchQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "jobmatching_match"

    @property
    def experience_points(self) -> int:
        """Points of experience: what the other two leave of the score."""
        return int(self.score - self.occupation_points - self.skills_points)


class NearMiss(models.Model):
    """A pair that one known missing requirement keeps apart (engine.near_miss)."""

    pk = models.CompositePrimaryKey("run_id", "vacancy_id", "seeker_id")
    run_id = models.BigIntegerField()
    vacancy_id = models.IntegerField()
    seeker_id = models.IntegerField()
    score = models.IntegerField()
    requirement = models.SmallIntegerField()

    objects = NearMissQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "jobmatching_nearmiss"


class RequirementUnlock(models.Model):
    """Training leverage: what one requirement would unlock, were it met by those who are known to miss only it."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="unlocks", verbose_name=_("run"))
    requirement = models.PositiveSmallIntegerField(_("requirement"))
    pairs = models.PositiveBigIntegerField(_("pairs"))
    seekers = models.PositiveIntegerField(_("jobseekers"))
    vacancies = models.PositiveIntegerField(_("vacancies"))

    class Meta:
        verbose_name = _("what a requirement would unlock")
        verbose_name_plural = _("what requirements would unlock")
        ordering = ("run", "-pairs", "requirement")
        constraints = (models.UniqueConstraint(fields=("run", "requirement"), name="jobmatching_unlock_once"),)


class MatchChange(models.Model):
    """A pair that is new, gone or has moved since the previous run; kept longer than the pairs themselves.

    Partitioned by run like these: a night writes hundreds of thousands at once, and a whole night goes when its time
    has come.
    """

    pk = models.CompositePrimaryKey("run_id", "vacancy_id", "seeker_id")
    run_id = models.BigIntegerField(_("run"))
    vacancy_id = models.IntegerField(_("vacancy"))
    seeker_id = models.IntegerField(_("jobseeker"))
    score = models.IntegerField(_("score"))
    kind = models.CharField(_("change"), max_length=5, choices=ChangeKind)

    class Meta:
        managed = False
        db_table = "jobmatching_matchchange"
