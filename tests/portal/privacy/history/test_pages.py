"""The history as people read it: in words, narrowed, in pages, to those who may see it, and noted when it is read."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from employers.models import Vacancy, VacancyLanguage
from jobmatching.models import JobSeeker, SeekerSkill
from portal.accounts.models import RoleMembership
from portal.accounts.roles import Role
from portal.classifications.enums import LanguageLevel
from portal.privacy.access.enums import Action
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.history import Source, context, set_context
from portal.privacy.history.forms import HistoryFilter, choices_of
from portal.privacy.history.models import HistoryEvent
from portal.privacy.history.pages import PER_PAGE
from portal.privacy.history.telling import Line, Words, change_sets
from portal.privacy.identity import blind_index, encrypt
from tests.factories import LanguageFactory, MunicipalityFactory, SkillFactory, UserFactory
from tests.world import World


def page(world: World, owner: Any, *, role: Role = Role.CASE_WORKER, query: str = "") -> HttpResponse:
    names = {JobSeeker: "seekers:history", Vacancy: "vacancies:history"}
    client = Client()
    client.force_login(world.own.users[role])
    return client.get(reverse(names[type(owner)], args=[owner.pk]) + query)


def told(owner: Any) -> list[tuple[str, str, list[Line]]]:
    """(title, operation, lines) of every event, newest first."""
    found = list(HistoryEvent.objects.about(owner).newest_first())
    words = Words(found)
    return [(one.title, one.operation.value, list(one.lines)) for one in map(words.told, found)]


@pytest.fixture
def person(world: World) -> JobSeeker:
    """The own seeker, about whom nothing has been written down yet in this test."""
    return world.own.seeker


def newest(owner: Any, count: int = 1) -> list[tuple[str, str, list[Line]]]:
    return told(owner)[:count]


# --- Words ---------------------------------------------------------------------------------------------------------
def test_values_are_told_as_people_read_them(person: JobSeeker, world: World) -> None:
    coach = UserFactory(first_name="Maija", last_name="Valmentaja")
    home = MunicipalityFactory(name_fi="Tervola")
    JobSeeker.objects.filter(pk=person.pk).update(
        coach=coach, home=home, own_car=True, max_travel_minutes=1045, available_from="2026-12-01",
        work_times_accepted=["01", "03"], matching_paused_at="2026-11-22T10:00:00Z", phone="040 1",
    )  # fmt: skip
    ((title, operation, lines),) = newest(person)
    assert (title, operation) == ("Työnhakija", "U")
    after = {line.label: (line.before, line.after) for line in lines}
    assert after["Omavalmentaja"] == (world.own.users[Role.CASE_WORKER].get_full_name(), "Maija Valmentaja")
    assert after["Kotikunta"] == ("Kemi", "Tervola")
    assert after["Puhelin"] == ("", "040 1")
    assert "kyllä" in {value for _before, value in after.values()}
    assert "1\u00a0045" in {value for _before, value in after.values()}
    assert "1.12.2026" in {value for _before, value in after.values()}
    assert any("22.11.2026 klo\u00a012.00" in value for _before, value in after.values())
    assert any("," in value for _before, value in after.values())


def test_no_is_told_and_is_not_the_same_as_nothing(person: JobSeeker) -> None:
    JobSeeker.objects.filter(pk=person.pk).update(own_car=True)
    JobSeeker.objects.filter(pk=person.pk).update(own_car=False)
    JobSeeker.objects.filter(pk=person.pk).update(own_car=None)
    lines = [one[2][0] for one in newest(person, 3)]
    assert [(line.before, line.after) for line in lines] == [("ei", ""), ("kyllä", "ei"), ("", "kyllä")]


def test_the_reader_s_language_is_used(person: JobSeeker) -> None:
    JobSeeker.objects.filter(pk=person.pk).update(own_car=True)
    with translation.override("sv"):
        ((title, _operation, (line,)),) = newest(person)
    assert (title, line.after) == ("Arbetssökande", "ja")


def test_a_row_is_named_by_what_it_is_about_also_when_it_is_gone(person: JobSeeker) -> None:
    skill = SkillFactory(name_fi="juottaminen")
    held = SeekerSkill.objects.create(seeker=person, skill=skill)
    SeekerSkill.objects.filter(pk=held.pk).update(basis="confirmed")
    SeekerSkill.objects.filter(pk=held.pk).delete()
    assert [(title, operation) for title, operation, _lines in newest(person, 3)] == [
        ("Taito: juottaminen", "D"),
        ("Taito: juottaminen", "U"),
        ("Taito: juottaminen", "I"),
    ]
    assert all("juottaminen" not in line.value for one in newest(person, 3) for line in one[2])


def test_what_is_pointed_at_and_gone_is_told_by_its_number(person: JobSeeker) -> None:
    coach = UserFactory()
    key = coach.pk
    JobSeeker.objects.filter(pk=person.pk).update(coach=coach)
    coach.delete()
    lines = newest(person, 2)
    assert lines[1][2][0].after == f"numero {key}, ei enää olemassa"


def test_many_to_many_fields_have_the_field_s_name(person: JobSeeker) -> None:
    person.places.add(MunicipalityFactory(name_fi="Simo"))
    ((title, operation, lines),) = newest(person)
    assert (title, operation, lines) == ("Kunnat, joissa henkilö haluaa työskennellä: Simo", "I", [])


def test_what_nobody_is_shown_is_told_as_changed_and_no_more(person: JobSeeker) -> None:
    JobSeeker.objects.filter(pk=person.pk).update(
        sex="female", source_id="secret-source-7", identity_code=encrypt("010190-998V"),
        identity_index=blind_index("010190-998V"),
    )  # fmt: skip
    ((_title, _operation, lines),) = newest(person)
    assert {line.label for line in lines} >= {"Sukupuoli", "Henkilötunnus"}
    assert all(line.concealed and not line.before and not line.after for line in lines)


def test_who_did_it_and_how(person: JobSeeker, world: World) -> None:
    coach = world.own.users[Role.CASE_WORKER]
    phones = iter("123456")

    def change() -> None:
        JobSeeker.objects.filter(pk=person.pk).update(phone=next(phones))

    with context(actor=coach, source=Source.WEB, name="seekers:page"):
        change()
    with context(source=Source.WEB, name="outbox:answer"):
        change()
    with context(source=Source.IMPORT, name="seekers", actor=coach):
        change()
    with context(source=Source.JOB, name="portal.tasks.x"):
        change()
    with context(actor=987654, source=Source.COMMAND, name="mend"):
        change()
    change()
    sets = change_sets(list(HistoryEvent.objects.about(person).newest_first()[:6]))
    assert [(one.who, one.how) for one in reversed(sets)] == [
        (coach.get_full_name(), "portaalissa"),
        ("kukaan ei kirjautuneena", "portaalissa"),
        (coach.get_full_name(), "tuonti: seekers"),
        ("portaali itse", "portaalin ajastettu työ: portal.tasks.x"),
        ("tili 987654, sittemmin poistettu", "ylläpidon komento: mend"),
        ("tekijä ei tiedossa", sets[0].how),
    ]
    assert sets[0].how.startswith("portaalin ohi tietokannassa: ")


def test_rows_of_a_kind_that_is_no_longer_there_are_still_told(person: JobSeeker) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_historyevent (at, transaction, operation, model, object_id, owner_model, owner_id, "
            "after, source, name, request_id, reason) VALUES (now(), 1, 'I', 'old.thing', '1', 'jobmatching.jobseeker',"
            " %s, '{\"colour\": \"red\", \"sizes\": [1, 2]}', 'sql', '', '', '')",
            [person.pk],
        )
    ((title, _operation, lines),) = newest(person)
    assert title == "old.thing"
    assert {line.label: line.after for line in lines} == {"colour": "red", "sizes": "1, 2"}


def test_the_words_of_a_page_cost_few_queries(person: JobSeeker, django_assert_max_num_queries: Any) -> None:
    for skill in SkillFactory.create_batch(20):
        SeekerSkill.objects.create(seeker=person, skill=skill)
    found = list(HistoryEvent.objects.about(person).newest_first()[:PER_PAGE])
    with django_assert_max_num_queries(12):
        change_sets(found)


# --- The page ------------------------------------------------------------------------------------------------------
def test_the_page_tells_newest_first_with_reason_and_reads_are_noted(person: JobSeeker, world: World) -> None:
    with context(actor=world.own.users[Role.CASE_WORKER], source=Source.WEB), transaction.atomic():
        set_context(reason="Kirjoitusvirhe korjattu")
        JobSeeker.objects.filter(pk=person.pk).update(phone="040 555")
    before = AccessLogEntry.objects.count()
    response = page(world, person)
    html = response.content.decode()
    assert "Kirjoitusvirhe korjattu" in html
    assert html.index("040 555") < html.index("Rekisteröintijakso") if "Rekisteröintijakso" in html else True
    assert AccessLogEntry.objects.count() == before + 1
    entry = AccessLogEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.subjects, entry.view) == (Action.HISTORY, [person.pk], "seekers:history")


def test_one_field_is_asked_for_and_the_choice_stands_in_the_address(person: JobSeeker, world: World) -> None:
    JobSeeker.objects.filter(pk=person.pk).update(phone="040 1")
    JobSeeker.objects.filter(pk=person.pk).update(summary="muuta")
    response = page(world, person, query="?field=jobmatching.jobseeker:phone")
    shown = [one.event for found in response.context["change_sets"] for one in found.told]
    assert shown
    assert all("phone" in {**(event.before or {}), **(event.after or {})} for event in shown)
    assert [chip.label for chip in response.context["history_chips"]] == ["Puhelin"]
    assert 'value="jobmatching.jobseeker:phone" selected' in response.content.decode()


def test_one_kind_of_row_is_asked_for(person: JobSeeker, world: World) -> None:
    response = page(world, person, query="?field=jobmatching.seekerskill")
    kinds = {one.event.model for found in response.context["change_sets"] for one in found.told}
    assert kinds == {"jobmatching.seekerskill"}


def test_days_are_asked_for_with_both_ends(person: JobSeeker, world: World) -> None:
    today = timezone.localdate()
    assert page(world, person, query=f"?first={today}&last={today}").context["page_obj"].paginator.count > 0
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    assert page(world, person, query=f"?last={yesterday}").context["page_obj"].paginator.count == 0
    assert page(world, person, query=f"?first={tomorrow}").context["page_obj"].paginator.count == 0


@pytest.mark.parametrize(
    "query", ["?first=x", "?field=accounts.user:password", "?field=%00", "?first=2026-11-22&last=2026-11-01", "?page=x"]
)
def test_what_the_filter_does_not_know_is_told_and_shows_no_more(person: JobSeeker, world: World, query: str) -> None:
    response = page(world, person, query=query)
    assert response.status_code == 200
    events = {one.event.owner_id for found in response.context["change_sets"] for one in found.told}
    assert events <= {person.pk}
    if "page" not in query:
        assert "k-err" in response.content.decode()


def test_many_changes_come_in_pages_that_keep_the_filter(person: JobSeeker, world: World) -> None:
    for number in range(PER_PAGE + 3):
        JobSeeker.objects.filter(pk=person.pk).update(phone=f"040 {number}")
    query = "?field=jobmatching.jobseeker:phone"
    first = page(world, person, query=query)
    assert first.context["page_obj"].paginator.num_pages == 2
    assert re.search(r'href="\?field=jobmatching\.jobseeker%3Aphone&amp;page=2"', first.content.decode())
    last = page(world, person, query=f"{query}&page=2")
    assert sum(len(found.told) for found in last.context["change_sets"]) >= 3


def test_nothing_yet_and_nothing_found_are_told_apart(world: World) -> None:
    nobody_changed = "Mitään ei ole muutettu."
    not_found = "Rajaukseen ei sovi yhtään muutosta."
    yesterday = timezone.localdate() - timedelta(days=1)
    html = page(world, world.own.seeker, query=f"?last={yesterday}").content.decode()
    assert not_found in html
    assert nobody_changed not in html


def test_what_people_write_is_not_taken_for_markup(person: JobSeeker, world: World) -> None:
    with context(actor=world.own.users[Role.CASE_WORKER], reason="<script>1</script>", source=Source.WEB):
        JobSeeker.objects.filter(pk=person.pk).update(summary="<b>x</b><script>alert(1)</script>")
    html = page(world, person).content.decode()
    assert "<script>alert" not in html
    assert "<script>1" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_vacancy_s_page_tells_what_it_asks(world: World) -> None:
    vacancy = world.own.vacancy
    VacancyLanguage.objects.create(vacancy=vacancy, language=LanguageFactory(code="sv"), level=LanguageLevel.B1)
    html = page(world, vacancy, role=Role.EMPLOYER_SPECIALIST).content.decode()
    assert "Vaadittu kieli: ruotsi" in html


# --- Who may see it ------------------------------------------------------------------------------------------------
def test_the_tab_leads_there_for_those_who_may(world: World) -> None:
    client = Client()
    client.force_login(world.own.users[Role.CASE_WORKER])
    html = client.get(reverse("seekers:page", args=[world.own.seeker.pk])).content.decode()
    assert reverse("seekers:history", args=[world.own.seeker.pk]) in html
    client.force_login(world.own.users[Role.EMPLOYER_OWNER])
    html = client.get(reverse("vacancies:page", args=[world.own.vacancy.pk])).content.decode()
    assert reverse("vacancies:history", args=[world.own.vacancy.pk]) not in html
    client.force_login(world.own.users[Role.EMPLOYER_SPECIALIST])
    html = client.get(reverse("vacancies:page", args=[world.own.vacancy.pk])).content.decode()
    assert reverse("vacancies:history", args=[world.own.vacancy.pk]) in html


def test_of_somebody_under_non_disclosure_there_is_no_history_for_others(world: World) -> None:
    hidden = world.own.hidden_seeker
    assert page(world, hidden).status_code == 200
    assert page(world, hidden, role=Role.TEAM_LEAD).status_code == 404


def test_an_account_s_history_names_no_jobseeker(world: World) -> None:
    """Administrators see no profiles, and a named worker's account must not tell for whom the worker is named."""
    coach = world.own.users[Role.CASE_WORKER]
    RoleMembership.objects.filter(user=coach).update(valid_to=timezone.localdate() + timedelta(days=30))
    client = Client()
    client.force_login(world.own.users[Role.ADMINISTRATOR])
    response = client.get(reverse("history:user", args=[coach.pk]))
    assert response.status_code == 200
    models = {one.event.model for found in response.context["change_sets"] for one in found.told}
    assert "accounts.rolemembership" in models
    assert not [label for label in models if label.startswith("jobmatching.")]
    html = response.content.decode()
    for side in world.sides():
        assert side.hidden_seeker.last_name not in html


