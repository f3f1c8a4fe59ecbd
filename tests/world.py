"""Two employment areas side by side with the same people and things: who works in one is an outsider in the other.

Permission tests ask each question twice, about one's own area and about the neighbour's; pages are opened on the same
rows, so that what a test shows can be looked at in the browser too.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from employers.enums import MembershipRole
from employers.models import Employer, Vacancy
from jobmatching.models import JobSeeker, MatchingRules, NonDisclosure, RulesPreview, SubjectExport, SubjectRequest
from jobmatching.nightly.night import run_here
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft
from portal.accounts.models import Invitation, RoleMembership, StandIn, Team, TeamMembership, User, WorkPair
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel, Scheme
from portal.classifications.models import EmploymentArea, Municipality, Occupation, Skill
from portal.outbox.models import DemoLetter, Message
from portal.privacy.access.models import AccessAnomaly
from portal.privacy.retention.models import RetentionHold, RetentionProposal, RetentionReport
from portal.runs.models import JobRun
from tests.evidence import add_figures, fill_rules
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    EmployerFactory,
    EmployerMembershipFactory,
    EmploymentAreaFactory,
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    NamedWorkerFactory,
    OccupationFactory,
    SkillFactory,
    VacancyFactory,
    with_role,
)
from tests.messages import Token, fill_outbox
from tests.people import fill_accounts, fill_teams
from tests.portal.privacy.access.logged import fill_log
from tests.rights import fill_retention, fill_rights


@dataclass(frozen=True)
class Side:
    """One area with a user of every role, an employer with a vacancy, and jobseekers."""

    area: EmploymentArea
    municipality: Municipality
    users: dict[Role, User]
    employer: Employer
    vacancy: Vacancy
    seeker: JobSeeker
    """Served by the area's case worker."""
    colleagues_seeker: JobSeeker
    """Served by nobody yet; the whole area's people may see the profile."""
    paused_seeker: JobSeeker
    """Left out of matching for a time."""
    hidden_seeker: JobSeeker
    """Under non-disclosure; the case worker is named, nobody else."""
    unseen: NonDisclosure
    """Of somebody else under non-disclosure, for whom nobody is named (any more)."""
    leads_seeker: JobSeeker
    """Served by the team lead; the search has ended, and the person wants to be erased."""
    restricted_seeker: JobSeeker
    """Served by the team lead; the processing is restricted."""
    wanted: SubjectRequest
    """The own seeker wants to see the data."""
    erasing: SubjectRequest
    """The team lead's seeker wants to be erased."""
    hold: RetentionHold
    """Keeps the data of the own seeker."""
    document: SubjectExport
    """All data of the own seeker."""
    team: Team
    """Two further case workers, who are a pair and stand in for each other."""
    team_membership: TeamMembership
    pair: WorkPair
    stand_in: StandIn


@dataclass(frozen=True)
class World:
    """Both areas, and what belongs to neither."""

    own: Side
    other: Side
    run: JobRun
    """The night has matched both areas: own vacancy and own seeker are a pair."""
    day: date
    occupation: Occupation
    skill: Skill
    anomaly: AccessAnomaly
    """The own case worker has opened many people in an hour; so says the access log, which has some rows."""
    message: Message
    letter: DemoLetter
    question: Token
    """The token of a link by which the own seeker may answer."""
    proposal: RetentionProposal
    """Another time for vacancies, proposed by the own administrator."""
    proof: RetentionReport
    """What a night of retention did."""
    rules_draft: MatchingRules
    """Written by the own team lead, as the proposal is."""
    rules_proposal: MatchingRules
    rules_preview: RulesPreview
    somebody: User
    """A case worker of the own area whose account administrators keep."""
    somebodys_role: RoleMembership
    invitation: Invitation

    @property
    def account(self) -> User:
        """The account of the own case worker, as administrators see it."""
        return self.own.users[Role.CASE_WORKER]

    def sides(self) -> tuple[Side, Side]:
        """The own and the other side."""
        return self.own, self.other


