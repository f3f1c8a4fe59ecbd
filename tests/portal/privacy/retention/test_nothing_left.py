"""A person with everything that the portal can keep about anybody is deleted, and every table is searched after it.

Backups are out of scope: they lose the data by their own time, and what is restored is deleted again by its marks.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.engine.top import ID_LIMIT
from jobmatching.models import JobSeeker, Match, MatchChange, RegistrationSpell, RunInput, SubjectExport
from jobmatching.nightly.night import run_here
from jobmatching.seekers.retention import JOBSEEKERS
from jobmatching.seekers.rights import documents, services
from jobmatching.seekers.rights.enums import ExportState, IdentityProof, RequestKind, RequestState, RestrictionGround
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel
from portal.outbox.models import ContactWish, Message
from portal.outbox.services import Recipient, send
from portal.privacy.access.enums import ReasonCode
from portal.privacy.access.models import AccessLogEntry, AccessReason
from portal.privacy.history.models import HistoryEvent
from portal.privacy.identity import blind_index
from portal.privacy.retention.erasing import erase
from portal.privacy.retention.models import HoldKind, RetentionNotice, RetentionReport
from portal.privacy.retention.night import run_here as retain_here
from portal.privacy.retention.rules import Block
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    WorkPeriodFactory,
    identity_fields,
)
from tests.portal.privacy.planted.searching import tables
from tests.rights import hold_on
from tests.world import World

PK = 777_123_457
CODE = "010190-998V"
TOWN = "Poistokylä"
WORDS: Mapping[str, str] = {
    "number": str(PK),
    "first name": "Zyprianna",
    "last name": "Poistettavainen",
    "birth date": "1951-02-27",
    "e-mail": "zyprianna@poistopaikka.example",
    "telephone": "+358 000 919191",
    "own words": "unohdettava toive",
    "employer": "Katoava Paja",
    "identifier at the source": "LAHDE-POISTO-1",
    "identity code": CODE,
    "identity index": blind_index(CODE),
    "pause": "tauon salainen syy",
    "request": "pyynnön salaiset sanat",
    "hold": "pidon salainen syy",
    "reason": "katselun salainen syy",
    "note about identity": "henkilökortti nähty pöydällä",
    # As the engine packs the number, in rows of bytes; and as the end of a key of a list.
    "packed number": PK.to_bytes(4, "little").hex(),
    "packed number from above": (ID_LIMIT - PK).to_bytes(4, "little").hex(),
    "packed number the other way": PK.to_bytes(4, "big").hex(),
}
STAYS: Mapping[str, frozenset[str]] = {
    # Sealed and only added to: the number of somebody who is gone leads nowhere; whole months go by their own time.
    "privacy_accesslogentry": frozenset({"number"}),
}


def found_in_tables() -> dict[str, set[str]]:
    """Table -> which of the words stand in some column of some row of it."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in tables():
            for name, word in WORDS.items():
                cursor.execute(f"SELECT EXISTS (SELECT FROM {table} t WHERE t::text ILIKE %s)", [f"%{word}%"])  # noqa: S608  names from the catalogue
                if cursor.fetchone()[0]:
                    found.setdefault(table, set()).add(name)
    return found


def left_over() -> dict[str, set[str]]:
    """What is found where nothing should be."""
    left = {table: names - STAYS.get(table, frozenset()) for table, names in found_in_tables().items()}
    return {table: names for table, names in left.items() if names}


@pytest.fixture
def planted(world: World) -> JobSeeker:
    """The person, two nights of matching, and everything that can be kept about somebody."""
    own, day = world.own, world.day
    coach = own.users[Role.CASE_WORKER]
    town = MunicipalityFactory(area=own.area, name_fi=TOWN, name_sv=TOWN, name_en=TOWN)
    seeker: JobSeeker = JobSeekerFactory(
        pk=PK,
        area=own.area,
        home=town,
        first_name=WORDS["first name"],
        last_name=WORDS["last name"],
        birth_date=timezone.localdate().replace(year=1951, month=2, day=27),
        sex="female",
        phone=WORDS["telephone"],
        email=WORDS["e-mail"],
        summary=WORDS["own words"],
        source_id=WORDS["identifier at the source"],
        coach=coach,
        ready_to_move=True,
        all_asked=True,
        places=[own.municipality],
        wishes=[world.occupation],
        work=[(world.occupation, day - timedelta(days=2000), day - timedelta(days=400))],
        skills=list(world.occupation.skills.order_by("pk")),
        languages=[(LanguageFactory(code="fi"), LanguageLevel.C2)],
        licences=[DrivingLicenceFactory(code="B")],
        cards=[CardFactory(code="022")],
        spell__started_on=day - timedelta(days=900),
        **identity_fields(CODE),
    )
    WorkPeriodFactory(seeker=seeker, occupation=None, title="apulainen", employer_name=WORDS["employer"])
    run_here(day + timedelta(days=1))
    assert Match.objects.filter(seeker_id=PK).exists()
    assert MatchChange.objects.filter(seeker_id=PK).exists()
    assert RunInput.objects.filter(ids__contains=[PK]).exists()
    _live(world, seeker, coach)
    return seeker


