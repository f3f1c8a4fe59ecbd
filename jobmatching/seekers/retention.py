"""How long a jobseeker's data is kept, what keeps it longer, and how the person goes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobmatching.seekers.models import JobSeeker, RegistrationSpell
from jobmatching.seekers.non_disclosure.querysets import named_who_see
from jobmatching.seekers.querysets import JobSeekerQuerySet
from jobmatching.seekers.rights.models import Restriction, SubjectRequest
from portal.accounts.models import RoleMembership
from portal.accounts.roles import Role
from portal.privacy.fields import Kept
from portal.privacy.retention import counting
from portal.privacy.retention.dates import month_of
from portal.privacy.retention.rules import Block, Blocker, Due, ObjectRule, Standing

CODE: Final = "jobseekers"


class JobSeekers(ObjectRule):
    """Jobseekers whose last registration spell ended long ago, or who never had one.

    The time counts from the end of the month: all whose search ended in one month become due on one day, so that they
    can be counted together (portal.privacy.retention.counting). Whoever never registered counts from the day on which
    the profile was made. An open search, or one that begins later, keeps the profile.
    """

    code = CODE
    kept = Kept.WITH_PROFILE
    label = _("Jobseekers")
    covers = frozenset(
        f"jobmatching.{name}"
        for name in (
            *("NonDisclosure", "NonDisclosureChange"),
            *("JobSeeker", "NamedWorker", "OccupationWish", "WorkPeriod", "SeekerSkill", "SeekerLanguage"),
            *("SeekerLicence", "SeekerCard", "RegistrationSpell", "SeekerVector"),
            *("SubjectRequest", "Restriction", "SubjectExport"),
        )
    ) | {"privacy.RetentionNotice", "privacy.RetentionHold"}

    def due(self, before: date) -> Iterator[Due]:
        found = _ended(JobSeeker.objects.all(), before).order_by("since", "pk")
        rows = found.values_list("pk", "since", "non_disclosure")
        yield from (Due(pk, since, told=not hidden) for pk, since, hidden in rows)

    def lock(self, pk: int, before: date) -> Standing:
        """Lock the person and every spell: a spell that somebody is just opening again shows by its lock.

        The services lock the person first. What is added past them fails when it is committed, since its foreign key
        leads nowhere: nobody is registered who is no longer there.
        """
        if not JobSeeker.objects.filter(pk=pk).exists():
            return Standing.GONE
        if not list(JobSeeker.objects.order_by().select_for_update(skip_locked=True).filter(pk=pk).values_list("pk")):
            return Standing.BUSY
        spells = RegistrationSpell.objects.filter(seeker=pk).order_by("pk")
        locked = spells.select_for_update(skip_locked=True).values_list("pk", flat=True)
        if len(list(locked)) < spells.count():
            return Standing.BUSY
        due = _ended(JobSeeker.objects.filter(pk=pk), before).exists()
        return Standing.DUE if due else Standing.NOT_DUE

    def all_ids(self) -> Iterable[int]:
        return JobSeeker.objects.order_by("pk").values_list("pk", flat=True)

    def delete(self, pk: int) -> None:
        JobSeeker.objects.get(pk=pk).delete()

    def blocks(self, pks: Collection[int]) -> Mapping[int, Collection[Block]]:
        found: dict[int, set[Block]] = {}
        for block, rows in (
            (Block.OPEN_SEARCH, RegistrationSpell.objects.not_over(timezone.localdate())),
            (Block.OPEN_REQUEST, SubjectRequest.objects.open()),
            (Block.RESTRICTED, Restriction.objects.in_force()),
        ):
            for pk in rows.filter(seeker__in=pks).order_by().values_list("seeker_id", flat=True):
                found.setdefault(pk, set()).add(block)
        return found

    def responsible(self, pks: Collection[int]) -> Mapping[int, int]:
        """The personal coach; without one, a team lead of the area. Of people under non-disclosure, a named worker who
        sees the person; where there is none nobody is told, and the team leads are asked to name one (`reminders`).
        """
        day = timezone.localdate()
        leads = RoleMembership.objects.active(day).filter(role=Role.TEAM_LEAD, user__is_active=True).order_by("-user")
        lead_of = dict(leads.values_list("area_id", "user_id"))
        named = named_who_see(day).filter(seeker__in=pks).order_by("-user")
        named_for = dict(named.values_list("seeker_id", "user_id"))
        rows = (
            JobSeeker.objects.filter(pk__in=pks).order_by().values_list("pk", "area_id", "coach_id", "non_disclosure")
        )
        told = {pk: named_for.get(pk) if hidden else coach or lead_of.get(area) for pk, area, coach, hidden in rows}
        return {pk: user for pk, user in told.items() if user is not None}

    def count(self, pks: Collection[int]) -> None:
        """Month of the end, municipality, age band, sex; nothing of people under non-disclosure, or without a spell."""
        rows = _with_since(JobSeeker.objects.filter(pk__in=pks)).order_by()
        counting.add(
            counting.NO_FEATURES if hidden or ended is None else counting.cell_of(ended, home, born, sex)
            for hidden, ended, home, born, sex in rows.values_list(
                "non_disclosure", "last_end", "home_id", "birth_date", "sex"
            )
        )

    def count_alone(self) -> None:
        counting.add([counting.NO_FEATURES])


def _with_since(seekers: JobSeekerQuerySet) -> JobSeekerQuerySet:
    """Adds `last_end` (first day after the last spell; None where there was none), `open` and `since`."""
    told: JobSeekerQuerySet = seekers.annotate(
        last_end=Max("spells__ended_on"),
        open=BoolOr(Q(spells__isnull=False, spells__ended_on__isnull=True)),
        since=Coalesce(Max("spells__ended_on"), TruncDate("created_at")),
    )
    return told


def _ended(seekers: JobSeekerQuerySet, before: date) -> JobSeekerQuerySet:
    """Those without an open or coming search whose time was counted from a month before that of `before`."""
    return _with_since(seekers).filter(open=False, since__lt=month_of(before))


def serving_blocks(pks: Collection[int]) -> dict[int, set[Block]]:
    """Users who are somebody's personal coach: their account waits until the jobseekers have another one.

    People under non-disclosure keep no account: how many accounts wait, and for what, is shown to those who must not
    learn that there is such a person.
    """
    known = JobSeeker.objects.filter(coach__in=pks, non_disclosure=False)
    coaches = known.order_by().values_list("coach_id", flat=True).distinct()
    return {pk: {Block.SERVES_SEEKERS} for pk in coaches}


JOBSEEKERS: Final = JobSeekers()
COACHES: Final = Blocker("accounts", serving_blocks)
