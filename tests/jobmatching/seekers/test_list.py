"""The list of jobseekers: whose, narrowed how, in which order, and what never shows."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker
from jobmatching.seekers.enums import SpellStatus
from jobmatching.seekers.filters import years_before
from jobmatching.seekers.services import pause_matching
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.classifications.models import EmploymentArea, SearchTerm
from tests.factories import (
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    NamedWorkerFactory,
    OccupationFactory,
    RegistrationSpellFactory,
    with_role,
)

LIST = reverse("seekers:list")


def shown(client: Client, query: str = "scope=area") -> list[str]:
    """Last names in the order of the list."""
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return [seeker.last_name for seeker in response.context["page_obj"]]


def names(*seekers: JobSeeker) -> list[str]:
    return [seeker.last_name for seeker in seekers]


# --- Whose -----------------------------------------------------------------------------------------------------------
def test_a_coach_starts_from_the_own_jobseekers_and_a_team_lead_from_the_area(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    own = JobSeekerFactory(area=area, coach=coach, last_name="Aalto")
    colleagues = JobSeekerFactory(area=area, last_name="Ekola")
    JobSeekerFactory(last_name="Muualta")
    assert shown(signed_in, "") == names(own)
    assert shown(signed_in) == names(own, colleagues)
    signed_in.force_login(with_role(Role.TEAM_LEAD, area))
    assert shown(signed_in, "") == names(own, colleagues)
    assert shown(signed_in, "scope=own") == []


def test_the_switch_tells_how_many_open_searches_there_are(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    JobSeekerFactory(area=area, coach=coach)
    JobSeekerFactory(area=area)
    JobSeekerFactory(area=area, coach=coach, spell=False)
    scopes = signed_in.get(f"{LIST}?age=under30").context["scopes"]
    assert [(choice.count, choice.current) for choice in scopes] == [(1, True), (2, False)]


def test_nobody_under_non_disclosure_leaves_a_trace_but_for_the_named_worker(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    home = MunicipalityFactory(name_fi="Piilola")
    hidden = JobSeekerFactory(area=area, home=home, hidden=True, last_name="Salainen")
    response = signed_in.get(f"{LIST}?scope=area")
    assert "Salainen" not in response.content.decode()
    assert response.context["listing"].counts == {"own": 0, "area": 0}

    NamedWorkerFactory(seeker=hidden, user=coach)
    page = signed_in.get(f"{LIST}?scope=area").content.decode()
    assert "Salainen" in page
    assert "Turvakielto" in page or "Non-disclosure" in page
    assert "Piilola" not in page
    neighbour = JobSeekerFactory(area=area, home=home)
    assert shown(signed_in, f"scope=area&municipality={home.code}") == names(neighbour)


def test_a_home_that_is_not_shown_does_not_give_itself_away_by_the_order(
    signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    first, last = MunicipalityFactory(name_fi="Aapa"), MunicipalityFactory(name_fi="Öinen")
    hidden = JobSeekerFactory(area=area, home=first, hidden=True)
    NamedWorkerFactory(seeker=hidden, user=coach)
    seen = JobSeekerFactory(area=area, home=last)
    assert shown(signed_in, "scope=area&order=municipality") == names(seen, hidden)
    assert shown(signed_in, "scope=area&order=-municipality") == names(seen, hidden)


# --- Filters ---------------------------------------------------------------------------------------------------------
def test_only_open_searches_are_listed_unless_a_situation_is_chosen(signed_in: Client, area: EmploymentArea) -> None:
    seeking = JobSeekerFactory(area=area, last_name="A")
    ended = JobSeekerFactory(area=area, last_name="B", spell__ended_on=timezone.localdate())
    laid_off = JobSeekerFactory(area=area, last_name="C", spell__status=SpellStatus.LAID_OFF)
    assert shown(signed_in) == names(seeking, laid_off)
    assert shown(signed_in, "scope=area&situation=laid_off") == names(laid_off)
    assert shown(signed_in, "scope=area&situation=ended") == names(ended)
    assert shown(signed_in, "scope=area&situation=ended&situation=unemployed") == names(seeking, ended)


def test_by_municipality_with_counts(signed_in: Client, area: EmploymentArea) -> None:
    kemi, tornio = MunicipalityFactory(code="240", name_fi="Kemi"), MunicipalityFactory(code="851", name_fi="Tornio")
    here, _there = JobSeekerFactory(area=area, home=kemi), JobSeekerFactory(area=area, home=tornio)
    assert shown(signed_in, "scope=area&municipality=240") == names(here)
    choices = signed_in.get(f"{LIST}?scope=area").context["filter"].form.fields["municipality"].choices
    assert [(code, label.words) for code, label in choices] == [("240", "Kemi"), ("851", "Tornio")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hitsaaja", ["A"]),
        ("SVETS", ["A"]),
        ("levy hitsaaja", ["A"]),
        ("7212", ["A"]),
        ("72", ["A", "B"]),
        ("kokki", []),
    ],
)
def test_by_occupation_wished_in_words_or_by_code(
    signed_in: Client, area: EmploymentArea, typed: str, found: list[str]
) -> None:
    welder, fitter = OccupationFactory(isco="7212"), OccupationFactory(isco="7233")
    for language, text in (("fi", "levyseppa hitsaaja"), ("sv", "svetsare")):
        SearchTerm.objects.create(
            occupation=welder, scheme=Scheme.DEMO, language=language, preferred=True, text=text, folded=text
        )
    JobSeekerFactory(area=area, last_name="A", wishes=[welder])
    JobSeekerFactory(area=area, last_name="B", wishes=[fitter])
    assert shown(signed_in, f"scope=area&occupation={typed}") == found


def test_by_the_length_of_the_search(signed_in: Client, area: EmploymentArea) -> None:
    today = timezone.localdate()
    JobSeekerFactory(area=area, last_name="New", spell__started_on=today - timedelta(days=10))
    JobSeekerFactory(area=area, last_name="Mid", spell__started_on=today - timedelta(days=200))
    JobSeekerFactory(area=area, last_name="Old", spell__started_on=today - timedelta(days=400))
    laid_off = JobSeekerFactory(area=area, last_name="Laid off", spell=False)
    RegistrationSpellFactory(seeker=laid_off, status=SpellStatus.LAID_OFF, started_on=today - timedelta(days=400))
    changed = JobSeekerFactory(area=area, last_name="Changed", spell=False)
    RegistrationSpellFactory(
        seeker=changed, status=SpellStatus.EMPLOYED, started_on=today - timedelta(days=90), ended_on=today
    )
    RegistrationSpellFactory(seeker=changed, started_on=today)
    assert shown(signed_in, "scope=area&span=new") == ["New"]
    assert shown(signed_in, "scope=area&span=year") == ["Old"]
    assert shown(signed_in, "scope=area&span=new&span=year") == ["New", "Old"]


# Spells of one person: situation, day of the start and first day no longer in it, counted back from the day asked for.
SPELLS: dict[str, tuple[list[tuple[SpellStatus, int, int | None]], bool]] = {
    "one": ([(SpellStatus.UNEMPLOYED, 365, None)], True),
    "a day too short": ([(SpellStatus.UNEMPLOYED, 364, None)], False),
    "the next from the day of the end on": (
        [(SpellStatus.UNEMPLOYED, 400, 90), (SpellStatus.UNEMPLOYED, 90, None)],
        True,
    ),
    "the next from the day after on": ([(SpellStatus.UNEMPLOYED, 400, 90), (SpellStatus.UNEMPLOYED, 89, None)], True),
    "a day between": ([(SpellStatus.UNEMPLOYED, 400, 90), (SpellStatus.UNEMPLOYED, 88, None)], False),
    "a day of work between": (
        [(SpellStatus.UNEMPLOYED, 400, 90), (SpellStatus.EMPLOYED, 90, 89), (SpellStatus.UNEMPLOYED, 89, None)],
        False,
    ),
    "three in a row": (
        [(SpellStatus.UNEMPLOYED, 380, 200), (SpellStatus.UNEMPLOYED, 200, 30), (SpellStatus.UNEMPLOYED, 30, None)],
        True,
    ),
    "a break before the year began": (
        [(SpellStatus.UNEMPLOYED, 900, 500), (SpellStatus.STUDYING, 500, 365), (SpellStatus.UNEMPLOYED, 365, None)],
        True,
    ),
    "no longer": ([(SpellStatus.UNEMPLOYED, 400, 0)], False),
    "in another situation now": ([(SpellStatus.UNEMPLOYED, 400, 1), (SpellStatus.LAID_OFF, 1, None)], False),
    "never": ([], False),
}


@pytest.mark.parametrize("name", SPELLS)
def test_unemployed_for_a_year_without_a_break(signed_in: Client, area: EmploymentArea, name: str) -> None:
    day = date(2026, 11, 21)
    spells, long_enough = SPELLS[name]
    person = JobSeekerFactory(area=area, spell=False)
    another = JobSeekerFactory(area=area, spell=False)
    RegistrationSpellFactory(seeker=another, started_on=day - timedelta(days=5000), ended_on=day - timedelta(days=1))
    for status, started, ended in spells:
        RegistrationSpellFactory(
            seeker=person,
            status=status,
            started_on=day - timedelta(days=started),
            ended_on=None if ended is None else day - timedelta(days=ended),
        )

    found = JobSeeker.objects.unemployed_since(day, day - timedelta(days=365))

    assert list(found.order_by("pk")) == ([person] if long_enough else [])
    with time_machine.travel(day, tick=False):
        assert shown(signed_in, "scope=area&span=year") == (names(person) if long_enough else [])


def test_by_age(signed_in: Client, area: EmploymentArea) -> None:
    today = timezone.localdate()

    def aged(name: str, born: date) -> None:
        JobSeekerFactory(area=area, last_name=name, birth_date=born)

    aged("30 today", years_before(today, 30))
    aged("30 tomorrow", years_before(today, 30) + timedelta(days=1))
    aged("55 today", years_before(today, 55))
    aged("55 tomorrow", years_before(today, 55) + timedelta(days=1))
    assert shown(signed_in, "scope=area&age=under30") == ["30 tomorrow"]
    assert shown(signed_in, "scope=area&age=over54") == ["55 today"]
    assert shown(signed_in, "scope=area&age=over54&age=under30") == ["30 tomorrow", "55 today"]


def test_by_readiness_language_pause_and_coach(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    JobSeekerFactory(area=area, last_name="Moves", ready_to_move=True, coach=coach)
    JobSeekerFactory(area=area, last_name="Swedish", service_language=LanguageFactory(code="sv"), coach=coach)
    JobSeekerFactory(area=area, last_name="Paused", paused=True, coach=coach)
    JobSeekerFactory(area=area, last_name="Alone")
    assert shown(signed_in, "scope=area&moves=on") == ["Moves"]
    assert shown(signed_in, "scope=area&language=sv") == ["Swedish"]
    assert shown(signed_in, "scope=area&paused=on") == ["Paused"]
    assert shown(signed_in, "scope=area&uncoached=on") == ["Alone"]


def test_a_value_that_is_no_choice_narrows_nothing_and_is_told(signed_in: Client, area: EmploymentArea) -> None:
    seeker = JobSeekerFactory(area=area)
    response = signed_in.get(f"{LIST}?scope=area&age=ancient")
    assert [one.pk for one in response.context["page_obj"]] == [seeker.pk]
    assert "k-err" in response.content.decode()
    assert response.context["chips"] == []


def test_each_filter_in_force_has_a_chip_that_takes_it_away(signed_in: Client, area: EmploymentArea) -> None:
    home = MunicipalityFactory(name_fi="Kemi", name_sv="Kemi", name_en="Kemi")
    JobSeekerFactory(area=area, home=home)
    query = f"scope=area&municipality={home.code}&age=under30&age=over54&moves=on&occupation=kokki&page=3"
    chips = signed_in.get(f"{LIST}?{query}").context["chips"]
    assert chips[0].label == "Kemi"
    assert len(chips) == 5
    left = parse_qs(chips[0].remove_url.removeprefix("?"))
    assert left == {"scope": ["area"], "age": ["under30", "over54"], "moves": ["on"], "occupation": ["kokki"]}
    ages = [parse_qs(chip.remove_url[1:]).get("age") for chip in chips]
    assert ["over54"] in ages
    assert ["under30"] in ages


# --- Words for a name ------------------------------------------------------------------------------------------------
def find(client: Client, typed: str, **posted: Any) -> str:
    """Post words; return the address that the list then has."""
    response = client.post(reverse("seekers:search"), {"q": typed, **posted})
    assert response.status_code == 302
    return str(response.headers["Location"])


def test_a_name_is_found_and_never_stands_in_an_address(signed_in: Client, coach: User, area: EmploymentArea) -> None:
    wanted = JobSeekerFactory(area=area, coach=coach, first_name="Äijö", last_name="Väliheikki")
    JobSeekerFactory(area=area, coach=coach, first_name="Muu", last_name="Henkilö")
    address = find(signed_in, "  VÄLI   äijö ", filters="scope=own&age=under30&page=4&s=old")
    assert "v%C3%A4li" not in address.lower()
    query = parse_qs(urlparse(address).query)
    assert set(query) == {"scope", "age", "s"}
    response = signed_in.get(address.replace("&age=under30", "").replace("age=under30&", ""))
    assert [seeker.pk for seeker in response.context["page_obj"]] == [wanted.pk]
    chip = response.context["chips"][0]
    assert "VÄLI äijö" in chip.label
    assert "s" not in parse_qs(chip.remove_url[1:])
    # Filters, orders and pages keep the key, and nothing else.
    assert "li äijö" not in "".join(
        part for part in response.content.decode().split('"') if part.startswith(("?", "/"))
    )


def test_a_search_from_the_bar_goes_over_the_whole_area(signed_in: Client, area: EmploymentArea) -> None:
    seeker = JobSeekerFactory(area=area, last_name="Kollega")
    address = find(signed_in, "kollega")
    assert [one.pk for one in signed_in.get(address).context["page_obj"]] == [seeker.pk]
    page = signed_in.get(LIST).content.decode()
    assert f'action="{reverse("seekers:search")}" method="post"' in page


def test_an_empty_search_leaves_no_key(signed_in: Client) -> None:
    assert "s=" not in find(signed_in, "   ", filters="scope=own&s=old").replace("scope=", "")


def test_words_are_known_to_their_own_session_alone(signed_in: Client, area: EmploymentArea) -> None:
    address = find(signed_in, "Kuka")
    other = Client()
    other.force_login(with_role(Role.CASE_WORKER, area))
    response = other.get(address)
    assert response.context["listing"].words == ""
    assert response.context["listing"].words_lost


def test_a_name_in_the_address_is_not_read(signed_in: Client, area: EmploymentArea) -> None:
    seeker = JobSeekerFactory(area=area, last_name="Aalto")
    assert shown(signed_in, "scope=area&q=Ekola") == names(seeker)


def test_the_session_keeps_only_the_latest_words(signed_in: Client) -> None:
    for number in range(25):
        find(signed_in, f"nimi {number}")
    kept = list(signed_in.session["searched.words"].values())
    assert kept == [f"nimi {number}" for number in range(5, 25)]


# --- Order and pages -------------------------------------------------------------------------------------------------
def test_by_name_in_finnish_order_both_ways(signed_in: Client, area: EmploymentArea) -> None:
    for name in ("Öhman", "Zola", "Ärje", "Åman", "aalto"):
        JobSeekerFactory(area=area, last_name=name)
    in_order = ["aalto", "Zola", "Åman", "Ärje", "Öhman"]
    assert shown(signed_in) == in_order
    assert shown(signed_in, "scope=area&order=-name") == in_order[::-1]
    assert shown(signed_in, "scope=area&order=birth_date") == in_order


def test_by_time_in_the_situation_those_without_one_last(signed_in: Client, area: EmploymentArea) -> None:
    today = timezone.localdate()
    JobSeekerFactory(area=area, last_name="Short", spell__started_on=today - timedelta(days=5))
    JobSeekerFactory(area=area, last_name="Long", spell__started_on=today - timedelta(days=500))
    JobSeekerFactory(area=area, last_name="Ended", spell=False)
    everybody = "scope=area&situation=unemployed&situation=ended&order="
    assert shown(signed_in, everybody + "since") == ["Long", "Short", "Ended"]
    assert shown(signed_in, everybody + "-since") == ["Short", "Long", "Ended"]
    headings = signed_in.get(f"{LIST}?{everybody}since").context["headings"]
    ordered = [heading for heading in headings if heading.direction]
    assert [heading.direction for heading in ordered] == ["ascending"]
    assert "order=-since" in ordered[0].url


def test_twenty_five_rows_a_page_with_a_bounded_number_of_queries(signed_in: Client, area: EmploymentArea) -> None:
    occupation = OccupationFactory()
    for _number in range(30):
        JobSeekerFactory(area=area, wishes=[occupation], coach=with_role(Role.CASE_WORKER, area))
    signed_in.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        response = signed_in.get(f"{LIST}?scope=area")
    assert len([one for one in captured if "SAVEPOINT" not in one["sql"]]) <= 13
    assert len(response.context["page_obj"]) == 25
    assert len(shown(signed_in, "scope=area&page=2")) == 5


def test_an_empty_list_tells_what_to_do(signed_in: Client) -> None:
    assert "scope=area" in empty_note(signed_in.get(LIST).content.decode())
    JobSeekerFactory()
    assert "situation=ended" in empty_note(signed_in.get(f"{LIST}?age=under30").content.decode())


def empty_note(page: str) -> str:
    """What stands in the place of the table."""
    return page[page.index('class="k-note') :]


def test_a_paused_matching_is_seen_in_the_list(signed_in: Client, area: EmploymentArea) -> None:
    seeker = JobSeekerFactory(area=area)
    assert "k-tag is-warn" not in signed_in.get(f"{LIST}?scope=area").content.decode()
    pause_matching(seeker.pk, "asked for it")
    assert "k-tag is-warn" in signed_in.get(f"{LIST}?scope=area").content.decode()


def test_the_list_never_fetches_the_identity_code(signed_in: Client, area: EmploymentArea) -> None:
    JobSeekerFactory(area=area)
    rows: Iterable[JobSeeker] = signed_in.get(f"{LIST}?scope=area").context["page_obj"]
    assert all("identity_code" in row.get_deferred_fields() for row in rows)


@pytest.mark.parametrize(
    ("query", "found"),
    [("scope=area", 3), ("scope=own", 1), ("scope=area&uncoached=on", 2), ("scope=area&situation=ended", 1)],
)
def test_the_list_counts_what_was_asked_for(
    query: str, found: int, signed_in: Client, coach: User, area: EmploymentArea
) -> None:
    """The count that the page has for its tabs is taken for the list only where nothing narrows it."""
    JobSeekerFactory(area=area, coach=coach)
    JobSeekerFactory.create_batch(2, area=area)
    JobSeekerFactory()
    RegistrationSpellFactory(
        seeker=JobSeekerFactory(area=area, spell=False), started_on=date(2025, 1, 1), ended_on=date(2025, 2, 1)
    )
    page = signed_in.get(f"{LIST}?{query}").context["page_obj"]
    assert page.paginator.count == len(page) == found