def _live(world: World, seeker: JobSeeker, coach: User) -> None:
    """What people do about somebody: look, change, ask, write, restrict, keep, take out."""
    client = Client()
    client.force_login(coach)
    for name in ("seekers:page", "seekers:matches", "seekers:rights"):
        assert client.get(reverse(name, args=[PK])).status_code == 200
    client.post(reverse("seekers:pause", args=[PK]), {"kind": "other", "reason": WORDS["pause"]})
    AccessReason.objects.create(
        user_id=coach.pk, subject=PK, code=ReasonCode.OTHER, words=WORDS["reason"],
        valid_until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    to = Recipient.jobseeker(PK, seeker.email, seeker.phone)
    told = {"link": "https://portal.example/x", "expires": timezone.now(), "area": "Kemin alue"}
    send("contact_question", to, told, "fi", key=f"poisto {PK}", object_id=PK)
    ContactWish.objects.create(subject_id=PK, wish="mail", language="fi", changed_by=coach)
    received = services.Received(
        RequestKind.ACCESS, timezone.localdate(), services.Sender.PERSON, "", IdentityProof.DOCUMENT, WORDS["request"]
    )
    asked = services.record_request(PK, received, coach)
    services.decide(
        asked.pk, services.Decision(RequestState.ACCEPTED, WORDS["request"], timezone.localdate()),
        world.own.users[Role.TEAM_LEAD],
    )  # fmt: skip
    restriction = services.restrict(PK, RestrictionGround.CLAIM, WORDS["request"], coach)
    services.lift(restriction.pk, WORDS["request"], timezone.localdate(), coach)
    hold_on(PK, reason=WORDS["hold"], released_at=timezone.now(), release_reason=WORDS["hold"])
    export = documents.ask_for(PK, coach, IdentityProof.DOCUMENT, WORDS["note about identity"], "fi")
    documents.make(export.pk)
    assert SubjectExport.objects.get(pk=export.pk).state == ExportState.READY
    assert HistoryEvent.objects.filter(owner_id=PK).exists()
    assert Message.objects.filter(recipient_id=PK).exists()
    assert AccessLogEntry.objects.of_subject(PK).exists()


def end_long_ago(seeker: JobSeeker) -> None:
    """The search ended three years ago, and those who answer were told a month ago."""
    today = timezone.localdate()
    RegistrationSpell.objects.filter(seeker=seeker.pk).update(
        started_on=today - timedelta(days=1500), ended_on=today - timedelta(days=1100)
    )
    retain_here(today)
    RetentionNotice.objects.filter(object_id=PK).update(
        noticed_on=today - timedelta(days=30), delete_on=today - timedelta(days=1)
    )


def test_the_planted_words_are_found_while_the_person_is_there(planted: JobSeeker) -> None:
    """The search itself sees what it is there to see."""
    found = found_in_tables()
    assert found["jobmatching_jobseeker"] >= {"number", "first name", "last name", "e-mail", "telephone"}
    assert "packed number" in found["jobmatching_runinput"]
    assert "packed number" in found["jobmatching_resultkeys"]
    assert "packed number" in found["jobmatching_seekervector"]
    for table in ("jobmatching_match", "jobmatching_matchchange", "privacy_accesslogentry", "privacy_retentionhold"):
        assert "number" in found[table], table
    for table in ("privacy_historyevent", "outbox_message", "privacy_accessreason", "jobmatching_subjectrequest"):
        assert found[table], table
    assert set().union(*found.values()) >= set(WORDS) - {
        *("identity code", "packed number from above", "packed number the other way")
    }


def test_the_night_leaves_nothing_of_a_person_anywhere(planted: JobSeeker) -> None:
    end_long_ago(planted)
    report = retain_here(timezone.localdate())
    assert report.lines.get(rule="jobseekers").deleted == 1
    assert not JobSeeker.objects.filter(pk=PK).exists()
    assert not left_over()


def test_an_erasure_by_hand_leaves_nothing_of_a_person_anywhere(planted: JobSeeker, world: World) -> None:
    RegistrationSpell.objects.filter(seeker=PK).update(ended_on=timezone.localdate())
    received = services.Received(
        RequestKind.ERASURE, timezone.localdate(), services.Sender.PERSON, "", IdentityProof.DOCUMENT, WORDS["request"]
    )
    services.record_request(PK, received, world.own.users[Role.CASE_WORKER])
    report = erase(JOBSEEKERS, PK, world.own.users[Role.TEAM_LEAD], past=frozenset({Block.OPEN_REQUEST}))
    assert not left_over()
    line = report.lines.get()
    assert (line.rule, line.deleted, len(line.digest)) == ("jobseekers", 1, 64)


def test_the_matching_of_the_next_night_brings_nothing_back(planted: JobSeeker, world: World) -> None:
    end_long_ago(planted)
    retain_here(timezone.localdate())
    run_here(world.day + timedelta(days=2))
    assert not left_over()


def test_whoever_is_kept_by_a_hold_loses_nothing(planted: JobSeeker) -> None:
    end_long_ago(planted)
    before = found_in_tables()
    hold_on(PK, kind=HoldKind.LEGAL_HOLD, reason="x")
    retain_here(timezone.localdate())
    after = found_in_tables()
    told: dict[str, Any] = {table: before[table] - after.get(table, set()) for table in before}
    assert not {table: names for table, names in told.items() if names}
    assert RetentionReport.objects.order_by("-pk").first().lines.get(rule="jobseekers").blocked == {"legal_hold": 1}
