"""A person whose every piece of data is found nowhere else, and who comes under non-disclosure after a night."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone

from jobmatching.models import JobSeeker, Match
from jobmatching.nightly.night import run_here
from jobmatching.seekers.non_disclosure.enums import Ground
from jobmatching.seekers.non_disclosure.services import set_non_disclosure
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel
from portal.classifications.models import Municipality
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    WorkPeriodFactory,
    identity_fields,
)
from tests.world import Side, World

HIDDEN_CODE = "230785-900E"
OPEN_CODE = "131052-308T"
TOWN = "Piilopirtti"

WORDS: Mapping[str, str] = {
    "first name": "Xaveriina",
    "last name": "Kvasimodolainen",
    "telephone": "+358 000 737373",
    "e-mail": "xaveriina@piilopaikka.example",
    "own words": "lumiukkotehdas",
    "employer": "Salapaja Kuutamo",
    "identifier at the source": "LAHDE-774411",
    "identity code": HIDDEN_CODE,
}
"""What is known of the hidden person, in words that nothing else in the world has."""


@dataclass(frozen=True)
class Planted:
    """The hidden person, and what is looked for."""

    seeker: JobSeeker
    named: User

    @property
    def address(self) -> str:
        """Beginning of every address about the person."""
        return f"/tyonhakijat/{self.seeker.pk}/"


def town_of(side: Side) -> Municipality:
    """The municipality in which nobody else lives; it stands in the register whether anybody does.

    Its code is the same in every copy of the world: the factory would count on.
    """
    return MunicipalityFactory(code="099", area=side.area, name_fi=TOWN, name_sv=TOWN, name_en=TOWN)


def plant(world: World, town: Municipality) -> JobSeeker:
    """The person while everybody of the area still sees them: like the own side's seeker, so that the night matches."""
    today = timezone.localdate()
    skills = list(world.occupation.skills.order_by("pk"))
    seeker: JobSeeker = JobSeekerFactory(
        area=world.own.area,
        home=town,
        first_name=WORDS["first name"],
        last_name=WORDS["last name"],
        phone=WORDS["telephone"],
        email=WORDS["e-mail"],
        summary=f"Minulla oli {WORDS['own words']}.",
        source_id=WORDS["identifier at the source"],
        coach=world.own.users[Role.CASE_WORKER],
        ready_to_move=True,
        all_asked=True,
        wishes=[world.occupation],
        work=[(world.occupation, today - timedelta(days=2000), today - timedelta(days=400))],
        skills=skills,
        languages=[(LanguageFactory(code="fi"), LanguageLevel.C2)],
        licences=[DrivingLicenceFactory(code="B")],
        cards=[CardFactory(code="022")],
        spell__started_on=today - timedelta(days=60),
        **identity_fields(HIDDEN_CODE),
    )
    WorkPeriodFactory(seeker=seeker, occupation=None, title="apulainen", employer_name=WORDS["employer"])
    return seeker


def hide(seeker: JobSeeker, by: User) -> None:
    """Non-disclosure, with the one who sets it as the only named worker."""
    today = timezone.localdate()
    set_non_disclosure(
        seeker.pk, by, ground=Ground.REGISTER, valid_from=today, valid_to=today + timedelta(days=400), workers=[by]
    )


def plant_matched(world: World) -> Planted:
    """The person is matched by a night, and hidden after it. The own side's seeker has an identity code."""
    named = world.own.users[Role.CASE_WORKER]
    seeker = plant(world, town_of(world.own))
    JobSeeker.objects.filter(pk=world.own.seeker.pk).update(**identity_fields(OPEN_CODE))
    run_here(world.day + timedelta(days=1))
    assert Match.objects.current().filter(seeker_id=seeker.pk).exists()
    hide(seeker, named)
    return Planted(JobSeeker.objects.get(pk=seeker.pk), named)


def as_every_person(world: World, seeker: JobSeeker) -> World:
    """The world with the person in the place of each of the own side's people: every address about people asks for
    this one.
    """
    own = replace(world.own, seeker=seeker, colleagues_seeker=seeker, paused_seeker=seeker, hidden_seeker=seeker)
    return replace(world, own=own)
