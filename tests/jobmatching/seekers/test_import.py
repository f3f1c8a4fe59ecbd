"""Jobseekers from a file: what a row brings, what is refused and how it is told, and who sees what of it."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import JobSeeker, RegistrationSpell
from jobmatching.nightly.models import SeekerVector
from jobmatching.nightly.rules_versions import draft
from jobmatching.seekers.enums import KnownBy
from jobmatching.seekers.importing import kept
from jobmatching.seekers.imports import SeekerResource, column_names, with_lists
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.classifications.models import EmploymentArea
from portal.privacy.identity import blind_index, decrypt
from tests.factories import (
    JobSeekerFactory,
    MunicipalityFactory,
    RoleMembershipFactory,
    with_role,
)
from tests.jobmatching.seekers.sheets import (
    CHECK,
    CODE,
    IMPORT,
    Cells,
    as_csv,
    as_xlsx,
    checked,
    choose,
    errors,
    messages,
    person,
    taken_in,
    token_of,
)

pytestmark = pytest.mark.usefixtures("registers")


# --- What a row brings -------------------------------------------------------------------------------------------
def test_a_row_brings_the_whole_profile(signed_in: Client, area: EmploymentArea, whole: Cells) -> None:
    response = taken_in(signed_in, whole)
    assert response.headers["Location"] == f"{reverse('seekers:list')}?scope=area"
    seeker = JobSeeker.objects.get(source_id="A-1")
    assert (seeker.area, seeker.name, seeker.birth_date) == (area, "Aino Kokeilija", date(1990, 1, 1))
    assert decrypt(seeker.identity_code) == CODE
    assert seeker.identity_index == blind_index(CODE)
    assert seeker.home.code == "047"
    assert (seeker.email, seeker.phone) == ("aino@example.org", "+358 40 123 4567")
    assert seeker.service_language.code == "sv"
    assert [wish.occupation.code for wish in seeker.wishes.order_by("order")] == ["7221.1", "7212.1"]
    assert (seeker.max_travel_minutes, seeker.own_car, seeker.ready_to_move) == (60, True, False)
    assert (seeker.available_from, seeker.available_now) == (date(2026, 12, 31), False)
    assert set(seeker.languages_held.values_list("language__code", "level")) == {("sv", "L1"), ("fi", "B2")}
    assert set(seeker.licences_held.values_list("licence__code", flat=True)) == {"B", "C1C"}
    assert set(seeker.cards_held.values_list("card__code", flat=True)) == {"013", "022"}
    assert seeker.education_level.code == "32"
    [spell] = seeker.spells.all()
    assert (spell.status, spell.started_on, spell.ended_on) == ("unemployed", date(2026, 1, 15), None)


def test_what_was_brought_and_given_out_again_changes_nothing(
    signed_in: Client, area: EmploymentArea, coach: User, whole: Cells
) -> None:
    taken_in(signed_in, whole, person(2), person(3, available_from="now", languages="en:"))
    people = with_lists(JobSeeker.objects.visible_to(coach)).order_by("pk")
    exported = SeekerResource(coach, area, timezone.localdate()).export(people).export("csv")
    assert "998V" not in exported
    before = list(JobSeeker.objects.order_by("pk").values())
    response = signed_in.get(CHECK, {kept.PARAMETER: token_of(choose(signed_in, exported.encode()))})
    assert not errors(response)
    outcome = response.context["outcome"]
    assert (outcome.unchanged, outcome.new, outcome.changed) == (3, 0, 0)
    taken_in(signed_in, *csv.DictReader(io.StringIO(exported)))
    assert list(JobSeeker.objects.order_by("pk").values()) == before


def test_the_template_can_be_taken_in_as_it_is(signed_in: Client, area: EmploymentArea) -> None:
    MunicipalityFactory(code="240", area=area)
    template = signed_in.get(reverse("seekers:import_template"))
    [row] = csv.DictReader(io.StringIO(template.content.decode("utf-8-sig")), delimiter=";")
    assert list(row) == column_names()
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    response = signed_in.get(CHECK, {kept.PARAMETER: token_of(choose(signed_in, template.content))})
    assert not errors(response)
    assert response.context["outcome"].new == 1


def test_a_spreadsheet_brings_days_numbers_and_ticks_as_they_are(signed_in: Client) -> None:
    row = {**person(), "birth_date": datetime(1990, 1, 1), "max_travel_minutes": 45.0, "own_car": True, "cards": 22}  # noqa: DTZ001  spreadsheets know no time zones
    signed_in.post(CHECK, {kept.PARAMETER: token_of(choose(signed_in, as_xlsx({**row, "home_municipality": 47})))})
    seeker = JobSeeker.objects.get()
    assert (seeker.birth_date, seeker.max_travel_minutes, seeker.own_car) == (date(1990, 1, 1), 45, True)
    assert seeker.home.code == "047"
    assert seeker.cards_held.get().card.code == "022"


def test_a_column_left_out_changes_nothing_and_an_empty_cell_empties(
    signed_in: Client, area: EmploymentArea, whole: Cells
) -> None:
    taken_in(signed_in, whole)
    taken_in(signed_in, person(last_name="Uusi"))
    seeker = JobSeeker.objects.get()
    assert (seeker.last_name, seeker.email, seeker.wishes.count()) == ("Uusi", "aino@example.org", 2)
    taken_in(signed_in, {**dict.fromkeys(whole, ""), **person(last_name="Uusi")})
    seeker = JobSeeker.objects.get()
    assert (seeker.email, seeker.own_car, seeker.home, seeker.wishes.count()) == ("", None, None, 0)
    assert seeker.identity_index == blind_index(CODE)
    assert seeker.spells.count() == 1


def test_lists_keep_what_is_known_of_the_rows_that_stay(signed_in: Client, area: EmploymentArea, whole: Cells) -> None:
    taken_in(signed_in, whole)
    seeker = JobSeeker.objects.get()
    seeker.cards_held.filter(card__code="022").update(known_by=KnownBy.SEEN, valid_until=date(2028, 1, 1))
    taken_in(signed_in, person(cards="022", occupations="7212.1;7221.1", languages="fi:C1;sv:L1"))
    card = seeker.cards_held.get()
    assert (card.card.code, card.known_by, card.valid_until) == ("022", "seen", date(2028, 1, 1))
    assert [wish.occupation.code for wish in seeker.wishes.order_by("order")] == ["7212.1", "7221.1"]
    assert set(seeker.languages_held.values_list("language__code", "level")) == {("sv", "L1"), ("fi", "C1")}


@pytest.mark.parametrize("cells", [{"own_car": "yes"}, {"languages": "fi:B2"}, {"cards": ""}], ids=str)
def test_the_night_sees_what_a_file_has_changed(signed_in: Client, area: EmploymentArea, cells: Cells) -> None:
    taken_in(signed_in, person(own_car="no", languages="fi:A1", cards="022"))
    seeker, today = JobSeeker.objects.get(), timezone.localdate()
    SeekerVector.objects.create(
        seeker=seeker, rules=draft(Scheme.DEMO), data=b"", built_for=today, stale_on=today + timedelta(days=9)
    )
    taken_in(signed_in, person(own_car="no", languages="fi:A1", cards="022"))
    assert not SeekerVector.objects.get().dirty
    taken_in(signed_in, person(**cells))
    assert SeekerVector.objects.get().dirty


def test_a_new_situation_ends_the_earlier_one(signed_in: Client, area: EmploymentArea) -> None:
    taken_in(signed_in, person(registered_on="2026-01-15", situation="unemployed"))
    taken_in(signed_in, person(registered_on="2026-03-01", situation="Työssä"))
    spells = list(RegistrationSpell.objects.order_by("started_on").values_list("status", "started_on", "ended_on"))
    march = date(2026, 3, 1)
    assert spells == [("unemployed", date(2026, 1, 15), march), ("employed", march, None)]
    taken_in(signed_in, person(registered_on="2026-03-01", situation="studying"))
    assert RegistrationSpell.objects.get(ended_on=None).status == "studying"
    assert errors(checked(signed_in, person(registered_on="2026-02-01", situation="employed"))) == [
        (2, "registered_on")
    ]


def test_the_check_shows_what_changes_and_for_whom(signed_in: Client, area: EmploymentArea) -> None:
    taken_in(signed_in, person(1), person(2))
    response = checked(signed_in, person(1), person(2, email="new@example.org"), person(3, first_name="Eino"))
    outcome = response.context["outcome"]
    assert (outcome.unchanged, outcome.new, outcome.changed) == (1, 1, 1)
    changed, new = outcome.changes
    assert (changed.number, changed.source_id, changed.labels) == (3, "A-2", ("Sähköpostiosoite",))
    assert (new.number, new.seeker, new.new) == (4, "Eino Kokeilija", True)
    assert "Eino Kokeilija" in response.content.decode()


# --- What is refused, row by row ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("source_id", ""),
        ("source_id", "x" * 81),
        ("first_name", ""),
        ("last_name", "=HYPERLINK(1)"),
        ("last_name", "'=1+1"),
        ("last_name", "Zero\u200bwidth"),
        ("birth_date", ""),
        ("birth_date", "32.1.1990"),
        ("birth_date", "1890-01-01"),
        ("birth_date", "2090-01-01"),
        ("identity_code", "010190-9999"),
        ("identity_code", "131052-308T"),
        ("home_municipality", "Ei ole"),
        ("email", "no address"),
        ("phone", "call me"),
        ("service_language", "xx"),
        ("occupations", "7212.1;nothing"),
        ("max_travel_minutes", "an hour"),
        ("max_travel_minutes", "601"),
        ("own_car", "perhaps"),
        ("ready_to_move", "perhaps"),
        ("available_from", "soon"),
        ("languages", "fi"),
        ("languages", "fi:B7"),
        ("languages", "xx:B2"),
        ("languages", "fi:B2;fi:C1"),
        ("licences", "Q"),
        ("cards", "999"),
        ("education_level", "doctor"),
        ("registered_on", "2026-01-15"),
        ("registered_on", "2090-01-15"),
        ("situation", "resting"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(signed_in: Client, column: str, told: str) -> None:
    response = checked(signed_in, person(1), person(2, **{column: told}))
    assert errors(response) == [(3, column)]
    [error] = response.context["outcome"].errors
    assert error.message
    assert error.label
    assert 'name="forget"' in response.content.decode()
    assert JobSeeker.objects.count() == 0


def test_a_situation_alone_needs_its_day(signed_in: Client) -> None:
    assert errors(checked(signed_in, person(situation="unemployed"))) == [(2, "registered_on")]


def test_all_errors_of_a_row_come_at_once(signed_in: Client) -> None:
    response = checked(signed_in, person(first_name="", email="x", languages="y"))
    assert {column for _row, column in errors(response)} == {"first_name", "email", "languages"}


def test_the_same_person_twice_is_an_error_of_both_rows(signed_in: Client) -> None:
    assert errors(checked(signed_in, person(1), person(1))) == [(2, "source_id"), (3, "source_id")]
    response = checked(signed_in, person(1, identity_code=CODE), person(2, identity_code=CODE.lower()))
    assert errors(response) == [(2, "identity_code"), (3, "identity_code")]


def test_nothing_goes_in_when_one_row_is_wrong(signed_in: Client) -> None:
    token = token_of(choose(signed_in, as_csv(person(1), person(2, email="x"))))
    response = signed_in.post(CHECK, {kept.PARAMETER: token}, follow=True)
    assert JobSeeker.objects.count() == 0
    assert errors(response) == [(3, "email")]  # the file is still there, under another token
    assert token not in response.redirect_chain[0][0]


def test_nothing_stays_when_the_database_refuses_a_row(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch, area: EmploymentArea
) -> None:
    token = token_of(choose(signed_in, as_csv(person(1), person(2))))
    before_import = SeekerResource.before_import

    def overtaken(self: SeekerResource, *args: Any, **kwargs: Any) -> None:
        before_import(self, *args, **kwargs)
        JobSeekerFactory(source_id="A-2", area=area)

    monkeypatch.setattr(SeekerResource, "before_import", overtaken)
    response = signed_in.post(CHECK, {kept.PARAMETER: token})
    assert response.headers["Location"].startswith(CHECK)
    assert not JobSeeker.objects.filter(source_id="A-1").exists()


# --- The file that waits -----------------------------------------------------------------------------------------
def test_the_file_waits_for_its_user_alone(client: Client, signed_in: Client, area: EmploymentArea) -> None:
    token = token_of(choose(signed_in, as_csv(person())))
    colleague = Client()
    colleague.force_login(with_role(Role.CASE_WORKER, area))
    for answer in (colleague.get(CHECK, {kept.PARAMETER: token}), colleague.post(CHECK, {kept.PARAMETER: token})):
        assert (answer.status_code, answer.headers["Location"]) == (302, IMPORT)
    assert JobSeeker.objects.count() == 0
    assert signed_in.get(CHECK, {kept.PARAMETER: token}).status_code == 200


def test_a_confirmation_counts_once(signed_in: Client) -> None:
    token = token_of(choose(signed_in, as_csv(person())))
    assert signed_in.post(CHECK, {kept.PARAMETER: token}).headers["Location"] != IMPORT
    assert signed_in.post(CHECK, {kept.PARAMETER: token}).headers["Location"] == IMPORT
    assert JobSeeker.objects.count() == 1


def test_a_file_can_be_removed_unused(signed_in: Client) -> None:
    token = token_of(choose(signed_in, as_csv(person())))
    signed_in.post(CHECK, {kept.PARAMETER: token, "forget": "1"})
    assert signed_in.get(CHECK, {kept.PARAMETER: token}).headers["Location"] == IMPORT
    assert JobSeeker.objects.count() == 0


def test_who_loses_the_role_meanwhile_imports_nothing(signed_in: Client, coach: User) -> None:
    token = token_of(choose(signed_in, as_csv(person())))
    coach.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert signed_in.post(CHECK, {kept.PARAMETER: token}).status_code == 403
    RoleMembershipFactory(user=coach, role=Role.CASE_WORKER)
    assert signed_in.post(CHECK, {kept.PARAMETER: token}).headers["Location"] == IMPORT
    assert JobSeeker.objects.count() == 0


def test_looking_stores_nothing(signed_in: Client) -> None:
    token = token_of(choose(signed_in, as_csv(person())))
    assert signed_in.get(CHECK, {kept.PARAMETER: token}).context["outcome"].new == 1
    assert JobSeeker.objects.count() == 0


def test_names_and_codes_wait_only_encrypted(signed_in: Client, monkeypatch: pytest.MonkeyPatch, whole: Cells) -> None:
    put: list[tuple[str, bytes, int]] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout, **_: put.append((key, value, timeout)))
    choose(signed_in, as_csv(whole))
    [(key, value, seconds)] = [one for one in put if one[0].startswith("seekers.import.")]
    assert not any(CODE in f"{one}" for one in put)
    assert seconds == 1800
    assert b"Kokeilija" not in value
    assert b"998V" not in value
    assert CODE in decrypt(value)
    assert "Kokeilija" not in key


@pytest.mark.parametrize("code", [CODE, "010190-9999"], ids=["right", "wrong"])
def test_the_identity_code_is_never_shown_back(signed_in: Client, code: str) -> None:
    row = person(1, identity_code=code, email="x")
    response = checked(signed_in, row)
    assert code not in response.content.decode()
    assert code not in str(dict(signed_in.session))
    after = taken_in(signed_in, row)
    assert code not in str(dict(signed_in.session))
    assert code not in signed_in.get(after.headers["Location"]).content.decode()


def test_the_message_counts_and_names_nobody(signed_in: Client) -> None:
    told = messages(taken_in(signed_in, person(1), person(2)))
    assert "2" in told
    assert "Kokeilija" not in told


def test_a_whole_file_is_checked_with_few_queries(
    signed_in: Client, area: EmploymentArea, whole: Cells, django_assert_max_num_queries: Any
) -> None:
    rows = [{**whole, "source_id": f"A-{n}", "identity_code": ""} for n in range(30)]
    taken_in(signed_in, *rows[:15])
    token = token_of(choose(signed_in, as_csv(*rows)))
    with django_assert_max_num_queries(30 + 2 * 30 + 10):  # two savepoints a row, made by the library
        signed_in.get(CHECK, {kept.PARAMETER: token})
