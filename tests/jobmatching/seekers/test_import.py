"""Jobseekers from a file: what a row brings, what is refused and how it is told, and who sees what of it."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jobmatching.models import JobSeeker, NonDisclosureChange, RegistrationSpell
from jobmatching.nightly.models import SeekerVector
from jobmatching.nightly.rules_versions import draft
from jobmatching.seekers.enums import KnownBy
from jobmatching.seekers.importing import kept
from jobmatching.seekers.imports import SeekerResource, column_names, with_lists
from jobmatching.seekers.non_disclosure.enums import ChangeKind
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.classifications.models import EmploymentArea
from portal.outbox.models import Message
from portal.privacy.access import Action
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.identity import blind_index, decrypt
from portal.ui.limits import Limit
from tests.factories import (
    CardFactory,
    DrivingLicenceFactory,
    EducationLevelFactory,
    JobSeekerFactory,
    LanguageFactory,
    MunicipalityFactory,
    NamedWorkerFactory,
    OccupationFactory,
    RoleMembershipFactory,
    identity_fields,
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
    person,
    taken_in,
    token_of,
)
from tests.rights import restrict


def messages(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture(autouse=True)
def _registers(db: None) -> None:
    for code in ("fi", "sv", "en"):
        LanguageFactory(code=code)
    for code in ("B", "C1C"):
        DrivingLicenceFactory(code=code)
    for code in ("013", "022"):
        CardFactory(code=code)
    EducationLevelFactory(code="32")
    MunicipalityFactory(code="047", name_fi="Enontekiö", name_sv="Enontekis")
    OccupationFactory(uri="https://test.example/occupation/welder", code="7212.1", name_fi="hitsaaja")
    OccupationFactory(uri="https://test.example/occupation/smith", code="7221.1", name_fi="seppä")


@pytest.fixture
def whole() -> Cells:
    """A row in which every column says something."""
    return person(
        identity_code=CODE,
        home_municipality="047",
        email="aino@example.org",
        phone="'+358 40 123 4567",
        service_language="sv",
        occupations="7221.1;https://test.example/occupation/welder",
        max_travel_minutes="60",
        own_car="kyllä",
        ready_to_move="no",
        available_from="31.12.2026",
        languages="sv:L1;fi:B2",
        licences="C1C;B",
        cards="022;013",
        education_level="32",
        registered_on="2026-01-15",
        situation="unemployed",
    )


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


# --- Other people's people ---------------------------------------------------------------------------------------
UNSEEN = ["another area", "restricted", "non-disclosure"]


def unseen(kind: str, area: EmploymentArea, **fields: Any) -> JobSeeker:
    """Somebody whom the importer does not see."""
    if kind != "another area":
        fields["area"] = area
    seeker: JobSeeker = JobSeekerFactory(last_name="Muualla", hidden=kind == "non-disclosure", **fields)
    if kind == "restricted":
        restrict(seeker)
    return seeker


def without_tokens(response: HttpResponse) -> str:
    """A page without what differs from one answer to the next: tokens, and the seconds that the session has left."""
    return re.sub(r'(value="|file=)[\w-]{32,}"|data-(idle|absolute)="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("met", ["source_id", "identity_code"])
def test_a_check_tells_the_same_whether_somebody_unseen_is_there(
    signed_in: Client, area: EmploymentArea, kind: str, met: str
) -> None:
    rows = (person(1, identity_code=CODE), person(2))
    before = checked(signed_in, *rows)
    unseen(kind, area, **({"source_id": "A-1"} if met == "source_id" else identity_fields(CODE)))
    after = checked(signed_in, *rows)
    assert errors(after) == []
    assert without_tokens(after) == without_tokens(before)


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("met", ["source_id", "identity_code"])
def test_a_row_that_meets_somebody_unseen_is_put_aside_and_told_as_taken_in(
    signed_in: Client, area: EmploymentArea, kind: str, met: str
) -> None:
    there = unseen(kind, area, **({"source_id": "A-1"} if met == "source_id" else identity_fields(CODE)))
    known = JobSeekerFactory(area=area, source_id="A-3", first_name="Vanha")
    code = CODE if met == "identity_code" else ""
    before = list(JobSeeker.objects.filter(pk__in=(there.pk,)).values())

    response = taken_in(signed_in, person(1, identity_code=code), person(2), person(3, email="new@example.org"))

    assert response.headers["Location"] == f"{reverse('seekers:list')}?scope=area"
    assert messages(response) == _(
        "The file was imported. New: %(new)s. Changed: %(changed)s. As before: %(unchanged)s."
    ) % {"new": "2", "changed": "1", "unchanged": "0"}
    assert list(JobSeeker.objects.filter(pk__in=(there.pk,)).values()) == before
    assert JobSeeker.objects.filter(source_id="A-2").exists()
    assert not JobSeeker.objects.filter(last_name="Kokeilija", source_id="A-1").exists()
    known.refresh_from_db()
    assert known.email == "new@example.org"
    [entry] = AccessLogEntry.objects.filter(action=Action.IMPORT, about="taken in")
    assert there.pk in entry.subjects


def test_a_code_of_somebody_unseen_does_not_change_whom_one_sees(signed_in: Client, area: EmploymentArea) -> None:
    unseen("non-disclosure", area, **identity_fields(CODE))
    known = JobSeekerFactory(area=area, source_id="A-1", email="")
    taken_in(signed_in, person(1, identity_code=CODE, email="new@example.org"))
    known.refresh_from_db()
    assert (known.identity_index or "", known.email) != (blind_index(CODE), "new@example.org")
    assert known.email == ""


def test_the_workers_of_a_hidden_person_are_told_of_rows_put_aside(
    signed_in: Client, area: EmploymentArea, coach: User
) -> None:
    hidden = unseen("non-disclosure", area, source_id="A-1")
    worker = with_role(Role.WORK_PAIR, area)
    NamedWorkerFactory(seeker=hidden, user=worker)
    checked(signed_in, person(1))
    assert not NonDisclosureChange.objects.filter(kind=ChangeKind.PUT_ASIDE).exists()
    taken_in(signed_in, person(1))
    [change] = NonDisclosureChange.objects.filter(kind=ChangeKind.PUT_ASIDE)
    assert (change.by, change.non_disclosure.seeker) == (coach, hidden)
    [message] = Message.objects.all()
    assert (message.kind, message.recipient_id) == ("matter_waiting", worker.pk)


def test_the_log_of_a_check_names_everybody_whom_a_row_meets(signed_in: Client, area: EmploymentArea) -> None:
    same = JobSeekerFactory(
        area=area, source_id="A-1", first_name="Aino", last_name="Kokeilija", birth_date=date(1990, 1, 1)
    )
    hidden = unseen("non-disclosure", area, **identity_fields(CODE))
    elsewhere = unseen("another area", area, source_id="A-3")
    response = checked(signed_in, person(1), person(2, identity_code=CODE), person(3))
    assert response.context["outcome"].unchanged == 1
    [entry] = AccessLogEntry.objects.filter(action=Action.IMPORT)
    assert entry.about == "checked"
    assert set(entry.subjects) == {same.pk, hidden.pk, elsewhere.pk}


def codes_of_a_day(count: int, born: str = "010190") -> list[str]:
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    return [f"{born}-{n:03}{signs[int(f'{born}{n:03}') % 31]}" for n in range(2, 2 + count)]


def test_whoever_tries_out_the_codes_of_a_day_of_birth_is_stopped(signed_in: Client) -> None:
    most = Limit.CODES_TRIED.value.most
    rows = [person(n, identity_code=code) for n, code in enumerate(codes_of_a_day(most + 1))]
    assert choose(signed_in, as_csv(*rows)).status_code == 429
    for _again in range(2):  # the same file once more costs nothing
        assert choose(signed_in, as_csv(*rows[:most])).status_code == 302
    assert choose(signed_in, as_csv(rows[most])).status_code == 429
    other = codes_of_a_day(1, "020190")[0]
    assert choose(signed_in, as_csv(person(1, identity_code=other, birth_date="1990-01-02"))).status_code == 302


def test_the_named_worker_may_change_somebody_under_non_disclosure(
    signed_in: Client, area: EmploymentArea, coach: User
) -> None:
    seeker = JobSeekerFactory(source_id="A-1", area=area, hidden=True)
    NamedWorkerFactory(seeker=seeker, user=coach)
    taken_in(signed_in, person(1, last_name="Uusi"))
    seeker.refresh_from_db()
    assert (seeker.last_name, seeker.non_disclosure) == ("Uusi", True)


def test_an_identity_code_of_somebody_else_is_refused_without_saying_whose(
    signed_in: Client, area: EmploymentArea
) -> None:
    owner = JobSeekerFactory(area=area, source_id="B-1", last_name="Muualla", **identity_fields(CODE))
    response = checked(signed_in, person(1, identity_code=CODE))
    assert errors(response) == [(2, "identity_code")]
    assert AccessLogEntry.objects.get(action=Action.IMPORT).subjects == [owner.pk]
    assert "Muualla" not in response.content.decode()


def test_the_area_is_asked_where_there_are_several(client: Client, area: EmploymentArea) -> None:
    user = with_role(Role.TEAM_LEAD, area)
    second = RoleMembershipFactory(user=user, role=Role.TEAM_LEAD).area
    third = JobSeekerFactory().area
    client.force_login(user)
    assert choose(client, as_csv(person())).context["form"].errors.keys() == {"area"}
    assert choose(client, as_csv(person()), area=third.pk).context["form"].errors.keys() == {"area"}
    token = token_of(choose(client, as_csv(person()), area=second.pk))
    client.post(CHECK, {kept.PARAMETER: token})
    assert JobSeeker.objects.get(source_id="A-1").area == second
    token = token_of(choose(client, as_csv(person(last_name="Uusi")), area=area.pk))
    response = client.get(CHECK, {kept.PARAMETER: token})
    assert errors(response) == [(2, "source_id")]
    assert str(second) in response.context["outcome"].errors[0].message


def test_a_role_only_to_look_at_people_imports_nobody(client: Client, area: EmploymentArea) -> None:
    client.force_login(with_role(Role.EMPLOYER_SPECIALIST, area))
    assert choose(client, as_csv(person())).status_code == 403
    assert IMPORT not in client.get(reverse("seekers:list")).content.decode()


def test_the_list_leads_to_the_import(signed_in: Client) -> None:
    assert IMPORT in signed_in.get(reverse("seekers:list")).content.decode()


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
