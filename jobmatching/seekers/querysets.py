"""Words about jobseekers."""

from datetime import date, timedelta
from typing import Any, Final

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower

from jobmatching.seekers.enums import SpellStatus
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission
from portal.privacy.identity import blind_indexes

LONGEST_BREAK_DAYS: Final = 0
"""Whole days between the day on which a spell ended and the day on which the next one starts that are no break yet:
with 0, the next one starts on the day of the end or on the day after."""


class JobSeekerQuerySet(models.QuerySet[Any]):
    """Jobseekers."""

    def visible_to(self, user: AnyUser) -> "JobSeekerQuerySet":
        """Jobseekers of the areas in which the person works with jobseekers.

        Someone under non-disclosure is there for the named workers alone; for everybody else there is no trace.
        Someone whose processing is restricted is there for those who decide on requests in the area, and for the
        worker who handles the request.
        """
        areas = areas_where(user, Permission.SEEKERS_VIEW)
        if not areas or not user.is_authenticated:
            return self.none()
        from jobmatching.seekers.models import NamedWorker

        named = Exists(NamedWorker.objects.filter(seeker=OuterRef("pk"), user=user))
        return self.filter(Q(non_disclosure=False) | named, area__in=areas).handled_by(user)

    def handled_by(self, user: AnyUser) -> "JobSeekerQuerySet":
        """Leaves out those whose processing is restricted, unless the person handles that."""
        restricted = _restrictions().filter(seeker=OuterRef("pk"))
        deciding = areas_where(user, Permission.SUBJECT_DECIDE)
        return self.filter(
            ~Exists(restricted) | Q(area__in=deciding) | Exists(restricted.filter(request__handler=user.pk))
        )

    def unrestricted(self) -> "JobSeekerQuerySet":
        """Those whose processing is not restricted: all who are matched, presented or counted in lists of others."""
        return self.filter(~Exists(_restrictions().filter(seeker=OuterRef("pk"))))

    def searching(self, day: date) -> "JobSeekerQuerySet":
        """Those with a registration spell open on `day`."""
        from jobmatching.seekers.models import RegistrationSpell

        return self.filter(Exists(RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day)))

    def matchable(self, day: date) -> "JobSeekerQuerySet":
        """Whom the night matches on `day`: search open; no full-time service, pause, restriction or non-disclosure."""
        from jobmatching.seekers.models import RegistrationSpell

        open_spells = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day)
        return self.filter(
            Exists(open_spells),
            ~Exists(open_spells.filter(full_time_service=True)),
            matching_paused_at__isnull=True,
            non_disclosure=False,
        ).unrestricted()

    def with_reason_left_out(self, day: date) -> "JobSeekerQuerySet":
        """Adds `left_out`: why the night does not match somebody on `day`, "" for those whom it does.

        The reasons are those of `matchable` but non-disclosure, which is nobody's to know, in the order in which they
        are told: search_not_open, processing_restricted, matching_paused, in_full_time_service.
        """
        from jobmatching.seekers.models import RegistrationSpell

        # IN, where EXISTS reads better: the database makes one set of it instead of looking for each person.
        spells = RegistrationSpell.objects.open_on(day).order_by()
        told: JobSeekerQuerySet = self.annotate(
            left_out=Case(
                When(~Q(pk__in=spells.values("seeker")), then=Value("search_not_open")),
                When(pk__in=_restrictions().order_by().values("seeker"), then=Value("processing_restricted")),
                When(matching_paused_at__isnull=False, then=Value("matching_paused")),
                When(pk__in=spells.filter(full_time_service=True).values("seeker"), then=Value("in_full_time_service")),
                default=Value(""),
            )
        )
        return told

    def new_on(self, day: date, days: int = 30) -> "JobSeekerQuerySet":
        """Those whose search is open on `day` and was not open so many days before."""
        from jobmatching.seekers.models import RegistrationSpell

        before = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day - timedelta(days=days))
        return self.searching(day).filter(~Exists(before))

    def unemployed_since(self, day: date, since: date) -> "JobSeekerQuerySet":
        """Those who are unemployed on `day` and have been without a break from `since` on, or longer.

        Spells of unemployment that follow each other count as one (`LONGEST_BREAK_DAYS`); a day in another situation
        between them is a break, however short.
        """
        from jobmatching.seekers.models import RegistrationSpell

        spells = RegistrationSpell.objects.filter(seeker=OuterRef("pk"))
        unbroken = spells.order_by().values("seeker").annotate(unbroken=_unemployed_all_days(since, day))
        return self.filter(
            Exists(spells.open_on(day).filter(status=SpellStatus.UNEMPLOYED)), Exists(unbroken.filter(unbroken=True))
        )

    def with_identity_code(self, code: str) -> "JobSeekerQuerySet":
        """The one who has this (normalised) identity code, found by its keyed hash; no row where nobody has."""
        return self.filter(identity_index__in=blind_indexes(code))

    def called(self, words: str) -> "JobSeekerQuerySet":
        """Those in whose name or own words every one of the words stands, whatever its case."""
        found: JobSeekerQuerySet = self.annotate(last_lower=Lower("last_name"), first_lower=Lower("first_name"))
        for word in words.lower().split():
            found = found.filter(
                Q(last_lower__contains=word) | Q(first_lower__contains=word) | Q(summary__icontains=word)
            )
        return found

    def with_situation(self, day: date) -> "JobSeekerQuerySet":
        """Adds `situation` (a SpellStatus; None where no search is open on `day`) and `situation_since`."""
        from jobmatching.seekers.models import RegistrationSpell

        spell = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day).order_by("-started_on", "-pk")
        told: JobSeekerQuerySet = self.annotate(
            situation=Subquery(spell.values("status")[:1]), situation_since=Subquery(spell.values("started_on")[:1])
        )
        return told

    def with_restriction(self) -> "JobSeekerQuerySet":
        """Adds `restricted_since`: from when the processing is restricted, None where it is not."""
        restriction = _restrictions().filter(seeker=OuterRef("pk"))
        told: JobSeekerQuerySet = self.annotate(restricted_since=Subquery(restriction.values("since")[:1]))
        return told

    def for_list(self, day: date) -> "JobSeekerQuerySet":
        """All that one list shows of each as of `day`, in the order of the name (å, ä, ö after z, as Finnish sorts)."""
        from jobmatching.seekers.models import OccupationWish

        wishes = OccupationWish.objects.select_related("occupation").order_by("order", "pk")
        return (
            self.with_situation(day)
            .defer("identity_code", "identity_index")
            .select_related("home", "coach", "service_language")
            .prefetch_related(Prefetch("wishes", wishes))
            .order_by(finnish_order("last_name"), finnish_order("first_name"), "pk")
        )

    def for_page(self) -> "JobSeekerQuerySet":
        """All that the person's own page shows."""
        return self.with_what_stands_beside().prefetch_related(*page_lookups())

    def with_what_stands_beside(self) -> "JobSeekerQuerySet":
        """With the rows that each person has one of: what the head of the person's pages names."""
        return self.select_related("home", "coach", "area", "education_level", "service_language")


