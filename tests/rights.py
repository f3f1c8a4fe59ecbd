"""People who have asked something about their own data, as they may lie in the database, for the small world."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jobmatching.models import JobSeeker, Restriction, SubjectExport, SubjectRequest
from jobmatching.seekers.retention import CODE
from jobmatching.seekers.rights.documents import CONTENT_KEPT, sealed
from jobmatching.seekers.rights.enums import ExportState, IdentityProof, RequestKind, RestrictionGround
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea, Municipality
from portal.privacy.retention.classes import NewTime, in_force, kept_of, propose
from portal.privacy.retention.dates import months_after
from portal.privacy.retention.models import (
    HoldKind,
    Origin,
    RetentionHold,
    RetentionLine,
    RetentionNotice,
    RetentionProposal,
    RetentionReport,
)
from tests.factories import JobSeekerFactory


@dataclass(frozen=True)
class Rights:
    """What one area has of such things."""

    leads_seeker: JobSeeker
    """Served by the team lead; the search has ended, and the person wants to be erased."""
    restricted_seeker: JobSeeker
    """Served by the team lead; the processing is restricted."""
    wanted: SubjectRequest
    """Of the area's own seeker: to see the data; handled by the case worker."""
    erasing: SubjectRequest
    hold: RetentionHold
    """Keeps the data of the own seeker."""
    document: SubjectExport
    """All data of the own seeker, ready to be fetched."""


def request_of(seeker: JobSeeker, kind: str = RequestKind.ACCESS, **fields: Any) -> SubjectRequest:
    """An open request that came three days ago."""
    received = fields.pop("received_on", timezone.localdate() - timedelta(days=3))
    usual: dict[str, Any] = {
        "kind": kind,
        "received_on": received,
        "identity": IdentityProof.DOCUMENT,
        "wanted": "Haluan nähdä kaikki tietoni.",
        "due_on": months_after(received, 1),
    }
    made: SubjectRequest = SubjectRequest.objects.create(seeker=seeker, **usual | fields)
    return made


def restrict(seeker: JobSeeker, **fields: Any) -> Restriction:
    """A restriction in force."""
    usual: dict[str, Any] = {"ground": RestrictionGround.ACCURACY, "reason": "The work history is being checked."}
    made: Restriction = Restriction.objects.create(seeker=seeker, **usual | fields)
    return made


def hold_on(object_id: int, rule: str = CODE, **fields: Any) -> RetentionHold:
    """A hold in force."""
    usual: dict[str, Any] = {
        "kind": HoldKind.NAMED_REASON,
        "reason": "A complaint is being handled.",
        "review_on": timezone.localdate() + timedelta(days=60),
    }
    return RetentionHold.objects.create(rule=rule, object_id=object_id, **usual | fields)


def notice_of(object_id: int, rule: str = CODE, **fields: Any) -> RetentionNotice:
    """A notice of three days ago: the object goes in a month."""
    today = timezone.localdate()
    usual: dict[str, Any] = {
        "since": today - timedelta(days=800),
        "noticed_on": today - timedelta(days=3),
        "delete_on": today + timedelta(days=27),
        "row": in_force(kept_of("profile"), today),
    }
    return RetentionNotice.objects.create(rule=rule, object_id=object_id, **usual | fields)


def fill_rights(
    area: EmploymentArea, home: Municipality, users: dict[Role, User], seeker: JobSeeker, town: str
) -> Rights:
    """The area's rows."""
    today, now = timezone.localdate(), timezone.now()
    lead = users[Role.TEAM_LEAD]
    people: dict[str, Any] = {"area": area, "home": home, "coach": lead}
    old = {"spell__started_on": today - timedelta(days=1500), "spell__ended_on": today - timedelta(days=800)}
    leaving = JobSeekerFactory(last_name=f"{town}virta", first_name="Lähtö", **people, **old)
    restricted = JobSeekerFactory(last_name=f"{town}salo", first_name="Rajattu", **people)
    restrict(restricted, set_by=lead)
    notice_of(leaving.pk, responsible=lead)
    document = SubjectExport.objects.create(
        seeker=seeker,
        identity=IdentityProof.DOCUMENT,
        identity_note="passi",
        language="fi",
        made_by=users[Role.CASE_WORKER],
        state=ExportState.READY,
        content=sealed('{"format": "kohtaanto/own-data/1", "language": "fi", "person": "x", "controller": "y",'
                       ' "made_at": "2026-11-22T03:00:00+02:00", "sections": []}'),
        ready_at=now,
        expires_at=now + CONTENT_KEPT,
    )  # fmt: skip
    return Rights(
        leads_seeker=leaving,
        restricted_seeker=restricted,
        wanted=request_of(seeker, handler=users[Role.CASE_WORKER], recorded_by=users[Role.CASE_WORKER]),
        erasing=request_of(leaving, RequestKind.ERASURE, handler=lead, wanted="Poistakaa tietoni."),
        hold=hold_on(seeker.pk, set_by=users[Role.CASE_WORKER]),
        document=document,
    )


@dataclass(frozen=True)
class Retained:
    """What retention has done and is asked to do, in no area."""

    proposal: RetentionProposal
    proof: RetentionReport


def fill_retention(administrator: User) -> Retained:
    """A proposed time for vacancies, and the proof of a night."""
    today = timezone.localdate()
    new = NewTime(36, 0, today + timedelta(days=30), "Arkistonmuodostussuunnitelma 2027", False, "The plan says so.")
    proof = RetentionReport.objects.create(for_date=today, origin=Origin.NIGHT, finished_at=timezone.now())
    row = in_force(kept_of("profile"), today)
    RetentionLine.objects.create(
        report=proof,
        place=0,
        rule=CODE,
        row=row,
        found=9,
        noticed=2,
        waiting=3,
        blocked={"restricted": 1, "open_request": 1},
        counted=4,
        deleted=4,
        digest="0" * 64,
    )
    return Retained(propose("vacancy", new, administrator), proof)
