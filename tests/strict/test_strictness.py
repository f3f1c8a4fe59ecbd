"""The harnesses themselves: each sees the mistake that it is there for."""

import os
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template, engines
from django.test import Client
from django.urls import path
from django.utils import timezone, translation
from zeal.errors import NPlusOneError

from portal.accounts.models import RoleMembership
from portal.accounts.roles import Role
from portal.classifications.models import EmploymentArea, Skill
from tests.factories import SkillFactory, with_role
from tests.strict.reading import WritingGet, written_table
from tests.strict.templates import UndefinedVariable


@login_not_required
def _writes(request: HttpRequest) -> HttpResponse:
    EmploymentArea.objects.filter(code="x").update(name_en="x")
    return HttpResponse()


@login_not_required
def _asks_row_by_row(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(one.user.email for one in RoleMembership.objects.all()))


urlpatterns = [path("writes/", _writes), path("row-by-row/", _asks_row_by_row)]


# --- Templates ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing }}",
        "{{ person.nothing }}",
        "{{ nothing|default:'-' }}",
        "{% include nothing %}",
        "{% load i18n %}{% blocktranslate %}about {{ nothing }}{% endblocktranslate %}",
    ],
)
def test_an_undefined_variable_of_ours_fails(source: str) -> None:
    with pytest.raises(UndefinedVariable, match="nothing"):
        Template(source).render(Context({"person": {"name": "Aino"}}))


def test_a_defined_variable_does_not_fail() -> None:
    source = (
        "{% load i18n %}{{ name }}{{ none|default:'-' }}{% blocktranslate %}about {{ name }}{% endblocktranslate %}"
    )
    assert Template(source).render(Context({"name": "Aino", "none": None})) == "Aino-about Aino"


def test_a_template_of_a_package_behaves_as_in_production() -> None:
    engine = engines["django"].engine
    third_party = engine.get_template("admin/base.html").nodelist[0].origin
    assert "site-packages" in third_party.name
    template = Template("[{{ nothing }}{{ nothing|default:'-' }}]", origin=third_party)
    assert template.render(Context({})) == "[-]"


# --- Order of rows -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_rows_without_an_order_come_in_a_random_one() -> None:
    SkillFactory.create_batch(8)
    unordered = Skill.objects.order_by()
    orders = {tuple(row.pk for row in unordered.all()) for _ in range(20)}
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1


@pytest.mark.django_db
def test_the_cut_of_an_unordered_queryset_is_random_too() -> None:
    SkillFactory.create_batch(8)
    unordered = Skill.objects.order_by()
    assert len({row.pk for _ in range(40) for row in unordered[:1]}) > 1
    assert len({row.pk for _ in range(40) for row in list(unordered.iterator())[:1]}) > 1
    assert len({row["pk"] for _ in range(40) for row in list(unordered.values("pk").distinct())[:1]}) > 1


@pytest.mark.django_db
def test_ordered_rows_keep_their_order() -> None:
    skills = SkillFactory.create_batch(8)
    ordered = Skill.objects.order_by("-pk")
    assert {tuple(row.pk for row in ordered.all()) for _ in range(10)} == {tuple(s.pk for s in reversed(skills))}


@pytest.mark.django_db
def test_a_fetched_queryset_is_left_without_an_order() -> None:
    SkillFactory.create_batch(3)
    cut = Skill.objects.order_by()[:2]
    list(cut)
    assert not cut.ordered
    assert all(type(pk) is int for pk in Skill.objects.order_by().values_list("pk", flat=True)[:2])
    assert "RANDOM" not in str(cut.query)


# --- Requests ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_get_that_writes_fails(client: Client) -> None:
    with pytest.raises(WritingGet, match="classifications_employmentarea"):
        client.get("/writes/")
    with pytest.raises(WritingGet):
        client.head("/writes/")
    client.post("/writes/")


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('UPDATE "runs_jobrun" SET x = 1', "runs_jobrun"),
        ("  insert into runs_jobrun values (1)", "runs_jobrun"),
        ("WITH a AS (SELECT 1) DELETE FROM runs_jobrun USING a", "runs_jobrun"),
        ('SELECT * FROM "runs_jobrun"', None),
        ('SELECT "update" FROM x', None),
        ('UPDATE "django_session" SET x = 1', None),
    ],
)
def test_which_statements_count_as_writing(sql: str, table: str | None) -> None:
    assert written_table(sql) == table


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_view_that_asks_row_by_row_fails(client: Client) -> None:
    for _ in range(3):
        with_role(Role.CASE_WORKER)
    with pytest.raises(NPlusOneError, match="user"):
        client.get("/row-by-row/")


def test_every_test_starts_in_the_first_language() -> None:
    assert translation.get_language() == "fi"
    assert timezone.get_current_timezone_name() == "Europe/Helsinki"


def test_processes_of_one_run_share_neither_database_nor_broker(settings: Any, request: pytest.FixtureRequest) -> None:
    process = getattr(request.config, "workerinput", {}).get("workerid")
    if process is None:
        assert settings.CELERY_BROKER_URL == settings.REDIS_URL
    else:
        given = int(os.environ["REDIS_URL"].rpartition("/")[2])
        own = int(settings.CELERY_BROKER_URL.rpartition("/")[2])
        assert own == (given + 1 + int(process.removeprefix("gw"))) % 16
