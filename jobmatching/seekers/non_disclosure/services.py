"""Setting, prolonging and lifting non-disclosure, and naming the workers who see the person. Nothing else does it."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobmatching.seekers.models import JobSeeker, NamedWorker
from jobmatching.seekers.non_disclosure.enums import (
    TRANSITIONS,
    ChangeKind,
    Ground,
    LiftGround,
    NonDisclosureState,
)
from jobmatching.seekers.non_disclosure.models import NonDisclosure, NonDisclosureChange
from jobmatching.seekers.non_disclosure.querysets import roles_that_serve
from portal.accounts.models import RoleMembership, User
from portal.effects import emit
from portal.outbox.secret_links import SecretLink
from portal.outbox.services import Recipient, send

HIDDEN: Final = "jobseekers.hidden"
"""Event: somebody has come under non-disclosure. It names nobody: whom it is about is looked up."""


class NotPossible(Exception):
    """Somebody else has set or lifted it meanwhile; the message says how it stands, and names nobody."""


class NobodyNamed(ValueError):
    """At least one worker who serves the area must be named."""


class TransitionNotAllowed(NotPossible):
    """The table knows no way from one state to the other."""


def workers_of_area(area_id: int, day: date | None = None) -> list[User]:
    """Who can be named for people of an area on `day` (None: today): all who see its jobseekers, by name."""
    serving = RoleMembership.objects.active(day or timezone.localdate()).filter(
        role__in=roles_that_serve(), area=area_id
    )
    found = User.objects.filter(is_active=True, pk__in=serving.order_by().values("user"))
    return list(found.order_by("last_name", "first_name", "pk"))


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
) -> NonDisclosure:
    """Hide a person from all but the workers named, in this moment: every list asks anew.

    Raises NobodyNamed, NotPossible where the person is hidden already, ValueError for a first day to come: there is no
    hiding later on.
    """
    if valid_from > timezone.localdate():
        raise ValueError("Non-disclosure holds from the moment it is set.")
    seeker = _locked(seeker_id)
    if seeker.non_disclosure:
        raise NotPossible("Non-disclosure is in force already.")
    chosen = _who_can_be_named(seeker, workers)
    # Names of an earlier time, if any were left, open nothing now.
    NamedWorker.objects.filter(seeker=seeker).delete()
    set_now = NonDisclosure.objects.create(
        seeker=seeker, ground=ground, note=note.strip(), valid_from=valid_from, valid_to=valid_to, set_by=by
    )
    seeker.non_disclosure = True
    seeker.save(update_fields=["non_disclosure", "updated_at"])
    _note(set_now, ChangeKind.SET, by, valid_to=valid_to, note=note)
    _name(set_now, chosen, by)
    emit(HIDDEN)
    return set_now


@transaction.atomic
def change_workers(seeker_id: int, by: User, workers: Collection[User]) -> None:
    """Name exactly these workers. Who is no longer named sees the person no more.

    Raises NobodyNamed, NotPossible where non-disclosure is not in force (any more) or `by` is not named (any more).
    """
    in_force = _in_force(_locked(seeker_id), by)
    chosen = _who_can_be_named(in_force.seeker, workers)
    rows = NamedWorker.objects.filter(seeker=seeker_id)
    for row in rows.exclude(user__in=chosen).select_related("user").order_by("pk"):
        _note(in_force, ChangeKind.UNNAMED, by, worker=row.user)
        row.delete()
    there = set(rows.values_list("user_id", flat=True))
    _name(in_force, [worker for worker in chosen if worker.pk not in there], by)


@transaction.atomic
def name_unseen(non_disclosure: NonDisclosure, by: User, worker: User) -> None:
    """Name a worker for a person whom nobody sees any more; who names sees nothing of the person.

    Raises NotPossible where somebody is named meanwhile or it is not for `by` to name, NobodyNamed where the worker
    does not serve the area.
    """
    seeker = _locked(non_disclosure.seeker_id)
    open_now = NonDisclosure.objects.to_be_named_by(by, timezone.localdate()).filter(pk=non_disclosure.pk).first()
    if open_now is None:
        raise NotPossible("Somebody is named already.")
    chosen = _who_can_be_named(seeker, [worker])
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