def test_an_account_s_page_leads_to_its_history_and_back(world: World) -> None:
    coach = world.own.users[Role.CASE_WORKER]
    client = Client()
    client.force_login(world.own.users[Role.ADMINISTRATOR])
    here, history = reverse("accounts:person", args=[coach.pk]), reverse("history:user", args=[coach.pk])
    assert f'href="{history}"' in client.get(here).content.decode()
    assert f'href="{here}"' in client.get(history).content.decode()


def test_an_employer_s_history_is_reached_from_that_of_its_vacancy(world: World) -> None:
    client = Client()
    client.force_login(world.own.users[Role.EMPLOYER_SPECIALIST])
    vacancy = world.own.vacancy
    found = client.get(reverse("vacancies:history", args=[vacancy.pk])).content.decode()
    assert f'href="{reverse("companies:history", args=[vacancy.employer_id])}"' in found


def test_a_filter_offers_every_field_and_kind_once_and_no_secret() -> None:
    for owner in (JobSeeker, Vacancy):
        groups = [choices for _label, choices in choices_of(owner) if isinstance(choices, list)]
        values = [value for choices in groups for value, _label in choices]
        assert len(values) == len(set(values)) > 10
        assert not [value for value in values if "identity_index" in value or ":raw" in value]
    form = HistoryFilter({"field": "jobmatching.jobseeker:identity_code"}, owner=JobSeeker)
    assert form.is_valid()
