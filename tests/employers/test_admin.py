"""Administration of employers and vacancies: who comes in, what a spreadsheet may bring, what it tells."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import SplitDateTimeField
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from tablib import Dataset

from employers.admin import EmployerAdmin, VacancyAdmin
from employers.enums import VacancySource
from employers.models import Employer, Vacancy
from employers.resources import EmployerResource, VacancyResource
from employers.vacancies.services import close, publish
from portal.accounts.roles import Role
from tests.factories import (
    EmployerFactory,
    EmployerMembershipFactory,
    EmploymentAreaFactory,
    LanguageFactory,
    MunicipalityFactory,
    OccupationFactory,
    SkillFactory,
    UserFactory,
    VacancyFactory,
    with_role,
)

pytestmark = pytest.mark.django_db

EMPLOYER_HEADERS = ["business_id", "name", "kind", "area"]


def _signed_in(role: Role = Role.ADMINISTRATOR, **fields: Any) -> Client:
    client = Client()
    client.force_login(with_role(role, is_staff=True, **fields))
    return client


def _messages(result: Any) -> str:
    """All that an import says against its rows."""
    rows = [str(error.error) for row in result.rows for error in row.errors]
    return " ".join([*rows, *(str(row.error) for row in result.invalid_rows)])


@pytest.mark.parametrize("model", ["employer", "vacancy"])
def test_only_administrators_come_in(model: str) -> None:
    VacancyFactory()
    address = reverse(f"admin:employers_{model}_changelist")
    assert _signed_in().get(address).status_code == 200
    assert _signed_in(Role.MANAGER).get(address).status_code == 403
    plain = Client()
    plain.force_login(UserFactory(is_staff=True))
    assert plain.get(address).status_code == 403


@pytest.mark.parametrize("words", ["Hitsaaja", "Konepaja", "2617416-4", "abc-1"])
def test_vacancies_are_found(words: str) -> None:
    employer = EmployerFactory(name="Mallijoen Konepaja Oy", business_id="2617416-4")
    VacancyFactory(employer=employer, title_fi="Hitsaaja", source_id="abc-1")
    VacancyFactory(title_fi="Kokki")
    page = _signed_in().get(reverse("admin:employers_vacancy_changelist"), {"q": words})
    assert [str(vacancy) for vacancy in page.context["cl"].queryset] == ["Hitsaaja"]


def test_an_inline_row_changes_by_its_id() -> None:
    vacancy, other = VacancyFactory(skills=[SkillFactory()]), SkillFactory()
    client = _signed_in()
    address = reverse("admin:employers_vacancy_change", args=[vacancy.pk])
    page = client.get(address)
    fields = {name: value for form in _forms(page) for name, value in _filled(form).items()}
    answer = client.post(address, fields | {"occupations": OccupationFactory().pk, "required_skills-0-skill": other.pk})
    assert answer.status_code == 302, [form.errors for form in _forms(answer)]
    assert vacancy.required_skills.get().skill == other


def _forms(page: Any) -> list[Any]:
    """The form of an admin page and those of its lists."""
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    return [
        page.context["adminform"].form,
        *(formset.management_form for formset in formsets),
        *(form for formset in formsets for form in formset.forms),
    ]


def _filled(form: Any) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    sent = {}
    for field in form:
        value = field.value()
        if value is None or value is False or value == "":
            continue
        if isinstance(field.field, SplitDateTimeField):
            day, clock = field.field.widget.decompress(value)
            sent |= {f"{field.html_name}_0": day.isoformat(), f"{field.html_name}_1": clock.isoformat()}
        else:
            sent[field.html_name] = field.field.prepare_value(value)
    return sent


def test_pages_of_one_employer_and_one_vacancy_open() -> None:
    vacancy = VacancyFactory(
        occupations=[OccupationFactory()],
        skills=[SkillFactory(), SkillFactory()],
        languages=[(LanguageFactory(code=code), "B1") for code in ("fi", "sv")],
    )
    EmployerMembershipFactory.create_batch(2, employer=vacancy.employer)
    publish(close(vacancy.pk, by=UserFactory()).pk, by=UserFactory())
    client = _signed_in()
    for name, pk in (("vacancy", vacancy.pk), ("employer", vacancy.employer_id)):
        assert client.get(reverse(f"admin:employers_{name}_change", args=[pk])).status_code == 200


def test_state_changes_by_the_actions_alone() -> None:
    draft, closed = VacancyFactory(draft=True), VacancyFactory(draft=True)
    client = _signed_in()
    form = client.get(reverse("admin:employers_vacancy_change", args=[draft.pk])).context["adminform"].form
    assert "state" not in form.fields
    address = reverse("admin:employers_vacancy_changelist")
    client.post(address, {"action": "publish_chosen", "_selected_action": [draft.pk], "confirmed": "1"})
    close = {"action": "close_chosen", "_selected_action": [closed.pk], "confirmed": "1"}
    client.post(address, close)
    told = client.post(address, close, follow=True)
    assert [str(message) for message in told.context["messages"]][-1].startswith("1 ")
    assert (Vacancy.objects.get(pk=draft.pk).state, Vacancy.objects.get(pk=closed.pk).state) == ("published", "closed")
    assert draft.transitions.get().by is not None


@override_settings(ZEAL_ALLOWLIST=[{"model": "employers.Vacancy"}])  # each row is locked and changed by itself
def test_an_action_on_many_is_asked_twice() -> None:
    first, second, other = (VacancyFactory(draft=True, title_fi=f"Hitsaaja {n}") for n in range(3))
    client = _signed_in()
    address = f"{reverse('admin:employers_vacancy_changelist')}?source__exact=employer"
    asked = client.post(address, {"action": "publish_chosen", "_selected_action": [first.pk, second.pk]})
    assert asked.status_code == 200
    assert "Hitsaaja 0" in asked.content.decode()
    assert "Hitsaaja 2" not in asked.content.decode()
    assert not Vacancy.objects.filter(state="published").exists()
    client.post(address, _hidden_fields(asked))
    assert set(Vacancy.objects.filter(state="published")) == {first, second}

    other_side = VacancyFactory(draft=True, source=VacancySource.values[1])
    asked = client.post(
        address, {"action": "publish_chosen", "_selected_action": [other.pk], "select_across": "1", "index": "0"}
    )
    client.post(address, _hidden_fields(asked))
    assert set(Vacancy.objects.filter(state="published")) == {first, second, other}, (
        "of the filtered list, all; of others, none"
    )
    assert Vacancy.objects.get(pk=other_side.pk).state == "draft"


def _hidden_fields(page: Any) -> dict[str, list[str]]:
    """What the form of the question sends."""
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page.content.decode().partition("<ul>")[2]):
        name, value = (re.search(f'{part}="([^"]*)"', tag) for part in ("name", "value"))
        assert name
        assert value
        fields.setdefault(name[1], []).append(value[1])
    return fields


def test_nothing_is_deleted_here() -> None:
    for model in (EmployerAdmin(Employer, admin.site), VacancyAdmin(Vacancy, admin.site)):
        assert not model.has_delete_permission(None)  # type: ignore[arg-type]


def test_employers_come_in_once_and_skip_what_is_the_same() -> None:
    area = EmploymentAreaFactory()
    table = Dataset(
        ["2617416-4", "Mallijoen Konepaja Oy", "01", area.code],
        ["", "Esimerkkisen koti", "02", area.code],
        headers=EMPLOYER_HEADERS,
    )
    first = EmployerResource().import_data(table)
    assert (first.totals["new"], _messages(first)) == (2, "")
    second = EmployerResource().import_data(table)
    assert (second.totals["skip"], second.totals["new"]) == (2, 0)
    table[0] = ["2617416-4", "Mallijoen Paja Oy", "01", area.code]
    third = EmployerResource().import_data(table)
    assert (third.totals["update"], third.totals["skip"]) == (1, 1)
    assert Employer.objects.get(business_id="2617416-4").name == "Mallijoen Paja Oy"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2617416-5", "Oy", "01", "T"], "2617416-4"),
        (["", "", "01", "T"], "Give the employer a name."),
        (["", "Oy", "77", "T"], "77"),
        (["", "Oy", "01", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_comes_in(row: list[str], said: str) -> None:
    area = EmploymentAreaFactory(code="T")
    table = Dataset(["", "Hyvä Oy", "01", area.code], row, headers=EMPLOYER_HEADERS)
    with translation.override("en"):
        result = EmployerResource().import_data(table, use_transactions=True, rollback_on_validation_errors=True)
    assert result.has_errors() or result.has_validation_errors()
    assert said in _messages(result)
    assert not Employer.objects.exists()


def test_dry_run_changes_nothing() -> None:
    table = Dataset(["", "Koe Oy", "01", EmploymentAreaFactory().code], headers=EMPLOYER_HEADERS)
    result = EmployerResource().import_data(table, dry_run=True)
    assert result.totals["new"] == 1
    assert not Employer.objects.exists()


def test_import_page_shows_before_it_writes() -> None:
    content = f"business_id,name,kind,area\n2617416-4,Koe Oy,01,{EmploymentAreaFactory().code}\n"
    client = _signed_in()
    address = reverse("admin:employers_employer_import")
    shown = client.post(
        address, {"import_file": SimpleUploadedFile("e.csv", content.encode()), "format": "0", "resource": "0"}
    )
    assert shown.status_code == 200
    assert not Employer.objects.exists()
    confirm = shown.context["confirm_form"]
    client.post(reverse("admin:employers_employer_process_import"), confirm.initial)
    assert Employer.objects.get().name == "Koe Oy"


def test_no_cell_is_a_formula() -> None:
    EmployerFactory(name="=HYPERLINK(1)")
    client = _signed_in()
    answer = client.post(reverse("admin:employers_employer_export"), {
        "format": "0", "resource": "0", **{f"employerresource_{name}": "on" for name in EmployerResource().fields},
    })  # fmt: skip
    text = answer.content.decode()
    assert ",'=HYPERLINK(1)," in text


def _vacancy_table(**changes: str) -> Dataset:
    """One vacancy with its lists; what it refers to is made."""
    row = {
        "source": "staff",
        "source_id": "2026-1",
        "employer": "2617416-4",
        "area": "T",
        "title_fi": "Hitsaaja",
        "positions": "2",
        "work_times": "01|08",
        "occupations": OccupationFactory(uri="https://test.example/o/1").uri,
        "skills_essential": SkillFactory(uri="https://test.example/s/1").uri,
        "skills_optional": SkillFactory(uri="https://test.example/s/2").uri,
        "languages": "fi:B1",
        "municipalities": "851",
    } | changes
    return Dataset(list(row.values()), headers=list(row))


@pytest.fixture
def _employer() -> None:
    area = EmploymentAreaFactory(code="T")
    EmployerFactory(business_id="2617416-4", area=area)
    LanguageFactory(code="fi")
    LanguageFactory(code="sv")
    MunicipalityFactory(code="851", area=area)


@pytest.mark.usefixtures("_employer")
def test_vacancies_come_in_as_drafts_with_their_lists() -> None:
    result = VacancyResource().import_data(_vacancy_table())
    assert (_messages(result), result.totals["new"]) == ("", 1)
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.positions, vacancy.work_times) == ("draft", 2, ["01", "08"])
    assert [(row.skill.uri[-1], row.strength) for row in vacancy.required_skills.order_by("strength")] == [
        ("1", "essential"),
        ("2", "optional"),
    ]
    assert [(row.language.code, row.level) for row in vacancy.required_languages.all()] == [("fi", "B1")]
    assert [place.code for place in vacancy.municipalities.all()] == ["851"]


@pytest.mark.usefixtures("_employer")
@pytest.mark.parametrize(
    "changes",
    [
        {"positions": "3"},
        {"languages": "fi:B2"},
        {"languages": "fi:B1|sv:A1"},
        {"skills_essential": "https://test.example/s/2", "skills_optional": ""},
        {"municipalities": ""},
    ],
)
def test_same_again_is_skipped_and_a_change_is_not(changes: dict[str, str]) -> None:
    VacancyResource().import_data(_vacancy_table())
    same = VacancyResource().import_data(_vacancy_table())
    assert (same.totals["skip"], same.totals["update"]) == (1, 0)
    changed = VacancyResource().import_data(_vacancy_table(**changes))
    assert (_messages(changed), changed.totals["update"]) == ("", 1)
    assert VacancyResource().import_data(_vacancy_table(**changes)).totals["skip"] == 1
    told = VacancyResource().export().dict[0]
    assert {name: told[name] for name in changes} == changes


@pytest.mark.usefixtures("_employer")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"occupations": "https://test.example/none"}, "https://test.example/none"),
        ({"municipalities": "851|000"}, "000"),
        ({"languages": "fi"}, "fi:B1|sv:A2"),
        ({"languages": "xx:B1"}, "xx:B1"),
        ({"employer": "nobody"}, "nobody"),
        ({"source_id": ""}, "source_id"),
        ({"source": "elsewhere"}, "source"),
        ({"work_times": "99"}, "99"),
        ({"title_fi": ""}, "Give the vacancy a title"),
        ({"positions": "0"}, "positions"),
        ({"skills_optional": "https://test.example/s/1"}, "either essential or an advantage"),
    ],
)
def test_a_wrong_vacancy_is_told(changes: dict[str, str], said: str) -> None:
    with translation.override("en"):
        result = VacancyResource().import_data(_vacancy_table(**changes), use_transactions=True)
    assert result.has_errors() or result.has_validation_errors()
    assert said in _messages(result)
    assert not Vacancy.objects.exists()


@pytest.mark.usefixtures("_employer")
def test_state_of_a_file_is_not_read() -> None:
    VacancyResource().import_data(_vacancy_table(state="published"))
    assert Vacancy.objects.get().state == "draft"


def test_no_identity_code_comes_in_by_form_or_file() -> None:
    EmploymentAreaFactory(code="lappi")
    result = EmployerResource().import_data(
        Dataset(("", "Maija 030985-9005", "company", "lappi"), headers=EMPLOYER_HEADERS)
    )
    assert "0309…" in _messages(result)
    assert not Employer.objects.exists()
    employer = EmployerFactory(name="Kone Oy")
    address = reverse("admin:employers_employer_change", args=[employer.pk])
    response = _signed_in().post(address, {"name": "Maija 030985-9005"})
    assert "0309…" in str(response.context["adminform"].form.errors["name"])
