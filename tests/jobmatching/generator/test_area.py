"""A generated area is believable: the shares of the statistics, invented people, nothing that belongs to anybody."""

from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q
from stdnum.fi import hetu, ytunnus

from employers.enums import VacancySource, VacancyState
from employers.models import Employer, Vacancy
from jobmatching.generator.area import Generated, NotEmpty, generate_area
from jobmatching.generator.sizes import Size
from jobmatching.generator.statistics import texts
from jobmatching.generator.world import NotReady
from jobmatching.models import JobSeeker, NamedWorker, OccupationWish, RegistrationSpell, WorkPeriod
from jobmatching.seekers.enums import SpellStatus
from portal.accounts.models import User
from portal.privacy.identity import blind_index, decrypt, normalise
from tests.factories import EmployerFactory, JobSeekerFactory, VacancyFactory
from tests.jobmatching.generator.conftest import AS_OF, SEED
from tests.jobmatching.generator.digests import area_digests

# Means of twelve months of the employment statistics.
UNEMPLOYED = {"240": 1185, "851": 790, "241": 275, "976": 167, "751": 127, "845": 120}


def _share(count: int, of: int) -> float:
    return count / of


def test_sizes(area: Generated) -> None:
    assert JobSeeker.objects.count() == area.seekers == 4_000
    assert Vacancy.objects.count() == area.vacancies == 1_000
    assert Employer.objects.count() == area.employers == 333


def test_people_live_in_the_six_municipalities_as_the_statistics_say(area: Generated) -> None:
    homes = Counter(JobSeeker.objects.exclude(home=None).values_list("home__code", flat=True))
    assert set(homes) == set(UNEMPLOYED)
    whole = sum(UNEMPLOYED.values())
    for code, unemployed in UNEMPLOYED.items():
        assert _share(homes[code], homes.total()) == pytest.approx(unemployed / whole, abs=0.025)


def test_one_in_six_has_no_coded_occupation(area: Generated) -> None:
    uncoded = JobSeeker.objects.filter(wishes=None)
    assert _share(uncoded.count(), area.seekers) == pytest.approx(0.16, abs=0.02)
    assert not WorkPeriod.objects.filter(seeker__in=uncoded, occupation__isnull=False).exists()
    assert WorkPeriod.objects.filter(seeker__in=uncoded).exists()


def test_occupations_follow_the_statistics_and_the_two_sides_differ(area: Generated) -> None:
    def share(codes: Counter[str], start: str) -> float:
        return sum(n for code, n in codes.items() if code.startswith(start)) / codes.total()

    wished = Counter(OccupationWish.objects.filter(order=1).values_list("occupation__isco", flat=True))
    sought = Counter(Vacancy.objects.values_list("occupations__isco", flat=True))
    # Builders look for work; waiters and nurses are looked for.
    assert share(wished, "71") > 1.5 * share(sought, "71")
    assert share(sought, "5131") > 2 * share(wished, "5131")
    assert share(sought, "3221") > 2 * share(wished, "3221")


def test_everybody_is_of_working_age_and_has_a_test_code_of_their_own(area: Generated) -> None:
    codes = set()
    for born, sex, kept, index in JobSeeker.objects.values_list("birth_date", "sex", "identity_code", "identity_index"):
        code = decrypt(kept)
        assert normalise(code) == code
        assert hetu.validate(code, allow_temporary=True)
        assert not hetu.is_valid(code)
        number = int(code[7:10])
        assert 900 <= number <= 999
        assert (number % 2 == 0) == (sex == "female")
        assert code[:6] == born.strftime("%d%m%y")
        assert index == blind_index(code)
        assert 18 <= AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day)) <= 64
        codes.add(code)
    assert len(codes) == area.seekers


def test_names_and_addresses_are_invented(area: Generated) -> None:
    surnames = set(texts().surnames)
    assert set(JobSeeker.objects.values_list("last_name", flat=True)) <= surnames
    assert not JobSeeker.objects.exclude(email="").exclude(email__endswith="@example.org").exists()
    for business_id in Employer.objects.values_list("business_id", flat=True):
        assert ytunnus.is_valid(business_id)
        assert business_id.startswith("9")
    names = list(Employer.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)