def _begin_with_long_numbers() -> None:
    """Ids of more than three digits, as in real use: where a page writes one as people read numbers, tests see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 4000) FROM pg_sequences "
            "WHERE sequencename ~ '^(accounts|classifications|employers|jobmatching|outbox|runs)_'"
        )


def build_world() -> World:
    """Make the rows, about a hundred, and let the night match them."""
    _begin_with_long_numbers()
    today = timezone.localdate()
    occupation = OccupationFactory(
        code="7212.1", name_fi="hitsaaja", name_sv="svetsare", name_en="welder", skills=SkillFactory.create_batch(3)
    )
    skills = list(occupation.skills.order_by("pk"))
    own = _side("meri-lappi", "Kemi", occupation, skills, today)
    other = _side("rovaniemi", "Rovaniemi", occupation, skills, today)
    put_in_force(draft(Scheme.DEMO), own.users[Role.MANAGER], "The rules of the small world.")
    sent = fill_outbox(own.seeker.pk)
    run = run_here(today)
    add_figures(run, own.users[Role.MANAGER])
    retained = fill_retention(own.users[Role.ADMINISTRATOR])
    return World(
        own, other, run, today, occupation, skills[0], anomaly=fill_log(own.users[Role.CASE_WORKER], [own.seeker.pk]),
        message=sent.message, letter=sent.letter, question=sent.question,
        **vars(fill_rules(own.users[Role.TEAM_LEAD])),
        **vars(retained), **vars(fill_accounts(own.area, own.users[Role.ADMINISTRATOR])),
    )  # fmt: skip


def _side(code: str, town: str, occupation: Occupation, skills: list[Skill], today: date) -> Side:
    area = EmploymentAreaFactory(code=code, name_fi=f"{town}n alue", name_sv=f"{town} område", name_en=f"{town} area")
    municipality = MunicipalityFactory(area=area, name_fi=town, name_sv=town, name_en=town)
    users = {role: _user(role, area, town) for role in Role}
    employer = EmployerFactory(area=area, municipality=municipality, name=f"{town}n Konepaja Oy")
    EmployerMembershipFactory(employer=employer, user=users[Role.EMPLOYER_MEMBER])
    EmployerMembershipFactory(employer=employer, user=users[Role.EMPLOYER_OWNER], role=MembershipRole.OWNER)
    vacancy = VacancyFactory(
        employer=employer,
        title_fi=f"Hitsaaja, {town}",
        title_sv=f"Svetsare, {town}",
        title_en=f"Welder, {town}",
        published_at=timezone.now() - timedelta(days=3),
        apply_until=timezone.now() + timedelta(days=14),
        occupations=[occupation],
        municipalities=[municipality],
        skills=skills,
        languages=[(LanguageFactory(code="fi"), LanguageLevel.B1)],
        licences=[DrivingLicenceFactory(code="B")],
        cards=[CardFactory(code="022")],
    )
    coach = users[Role.CASE_WORKER]
    seeker = _seeker(area, municipality, occupation, skills, today, last_name=f"{town}nen", coach=coach)
    colleagues = _seeker(area, municipality, occupation, skills[:1], today, last_name=f"{town}la", coach=None)
    paused = _seeker(
        area,
        municipality,
        occupation,
        skills,
        today,
        last_name=f"{town}la",
        first_name="Lepo",
        coach=coach,
        paused=True,
    )
    hidden = _seeker(area, municipality, occupation, skills, today, last_name="Salainen", coach=coach, hidden=True)
    NamedWorkerFactory(seeker=hidden, user=coach)
    unseen = _seeker(area, municipality, occupation, skills, today, last_name="Salattu", coach=coach, hidden=True)
    held = NonDisclosure.objects.get(seeker=unseen)
    rights = fill_rights(area, municipality, users, seeker, town)
    people = (seeker, colleagues, paused, hidden)
    together = fill_teams(area, town)
    return Side(area, municipality, users, employer, vacancy, *people, held, **vars(rights), **vars(together))


def _user(role: Role, area: EmploymentArea, town: str) -> User:
    return with_role(
        role,
        area,
        email=f"{role.value}@{town.lower()}.example.org",
        first_name=town,
        last_name=role.value.replace("_", " ").title(),
        administrator=role is Role.ADMINISTRATOR,
    )


def _seeker(
    area: EmploymentArea,
    home: Municipality,
    occupation: Occupation,
    skills: list[Skill],
    today: date,
    *,
    last_name: str,
    coach: User | None,
    **traits: object,
) -> JobSeeker:
    seeker: JobSeeker = JobSeekerFactory(
        area=area,
        home=home,
        last_name=last_name,
        coach=coach,
        **traits,
        all_asked=True,
        wishes=[occupation],
        work=[(occupation, today - timedelta(days=2000), today - timedelta(days=400))],
        skills=skills,
        languages=[(LanguageFactory(code="fi"), LanguageLevel.C2)],
        licences=[DrivingLicenceFactory(code="B")],
        cards=[CardFactory(code="022")],
        spell__started_on=today - timedelta(days=60),
    )
    return seeker
