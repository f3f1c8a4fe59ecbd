"""What services tell of themselves: imports, changes of state, rules put in force."""

from datetime import date

import pytest

from employers.enums import VacancyState
from employers.models import Vacancy
from employers.vacancies.importing.storing import import_documents
from employers.vacancies.services import change_state
from jobmatching.models import JobSeeker, MatchingRules
from jobmatching.nightly.rules_flow.services import put_in_force
from jobmatching.nightly.rules_versions import draft
from jobmatching.seekers.importing.files import Table
from jobmatching.seekers.imports import import_people
from portal.accounts.roles import Role
from portal.classifications.enums import Scheme
from portal.privacy.history import Source, context
from tests.employers.importing.documents import document, load_registers
from tests.factories import OccupationFactory, UserFactory, VacancyFactory, with_role
from tests.portal.privacy.history.conftest import Watch

pytestmark = pytest.mark.django_db


def test_an_import_of_jobseekers_tells_its_person_and_that_it_was_one(watch: Watch) -> None:
    coach = with_role(Role.CASE_WORKER)
    area = coach.memberships.get().area
    table = Table(["source_id", "first_name", "last_name", "birth_date"], [["A-1", "Aino", "A", "1990-01-01"]], [2])
    watch.start()
    outcome = import_people(table, coach, area, date(2026, 11, 22), saving=True)
    assert outcome.new == 1
    (event,) = watch.events(JobSeeker)
    assert (event.actor, event.source, event.name) == (coach, Source.IMPORT, "seekers")


def test_a_check_of_a_file_changes_nothing(watch: Watch) -> None:
    coach = with_role(Role.CASE_WORKER)
    table = Table(["source_id", "first_name", "last_name", "birth_date"], [["A-1", "Aino", "A", "1990-01-01"]], [2])
    watch.start()
    import_people(table, coach, coach.memberships.get().area, date(2026, 11, 22), saving=False)
    assert watch.events() == []


def test_an_import_of_vacancies_tells_that_it_was_one(watch: Watch) -> None:
    load_registers()
    watch.start()
    with context(source=Source.COMMAND, name="import_vacancies"):
        report = import_documents([document()])
    assert report.stored, report
    assert {(event.source, event.name) for event in watch.events(Vacancy)} == {(Source.IMPORT, "vacancies")}


def test_a_change_of_a_vacancy_s_state_tells_who(watch: Watch) -> None:
    user, vacancy = UserFactory(), VacancyFactory()
    watch.start()
    change_state(vacancy.pk, VacancyState.CLOSED, by=user)
    assert {event.actor for event in watch.events()} == {user}
    assert watch.counts() == {("employers.vacancy", "U"): 1, ("employers.vacancytransition", "I"): 1}


def test_rules_put_in_force_tell_who_and_why(watch: Watch) -> None:
    OccupationFactory()
    manager = with_role(Role.MANAGER)
    rules = draft(Scheme.DEMO)
    watch.start()
    put_in_force(rules, manager, "Better weights.")
    events = watch.events(MatchingRules)
    assert events[-1].after["state"] == "in_force"
    assert {(event.actor, event.reason) for event in events} == {(manager, "Better weights.")}
    assert "content" not in events[-1].after
