"""Setting, prolonging and lifting non-disclosure, and naming the workers who see the person. Nothing else does it."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.models import JobSeeker, NamedWorker
from jobmatching.seekers.non_disclosure.enums import (
    TRANSITIONS,
    ChangeKind,
    Ground,
    LiftGround,
    NonDisclosureState,
)
from jobmatching.seekers.non_disclosure.models import NonDisclosure, NonDisclosureChange
from jobmatching.seekers.non_disclosure.querysets import named_who_see, roles_that_serve, roles_with
from jobmatching.seekers.permissions import serves
from jobmatching.seekers.rights.models import Restriction
from portal.accounts.models import RoleMembership, User
from portal.accounts.permissions import areas_where
from portal.accounts.roles import Permission
from portal.effects import emit
from portal.outbox.secret_links import SecretLink
from portal.outbox.services import Recipient, send

HIDDEN: Final = "jobseekers.hidden"
"""Event: somebody has come under non-disclosure. It names nobody: whom it is about is looked up."""


class NobodyNamed(ValueError):
    """At least one worker who serves the area must be named."""


class CoachLeftOut(ValueError):
    """The personal coach would lose the person without a word: a reason is written, or the coach stays named."""


class TransitionNotAllowed(NotPossible):
    """The table knows no way from one state to the other."""


def workers_of_area(area_id: int, day: date | None = None) -> list[User]:
    """Who can be named for people of an area on `day` (None: today): all who see its jobseekers, by name."""
    serving = RoleMembership.objects.active(day or timezone.localdate()).filter(
        role__in=roles_that_serve(), area=area_id
    )
    found = User.objects.filter(is_active=True, pk__in=serving.order_by().values("user"))
    return list(found.order_by("last_name", "first_name", "pk"))


def who_could_see(unseen: NonDisclosure, by: User) -> list[User]:
    """Whom `by` can name for a person whom nobody sees: workers of the area who would see the person then, so that
    naming helps. Where the processing is restricted these are the ones who decide on that. Not the one who names,
    unless there is nobody else.
    """
    seeker = unseen.seeker
    able = workers_of_area(seeker.area_id)
    if Restriction.objects.in_force().filter(seeker=seeker).exists():
        deciding = RoleMembership.objects.active(timezone.localdate()).filter(
            role__in=roles_with(Permission.SUBJECT_DECIDE), area=seeker.area_id
        )
        deciders = set(deciding.order_by().values_list("user_id", flat=True))
        able = [worker for worker in able if worker.pk in deciders]
    others = [worker for worker in able if worker.pk != by.pk]
    return others or able


def may_hide(user: User, seeker: JobSeeker) -> bool:
    """Whether somebody may take a person away from all others: who serves the person, and team leads of the area.

    A reason for looking does not do: anybody could make a colleague's client vanish.
    """
    return serves(user, seeker) or seeker.area_id in areas_where(user, Permission.NON_DISCLOSURE_NAME)


def coach_to_keep(seeker: JobSeeker, by: User | None) -> User | None:
    """The personal coach where somebody else may leave them out only with a reason; None where there is none.

    Of a hidden person only a coach who is named can be left out.
    """
    coach: User | None = seeker.coach
    if by is None or coach is None or coach.pk == by.pk:
        return None
    if seeker.non_disclosure:
        return coach if NamedWorker.objects.filter(seeker=seeker, user=coach).exists() else None
    return coach if coach in workers_of_area(seeker.area_id) else None


def named_now(seeker: JobSeeker) -> list[User]:
    """All who are named, also those who have left."""
    return list(
        User.objects.filter(pk__in=NamedWorker.objects.filter(seeker=seeker.pk).values("user")).order_by(
            "last_name", "first_name", "pk"
        )
    )


@transaction.atomic
def set_non_disclosure(
    seeker_id: int,
    by: User | None,
    *,
    ground: Ground,
    valid_from: date,
    valid_to: date | None,
    workers: Collection[User],
    note: str = "",
    without_coach: str = "",
) -> NonDisclosure:
    """Hide a person from all but the workers named, in this moment: every list asks anew.

    `without_coach`: why the personal coach is not named, where somebody else does it. Raises NobodyNamed, CoachLeftOut,
    NotPossible where the person is hidden already or it is not for `by` to do, ValueError for a first day to come:
    there is no hiding later on.
    """
    if valid_from > timezone.localdate():
        raise ValueError("Non-disclosure holds from the moment it is set.")
    seeker = _locked(seeker_id)
    if seeker.non_disclosure:
        raise NotPossible("Non-disclosure is in force already.")
    if by is not None and not may_hide(by, seeker):
        raise NotPossible("Who serves the person sets it, or a team lead.")
    chosen = _who_can_be_named(seeker, workers)
    left_out = _left_out(seeker, by, chosen, without_coach)
    # Names of an earlier time, if any were left, open nothing now.
    NamedWorker.objects.filter(seeker=seeker).delete()
    set_now = NonDisclosure.objects.create(
        seeker=seeker, ground=ground, note=note.strip(), valid_from=valid_from, valid_to=valid_to, set_by=by
    )
    seeker.non_disclosure = True
    seeker.save(update_fields=["non_disclosure", "updated_at"])
    _note(set_now, ChangeKind.SET, by, valid_to=valid_to, note=note)
    if left_out is not None:
        _note(set_now, ChangeKind.UNNAMED, by, worker=left_out, note=without_coach)
    _name(set_now, chosen, by)
    emit(HIDDEN)
    return set_now


@transaction.atomic
def change_workers(seeker_id: int, by: User, workers: Collection[User], without_coach: str = "") -> None:
    """Name exactly these workers. Who is no longer named sees the person no more.

    `without_coach` as in `set_non_disclosure`. Raises NobodyNamed, CoachLeftOut, NotPossible where non-disclosure is
    not in force (any more) or `by` is not named (any more).
    """
    in_force = _in_force(_locked(seeker_id), by)
    chosen = _who_can_be_named(in_force.seeker, workers)
    left_out = _left_out(in_force.seeker, by, chosen, without_coach)
    rows = NamedWorker.objects.filter(seeker=seeker_id)
    for row in rows.exclude(user__in=chosen).select_related("user").order_by("pk"):
        _note(in_force, ChangeKind.UNNAMED, by, worker=row.user, note=without_coach if row.user == left_out else "")
        row.delete()
    there = set(rows.values_list("user_id", flat=True))
    _name(in_force, [worker for worker in chosen if worker.pk not in there], by)


@transaction.atomic
def name_unseen(non_disclosure: NonDisclosure, by: User, worker: User) -> None:
    """Name a worker for a person whom nobody sees any more; who names sees nothing of the person.

    Raises NotPossible where somebody is named meanwhile or it is not for `by` to name, NobodyNamed for a worker who is
    not among `who_could_see`.
    """
    seeker = _locked(non_disclosure.seeker_id)
    open_now = NonDisclosure.objects.to_be_named_by(by, timezone.localdate()).filter(pk=non_disclosure.pk).first()
    if open_now is None:
        raise NotPossible("Somebody is named already.")
    if worker not in who_could_see(open_now, by):
        raise NobodyNamed("Name a worker who would see the person, and not yourself.")
    chosen = [worker]
    # One who has come back to the area since was named all the while.
    there = NamedWorker.objects.filter(seeker=seeker, user=worker).exists()
    _name(open_now, [] if there else chosen, by)


@transaction.atomic
def prolong(seeker_id: int, by: User, valid_to: date | None, ground: Ground, note: str = "") -> NonDisclosure:
    """Change the last day, with the ground that it is known from. Raises NotPossible as `change_workers` does."""
    in_force = _in_force(_locked(seeker_id), by)
    in_force.valid_to, in_force.ground = valid_to, ground
    in_force.save(update_fields=["valid_to", "ground"])
    _note(in_force, ChangeKind.PROLONGED, by, valid_to=valid_to, note=note)
    return in_force


@transaction.atomic
def lift(seeker_id: int, by: User, ground: LiftGround, note: str = "") -> None:
    """Show the person again to all who work with the area's jobseekers; only a named worker can.

    Raises NotPossible as `change_workers` does.
    """
    seeker = _locked(seeker_id)
    in_force = _in_force(seeker, by)
    _move(in_force, NonDisclosureState.LIFTED)
    in_force.lifted_by, in_force.lifted_at = by, timezone.now()
    in_force.lift_ground, in_force.lift_note = ground, note.strip()
    in_force.save(update_fields=["state", "lifted_by", "lifted_at", "lift_ground", "lift_note"])
    _note(in_force, ChangeKind.LIFTED, by, note=note)
    NamedWorker.objects.filter(seeker=seeker).delete()
    seeker.non_disclosure = False
    seeker.save(update_fields=["non_disclosure", "updated_at"])


@transaction.atomic
def note_put_aside(seekers: Collection[int], by: User) -> None:
    """Note that rows of a file met hidden people and were put aside, and ask their workers to look."""
    for one in NonDisclosure.objects.in_force().filter(seeker__in=seekers).order_by("pk"):
        _note(one, ChangeKind.PUT_ASIDE, by)
        named = named_who_see(timezone.localdate()).filter(seeker=one.seeker_id)
        for worker in User.objects.filter(pk__in=named.order_by().values("user")).order_by("pk"):
            tell(worker, one, f"put aside {timezone.localdate()}")


def _locked(seeker_id: int) -> JobSeeker:
    seeker: JobSeeker = JobSeeker.objects.select_for_update().get(pk=seeker_id)
    return seeker


def _in_force(seeker: JobSeeker, by: User) -> NonDisclosure:
    """What holds for a locked person; only for one who is named and may see the person now."""
    found: NonDisclosure | None = NonDisclosure.objects.naming(by).filter(seeker=seeker).first()
    if found is None:
        raise NotPossible("Non-disclosure is not in force, or somebody else handles it now.")
    return found


def _move(one: NonDisclosure, target: NonDisclosureState) -> None:
    """Set the state, where the table knows the way."""
    if target not in TRANSITIONS[NonDisclosureState(one.state)]:
        raise TransitionNotAllowed(f"Non-disclosure cannot go from {one.state} to {target}.")
    one.state = target


def _who_can_be_named(seeker: JobSeeker, workers: Iterable[User]) -> list[User]:
    able = {worker.pk for worker in workers_of_area(seeker.area_id)}
    chosen = sorted({worker.pk: worker for worker in workers if worker.pk in able}.values(), key=lambda user: user.pk)
    if not chosen:
        raise NobodyNamed("Name at least one worker who serves the area.")
    return chosen


def _left_out(seeker: JobSeeker, by: User | None, chosen: Collection[User], why: str) -> User | None:
    """The personal coach whom somebody else does not name, for a reason. Raises CoachLeftOut without one."""
    coach = coach_to_keep(seeker, by)
    if coach is None or coach in chosen:
        return None
    if not why.strip():
        raise CoachLeftOut("Write why the personal coach is not named.")
    return coach


def _name(one: NonDisclosure, workers: Iterable[User], by: User | None) -> None:
    for worker in workers:
        named = NamedWorker.objects.create(seeker_id=one.seeker_id, user=worker)
        _note(one, ChangeKind.NAMED, by, worker=worker)
        if by is None or worker.pk != by.pk:
            tell(worker, one, f"named {named.pk}")


def tell(user: User, about: NonDisclosure, occasion: str) -> None:
    """Ask a worker to look at the own page of non-disclosures. What the message is about it does not say: whoever keeps
    the outbox, or stands behind the worker's back, learns nothing.
    """
    link = SecretLink(f"{settings.SITE_URL.rstrip('/')}{reverse('seekers:non_disclosures')}")
    # The key makes it the same message the second time, and tells nobody what it is.
    key = str(uuid.uuid5(about.pk, f"{occasion} {user.pk}"))
    send("matter_waiting", Recipient.account(user), {"link": link}, key=key)


def _note(
    one: NonDisclosure, kind: ChangeKind, by: User | None, *, worker: User | None = None,
    valid_to: date | None = None, note: str = "",
) -> None:  # fmt: skip
    NonDisclosureChange.objects.create(
        non_disclosure=one, kind=kind, by=by, worker=worker, valid_to=valid_to, note=note.strip()
    )