def test_most_searches_are_open_and_each_person_has_one_at_most(area: Generated) -> None:
    open_spells = Q(spells__ended_on=None)
    counts = Counter(JobSeeker.objects.annotate(n=Count("spells", filter=open_spells)).values_list("n", flat=True))
    assert set(counts) == {0, 1}
    assert _share(counts[1], area.seekers) == pytest.approx(0.9, abs=0.02)
    assert not RegistrationSpell.objects.filter(started_on__gt=AS_OF).exists()
    assert not RegistrationSpell.objects.filter(ended_on__gt=AS_OF).exists()
    in_service = RegistrationSpell.objects.filter(full_time_service=True)
    assert in_service.exists()
    assert not in_service.exclude(status=SpellStatus.IN_SERVICE).exists()


def test_what_is_known_and_what_is_not(area: Generated) -> None:
    seekers = JobSeeker.objects.all()
    shares = {
        "languages asked": (seekers.filter(languages_complete=True), 0.7),
        "licences asked": (seekers.filter(licences_complete=True), 0.7),
        "cards asked": (seekers.filter(cards_complete=True), 0.7),
        "way to work unknown": (seekers.filter(max_travel_minutes=None), 0.08),
        "ready to move": (seekers.filter(ready_to_move=True), 0.06),
        "start unknown": (seekers.filter(available_now=False, available_from=None), 0.25),
        "paused": (seekers.exclude(matching_paused_at=None), 0.02),
    }
    for what, (chosen, share) in shares.items():
        assert _share(chosen.count(), area.seekers) == pytest.approx(share, abs=0.025), what
    mother_tongue = seekers.filter(languages_held__level="L1", languages_held__language__code="fi").count()
    assert _share(mother_tongue, area.seekers) == pytest.approx(0.88, abs=0.02)


def test_lists_are_as_long_as_they_should_be(area: Generated) -> None:
    coded = JobSeeker.objects.exclude(wishes=None)
    skills = list(coded.annotate(n=Count("skills_held", distinct=True)).values_list("n", flat=True))
    assert (min(skills), max(skills)) == (3, 25)
    periods = set(JobSeeker.objects.annotate(n=Count("work_history")).values_list("n", flat=True))
    assert periods == set(range(7))
    required = Counter(Vacancy.objects.annotate(n=Count("required_skills")).values_list("n", flat=True))
    assert set(required) == {0, *range(3, 11)}
    assert required[0] < 130


def test_work_is_mostly_what_is_wished(area: Generated) -> None:
    work = WorkPeriod.objects.exclude(occupation=None)
    same = work.filter(occupation__in=F("seeker__occupations_wished")).values("pk").distinct().count()
    assert 0.55 < _share(same, work.count()) < 0.9
    for seeker in JobSeeker.objects.prefetch_related("work_history").order_by("pk")[:500]:
        periods = sorted(seeker.work_history.all(), key=lambda period: period.started_on)
        for earlier, later in pairwise(periods):
            assert earlier.ended_on is not None
            assert earlier.ended_on <= later.started_on
        assert all(period.started_on >= seeker.birth_date + timedelta(days=15 * 365) for period in periods)


def test_coaches_are_case_workers_and_hidden_people_have_a_named_worker(area: Generated) -> None:
    coaches = User.objects.filter(memberships__role="case_worker")
    assert not JobSeeker.objects.exclude(coach=None).exclude(coach__in=coaches).exists()
    assert JobSeeker.objects.filter(coach=None).count() < 200
    hidden = JobSeeker.objects.filter(non_disclosure=True)
    assert 1 <= hidden.count() <= 25
    for named in NamedWorker.objects.select_related("seeker"):
        assert named.seeker.non_disclosure
        assert named.user_id == named.seeker.coach_id
    assert not hidden.exclude(email="").exists()


def test_cards_and_licences_go_with_the_work(area: Generated) -> None:
    welders = Vacancy.objects.filter(occupations__isco="7212").distinct()
    cooks = Vacancy.objects.filter(occupations__isco="5120").distinct()
    assert welders.filter(cards__code="075").count() > welders.count() / 3
    assert cooks.filter(cards__code="022").count() > cooks.count() / 3
    assert not cooks.filter(cards__code="075").exists()
    drivers = JobSeeker.objects.filter(wishes__order=1, wishes__occupation__isco="8332", licences_complete=True)
    assert drivers.filter(licences_held__licence__code__in=("C1C", "C1ECE")).exists()