def head_lookups() -> tuple[Prefetch, ...]:
    """What the head of every page about a person shows of rows that a person has several of."""
    from jobmatching.seekers import models as m

    return (Prefetch("wishes", m.OccupationWish.objects.select_related("occupation")),)


def page_lookups() -> tuple[Prefetch | str, ...]:
    """The same for the profile and for the reasons of matches: the whole of what is known."""
    from jobmatching.seekers import models as m

    return (
        *head_lookups(),
        Prefetch("work_history", m.WorkPeriod.objects.select_related("occupation")),
        Prefetch("skills_held", m.SeekerSkill.objects.select_related("skill")),
        Prefetch("languages_held", m.SeekerLanguage.objects.select_related("language")),
        Prefetch("licences_held", m.SeekerLicence.objects.select_related("licence")),
        Prefetch("cards_held", m.SeekerCard.objects.select_related("card")),
        Prefetch("spells", m.RegistrationSpell.objects.order_by("-started_on", "-pk")),
        "places",
    )


def _restrictions() -> models.QuerySet[Any]:
    """Restrictions of processing in force."""
    from jobmatching.seekers.rights.models import Restriction

    return Restriction.objects.in_force()


class _Days(models.Aggregate):
    """All days of some spells, each from its first day up to `end` (left out), joined where they touch."""

    function = "RANGE_AGG"
    output_field = DateRangeField()

    def __init__(self, end: Any, **extra: Any) -> None:
        super().__init__(Func("started_on", end, function="DATERANGE", output_field=DateRangeField()), **extra)


def _unemployed_all_days(since: date, day: date) -> Func:
    """Whether the spells of one person leave no day from `since` to `day` without unemployment."""
    unemployed = Q(status=SpellStatus.UNEMPLOYED)
    after_end = Func(
        F("ended_on"), Value(1 + LONGEST_BREAK_DAYS), template="(%(expressions)s)", arg_joiner=" + ",
        output_field=models.DateField(),
    )  # fmt: skip
    no_days = Func(template="'{}'::datemultirange", output_field=DateRangeField())
    counted = Func(
        _Days(after_end, filter=unemployed), Coalesce(_Days(F("ended_on"), filter=~unemployed), no_days),
        template="(%(expressions)s)", arg_joiner=" - ", output_field=DateRangeField(),
    )  # fmt: skip
    asked = Func(Value(since), Value(day), Value("[]"), function="DATERANGE", output_field=DateRangeField())
    return Func(counted, asked, template="%(expressions)s", arg_joiner=" @> ", output_field=models.BooleanField())


def finnish_order(field: str) -> models.Func:
    """Sort key that puts å, ä and ö after z; the embedded server has no Finnish collation."""
    return Func(Lower(field), Value("åäö"), Value("{|}"), function="translate", output_field=models.TextField())


class SpellQuerySet(models.QuerySet[Any]):
    """Registration spells."""

    def open_on(self, day: date) -> "SpellQuerySet":
        """Spells in force on `day`; the end day itself is no longer one."""
        return self.not_over(day).filter(started_on__lte=day)

    def not_over(self, day: date) -> "SpellQuerySet":
        """Spells in force on `day`, and those to come."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
