"""The page of equal treatment: each table by its address, its words, comments, the file; nothing of small groups."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from jobmatching.models import FairnessComment, FairnessFigure, FairnessReport, JobSeeker
from jobmatching.nightly import night as matching
from jobmatching.nightly.fairness import night
from jobmatching.nightly.fairness.enums import GROUPED, OF_GROUPS, Dimension, Measure
from jobmatching.nightly.fairness.exports import header, lines
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.runs.models import JobRun
from tests.factories import with_role
from tests.jobmatching.nightly.conftest import DAY

PAGE = reverse("matching:fairness")
COMMENT = reverse("matching:fairness_comment")


@pytest.fixture
def figures(area: None) -> FairnessReport:
    """The figures of one night; three jobseekers have no known sex."""
    people = JobSeeker.objects.matchable(DAY).order_by("pk").values_list("pk", flat=True)
    JobSeeker.objects.filter(sex="").update(sex="female")
    JobSeeker.objects.filter(pk__in=list(people[:3])).update(sex="")
    matching.run_here(DAY)
    night.run_here(DAY)
    return FairnessReport.objects.get()


@pytest.fixture
def manager(client: Client, area: None) -> User:
    user = with_role(Role.MANAGER)
    client.force_login(user)
    return user


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


@pytest.mark.usefixtures("manager")
def test_before_the_first_night_the_page_says_so(client: Client) -> None:
    page = text(client.get(PAGE))
    assert "Lukuja ei vielä ole." in page
    assert "Päätöksiä ei ole vielä kirjattu." in page


@pytest.mark.usefixtures("manager", "figures")
@pytest.mark.parametrize("dimension", GROUPED)
def test_every_table_of_every_measure_opens(client: Client, dimension: Dimension) -> None:
    for measure in OF_GROUPS:
        response = client.get(PAGE, {"ulottuvuus": dimension.value, "mittari": measure.value})
        page = text(response)
        assert response.context["rows"]
        assert str(dimension.label) in page
        assert ("Saman alan hakijat (95" in page) == (measure != Measure.RANK)


@pytest.mark.usefixtures("manager")
def test_the_table_shows_n_numerator_interval_ratio_and_reading(client: Client, figures: FairnessReport) -> None:
    page = text(client.get(PAGE, {"ulottuvuus": "sex", "mittari": "selected"}))
    for figure in figures.figures.filter(dimension=Dimension.SEX, measure=Measure.SELECTED).order_by("place"):
        if figure.cell == "shown":
            assert f">{figure.n}<" in page
            assert f">{figure.numerator:.0f}<" in page
    assert "Laskenta: Listalla olevat / ryhmän ihmiset ajossa." in page
    assert "Osuuden Wilsonin luottamusväli" in page


@pytest.mark.usefixtures("manager", "figures")
def test_a_small_group_and_its_guard_have_no_figure_anywhere_on_the_page(client: Client) -> None:
    for measure in OF_GROUPS:
        response = client.get(PAGE, {"ulottuvuus": "sex", "mittari": measure.value, "ryhma": "unknown"})
        rows = {row.group: row for row in response.context["rows"]}
        assert rows["unknown"].hidden == "small"
        assert [row.hidden for row in rows.values()].count("guard") >= 1
        page = text(response)
        assert "&lt;5" in page
        assert "Lukua ei näytetä, jos ryhmässä, sen listoille päässeissä tai niiltä puuttuvissa on alle 5" in page
        chart = response.context["chart"]
        hidden = [bool(row.hidden) for row in rows.values()]
        assert (chart is None) == all(hidden)
        assert chart is None or [value is None for value in chart.series[0].values] == hidden


@pytest.mark.usefixtures("manager", "figures")
@pytest.mark.parametrize("query", ["?ulottuvuus=shoe&mittari=luck&ryhma=x", "?ulottuvuus=all&mittari=gini", "?yo="])
def test_what_the_address_does_not_know_falls_back(client: Client, query: str) -> None:
    asked = client.get(f"{PAGE}{query}").context["asked"]
    assert (asked.dimension, asked.measure) == (Dimension.AGE, Measure.SELECTED)


@pytest.mark.usefixtures("manager", "figures")
@pytest.mark.parametrize("night_asked", ["2020-01-01", "yesterday", "2026-13-45"])
def test_a_night_without_figures_is_not_found(client: Client, night_asked: str) -> None:
    assert client.get(PAGE, {"yo": night_asked}).status_code == 404


@pytest.mark.usefixtures("manager", "figures")
def test_the_choice_of_a_night_keeps_the_table(client: Client) -> None:
    matching.run_here(DAY + timedelta(days=1))
    night.run_here(DAY + timedelta(days=1))
    page = text(client.get(PAGE, {"ulottuvuus": "sex", "mittari": "exposure", "yo": DAY.isoformat()}))
    assert f"mittari=exposure&amp;yo={DAY.isoformat()}" in page
    assert f'value="{DAY.isoformat()}" selected' in page


@pytest.mark.usefixtures("manager", "figures")
def test_the_development_goes_night_by_night_with_at_most_four_groups(client: Client) -> None:
    assert client.get(PAGE).context["development"] is None
    for days in (1, 2):
        matching.run_here(DAY + timedelta(days=days))
        night.run_here(DAY + timedelta(days=days))
    drawn = client.get(PAGE).context["development"]
    assert len(drawn.categories) == 3
    assert len(drawn.series) == 4
    chosen = client.get(f"{PAGE}?ulottuvuus=sex&ryhma=male&ryhma=nobody").context["development"]
    [series] = chosen.series
    stored = FairnessFigure.objects.filter(dimension=Dimension.SEX, measure=Measure.SELECTED, group="male")
    told = [one.value and 100 * one.value for one in stored.order_by("report__for_date")]
    assert list(series.values) == told


@pytest.mark.usefixtures("manager")
def test_flags_lead_to_their_table_with_words_on_how_to_read_them(client: Client, figures: FairnessReport) -> None:
    one = figures.figures.filter(cell="shown", dimension=Dimension.AGE, measure=Measure.EXPOSURE).order_by("place")[0]
    figures.figures.update(flag="", within_flag="")
    assert "Mikään ei erotu tänä yönä." in text(client.get(PAGE))
    FairnessFigure.objects.filter(pk=one.pk).update(
        flag="clear", ratio=0.5, ratio_low=0.4, ratio_high=0.6, within=1.0, compared_with="25-29"
    )
    page = text(client.get(PAGE))
    assert "ulottuvuus=age&amp;mittari=exposure" in page
    assert "saman alan työtä hakevien joukossa sitä ei ole" in page
    assert "alle neljä viidesosaa" in text(client.get(f"{PAGE}?ulottuvuus=age&mittari=exposure"))


# --- Comments --------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("figures")
def test_a_comment_tells_who_when_and_on_which_figure(client: Client, manager: User) -> None:
    words = "Katsottu <b>tiimin</b> kanssa: seurataan viikko."
    address = f"{COMMENT}?ulottuvuus=sex&mittari=exposure"
    response = client.post(address, {"group": "male", "text": words}, follow=True)
    page = text(response)
    kept = FairnessComment.objects.get()
    assert (kept.dimension, kept.measure, kept.group, kept.author) == ("sex", "exposure", "male", manager)
    assert escape(words) in page
    assert str(manager) in page
    assert "Mies" in page
    assert escape(words) not in text(client.get(f"{PAGE}?ulottuvuus=age&mittari=exposure"))


@pytest.mark.usefixtures("manager", "figures")
@pytest.mark.parametrize(
    "written", [{"text": "  "}, {"text": "Hello", "group": "unknown"}, {"text": "Hello", "group": "x"}]
)
def test_an_empty_comment_and_one_on_a_hidden_group_are_refused(client: Client, written: dict[str, str]) -> None:
    page = text(client.post(f"{COMMENT}?ulottuvuus=sex&mittari=exposure", written))
    assert "Virhe:" in page
    assert not FairnessComment.objects.exists()


@pytest.mark.usefixtures("figures")
def test_who_may_only_look_cannot_comment(client: Client) -> None:
    client.force_login(with_role(Role.TEAM_LEAD))
    assert COMMENT not in text(client.get(PAGE))
    assert client.post(COMMENT, {"text": "Hello"}).status_code == 403
    client.force_login(with_role(Role.AUDITOR))
    assert client.post(COMMENT, {"text": "Tarkastettu."}).status_code == 302
    assert FairnessComment.objects.get().group == ""


# --- The file --------------------------------------------------------------------------------------------------------
def as_csv(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def as_xlsx(response: HttpResponse) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(("kind", "read"), [("csv", as_csv), ("xlsx", as_xlsx)])
def test_the_file_holds_every_figure_and_nothing_of_hidden_ones(
    client: Client, figures: FairnessReport, kind: str, read: Callable[[HttpResponse], list[list[str]]]
) -> None:
    response = client.get(reverse("matching:fairness_export", args=[kind]), {"yo": DAY.isoformat()})
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="yhdenvertaisuus-{DAY.isoformat()}.{kind}"'
    head, *rows = read(response)
    assert head == header()
    assert len(rows) == figures.figures.count()
    hidden = [row for row in rows if row[5] == "ei näytetä"]
    assert len(hidden) == figures.figures.exclude(cell="shown").count() > 0
    assert all(not any(row[6:]) for row in hidden)
    assert {row[3] for row in hidden} >= {"Ei tiedossa"}


@pytest.mark.usefixtures("manager")
def test_numbers_in_the_csv_have_a_comma(client: Client, figures: FairnessReport) -> None:
    rows = as_csv(client.get(reverse("matching:fairness_export", args=["csv"])))
    [share] = [row[7] for row in rows if row[3] == "Kaikki" and row[4] == str(Measure.SELECTED.label)]
    stored = figures.figures.get(dimension=Dimension.ALL, measure=Measure.SELECTED).value
    assert float(share.replace(",", ".")) == pytest.approx(stored, abs=1e-4)
    assert "." not in share


@pytest.mark.usefixtures("manager", "figures")
def test_other_kinds_of_files_and_nights_without_figures_are_not_found(client: Client) -> None:
    assert client.get(reverse("matching:fairness_export", args=["exe"])).status_code == 404
    assert client.get(reverse("matching:fairness_export", args=["csv"]), {"yo": "2020-01-01"}).status_code == 404


def test_every_line_of_the_file_has_every_column(figures: FairnessReport) -> None:
    assert {len(line) for line in lines(figures)} == {len(header())}


# --- The run ---------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("manager", "figures")
def test_the_page_of_the_run_leads_to_the_figures(client: Client) -> None:
    run = JobRun.objects.get(job="fairness")
    page = text(client.get(reverse("runs:page", args=[run.pk])))
    assert PAGE in page
    assert "Laske luvut" in page
    again = night.run_here(DAY)
    assert "olivat jo olemassa" in text(client.get(reverse("runs:page", args=[again.pk])))


def test_the_page_costs_few_queries(
    client: Client, manager: User, figures: FairnessReport, django_assert_max_num_queries: Callable
) -> None:
    client.get(PAGE)
    with django_assert_max_num_queries(20):
        client.get(f"{PAGE}?ulottuvuus=municipality&mittari=exposure")