def test_vacancies_stand_around_the_day(area: Generated) -> None:
    states = Counter(Vacancy.objects.values_list("state", flat=True))
    assert states[VacancyState.PUBLISHED] > 850
    assert set(states) == {"published", "filled", "closed", "draft", "paused"}
    assert Vacancy.objects.open(AS_OF).count() > 820
    assert not Vacancy.objects.filter(published_at__date__gt=AS_OF).exists()
    assert not Vacancy.objects.filter(state__in=("filled", "closed"), closed_at=None).exists()
    places = Counter(Vacancy.objects.values_list("municipalities__country", flat=True))
    assert places["FI"] > 0.85 * places.total()
    assert 5 <= places["SE"] <= 120
    assert _share(Vacancy.objects.filter(remote=True).count(), area.vacancies) == pytest.approx(0.05, abs=0.02)


def test_every_vacancy_tells_about_itself_in_finnish(area: Generated) -> None:
    for text in ("title_fi", "summary_fi", "description_fi"):
        assert not Vacancy.objects.filter(**{text: ""}).exists()
    swedish = Vacancy.objects.exclude(title_sv="")
    assert 100 < swedish.count() < 300
    assert not swedish.filter(description_sv="").exists()


@pytest.mark.slow
def test_same_seed_gives_the_same_area_and_another_seed_another(area: Generated) -> None:
    first = area_digests()
    generate_area(Size.S, SEED, AS_OF, replace=True)
    assert area_digests() == first
    generate_area(Size.S, SEED + 1, AS_OF, replace=True)
    other = area_digests()
    assert [table for table in first if first[table] == other[table]] == []


def _definitions() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


@pytest.mark.slow
def test_indexes_and_constraints_are_all_there_again(area: Generated) -> None:
    before = _definitions()
    generate_area(Size.S, SEED, AS_OF, replace=True)
    assert _definitions() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
def test_ids_go_on_after_a_replacement(area: Generated) -> None:
    highest = max(JobSeeker.objects.values_list("pk", flat=True))
    generate_area(Size.S, SEED, AS_OF, replace=True)
    assert min(JobSeeker.objects.values_list("pk", flat=True)) > highest
    saved = JobSeekerFactory()
    assert saved.pk > max(JobSeeker.objects.exclude(pk=saved.pk).values_list("pk", flat=True))


def test_a_second_call_refuses_and_says_what_helps(area: Generated) -> None:
    with pytest.raises(CommandError, match=r"There are 4,000 jobseekers and 1,000 vacancies already\. Add --replace"):
        call_command("generate_area", seed=1, stdout=StringIO())


@pytest.mark.parametrize("real", ["seeker", "unnamed seeker", "vacancy"])
def test_real_people_and_vacancies_are_never_deleted(area: Generated, real: str) -> None:
    if real == "vacancy":
        VacancyFactory(employer=EmployerFactory(area=JobSeeker.objects.order_by("pk")[0].area))
    else:
        JobSeekerFactory(source_id="from-the-register" if real == "seeker" else None)
    with pytest.raises(NotEmpty, match="were not generated"):
        generate_area(Size.S, SEED, AS_OF, replace=True)
    assert Vacancy.objects.filter(source=VacancySource.DEMO).count() == 1_000


@pytest.mark.slow
def test_command_tells_steps_with_times_and_ends_with_json(area: Generated) -> None:
    out = StringIO()
    call_command("generate_area", size="S", seed=3, as_of=date(2026, 3, 1), replace=True, json=True, stdout=out)
    *steps, told = out.getvalue().splitlines()
    assert all(step.endswith(" s)") for step in steps)
    assert '"as_of": "2026-03-01"' in told
    assert not RegistrationSpell.objects.filter(started_on__gt=date(2026, 3, 1)).exists()


@pytest.mark.django_db
def test_nothing_loaded_is_said_plainly() -> None:
    with pytest.raises(NotReady, match="load_builtin"):
        generate_area(Size.S, SEED, AS_OF)
    with pytest.raises(CommandError, match="Give a seed from 0 up"):
        call_command("generate_area", seed=-1, stdout=StringIO())
