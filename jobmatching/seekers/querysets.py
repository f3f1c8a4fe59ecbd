"""Words about jobseekers."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Lower

from jobmatching.seekers.enums import SpellStatus
from portal.accounts.permissions import AnyUser, areas_where
from portal.accounts.roles import Permission


class JobSeekerQuerySet(models.QuerySet[Any]):
    """Jobseekers."""

    def visible_to(self, user: AnyUser) -> "JobSeekerQuerySet":
        """Jobseekers of the areas in which the person works with jobseekers.

        Someone under non-disclosure is there for the named workers alone; for everybody else there is no trace.
        """
        areas = areas_where(user, Permission.SEEKERS_VIEW)
        if not areas or not user.is_authenticated:
            return self.none()
        from jobmatching.seekers.models import NamedWorker

        named = Exists(NamedWorker.objects.filter(seeker=OuterRef("pk"), user=user))
        return self.filter(Q(non_disclosure=False) | named, area__in=areas)

    def searching(self, day: date) -> "JobSeekerQuerySet":
        """Those with a registration spell open on `day`."""
        from jobmatching.seekers.models import RegistrationSpell

        return self.filter(Exists(RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day)))

    def matchable(self, day: date) -> "JobSeekerQuerySet":
        """Whom the night matches on `day`: search open, not in a full-time service, not paused, no non-disclosure."""
        from jobmatching.seekers.models import RegistrationSpell

        open_spells = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day)
        return self.filter(
            Exists(open_spells),
            ~Exists(open_spells.filter(full_time_service=True)),
            matching_paused_at__isnull=True,
            non_disclosure=False,
        )

    def new_on(self, day: date, days: int = 30) -> "JobSeekerQuerySet":
        """Those whose search is open on `day` and was not open so many days before."""
        from jobmatching.seekers.models import RegistrationSpell

        before = RegistrationSpell.objects.filter(seeker=OuterRef("pk")).open_on(day - timedelta(days=days))
        return self.searching(day).filter(~Exists(before))

    def unemployed_since(self, day: date, since: date) -> "JobSeekerQuerySet":
        """Those who are unemployed on `day` and have been without a break from `since` on, or longer."""
        from jobmatching.seekers.models import RegistrationSpell

        spells = RegistrationSpell.objects.filter(seeker=OuterRef("pk"), status=SpellStatus.UNEMPLOYED)
        return self.filter(Exists(spells.open_on(day).filter(started_on__lte=since)))

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
        from jobmatching.seekers import models as m

        return self.select_related("home", "coach", "area", "education_level", "service_language").prefetch_related(
            Prefetch("wishes", m.OccupationWish.objects.select_related("occupation")),
            Prefetch("work_history", m.WorkPeriod.objects.select_related("occupation")),
            Prefetch("skills_held", m.SeekerSkill.objects.select_related("skill")),
            Prefetch("languages_held", m.SeekerLanguage.objects.select_related("language")),
            Prefetch("licences_held", m.SeekerLicence.objects.select_related("licence")),
            Prefetch("cards_held", m.SeekerCard.objects.select_related("card")),
            Prefetch("spells", m.RegistrationSpell.objects.order_by("-started_on", "-pk")),
            "places",
        )


def finnish_order(field: str) -> models.Func:
    """Sort key that puts å, ä and ö after z; the embedded server has no Finnish collation."""
    return models.Func(
        models.functions.Lower(field),
        models.Value("åäö"),
        models.Value("{|}"),
        function="translate",
        output_field=models.TextField(),
    )


class SpellQuerySet(models.QuerySet[Any]):
    """Registration spells."""

    def open_on(self, day: date) -> "SpellQuerySet":
        """Spells in force on `day`; the end day itself is no longer one."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), started_on__lte=day)
