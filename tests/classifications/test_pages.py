"""Pages of occupations and skills, and the picker of forms."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.urls import include, path, reverse
from django.utils import translation

from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.classifications.importers.esco import import_esco
from portal.classifications.models import Occupation, Skill
from portal.classifications.picker import Picker
from portal.classifications.search.index import Kind
from portal.urls import urlpatterns as portal_urls
from tests.classifications import esco_folder as small
from tests.factories import with_role

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

_there = any(getattr(one, "app_name", "") == "classifications" for one in portal_urls)
urlpatterns = [*portal_urls, *([] if _there else [path("", include("portal.classifications.urls"))])]
handler403 = "portal.ui.errors.permission_denied"
handler404 = "portal.ui.errors.page_not_found"


@pytest.fixture
def esco(tmp_path: Path) -> None:
    import_esco(small.write_esco(tmp_path / "esco-v1.2.0"))


@pytest.fixture
def coach(client: Client) -> Client:
    client.force_login(with_role(Role.CASE_WORKER))
    return client


def addresses() -> list[str]:
    welder, welding = Occupation.objects.get(uri=small.WELDER), Skill.objects.get(uri=small.WELDING)
    return [
        reverse("classifications:occupations"),
        reverse("classifications:occupation", args=[welder.pk]),
        reverse("classifications:skills"),
        reverse("classifications:skill", args=[welding.pk]),
        reverse("classifications:pick", args=["occupation", "ammatti", "one"]),
    ]


@pytest.mark.usefixtures("esco")
class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    def test_those_with_the_permission_and_nobody_else(self, client: Client, role: Role) -> None:
        client.force_login(with_role(role))
        allowed = Permission.CLASSIFICATIONS_VIEW in ROLE_PERMISSIONS[role]
        assert {client.get(url).status_code for url in addresses()} == {200 if allowed else 403}

    def test_who_has_not_signed_in_is_sent_to_sign_in(self, client: Client) -> None:
        assert {client.get(url).status_code for url in addresses()} == {302}

    def test_nothing_is_posted(self, coach: Client) -> None:
        assert {coach.post(url).status_code for url in addresses()} == {405}


@pytest.mark.usefixtures("esco")
class TestPages:
    def test_a_search_finds_and_tells_how_many(self, coach: Client) -> None:
        page = coach.get(reverse("classifications:occupations"), {"q": "hitsaaja"}).content.decode()
        assert "putkihitsaaja" in page
        assert 'role="status"' in page
        assert 'value="hitsaaja"' in page

    def test_a_search_that_finds_nothing_says_so_and_keeps_the_words_harmless(self, coach: Client) -> None:
        page = coach.get(reverse("classifications:occupations"), {"q": "<script>xyzzy"}).content.decode()
        assert "&lt;script&gt;xyzzy" in page
        assert "<script>xyzzy" not in page

    def test_the_groups_lead_down_to_occupations(self, coach: Client) -> None:
        url = reverse("classifications:occupations")
        assert "?group=72" in coach.get(url, {"group": "7"}).content.decode()
        assert "levyseppähitsaaja" in coach.get(url, {"group": "7214"}).content.decode()
        for strange in ("x", "72121", "²", "9"):
            assert coach.get(url, {"group": strange}).status_code == 200

    def test_an_occupation_shows_its_skills_names_and_neighbours(self, coach: Client) -> None:
        page = coach.get(addresses()[1]).content.decode()
        for shown in (
            "hitsaaja",
            "svetsare",
            "welder",
            "metal joiner",
            "hitsaus",
            "lukea piirustuksia",
            "putkihitsaaja",
        ):
            assert shown in page
        assert "This service uses the ESCO classification of the European Commission." in page

    def test_a_skill_shows_the_occupations_that_need_it(self, coach: Client) -> None:
        page = coach.get(addresses()[3]).content.decode()
        assert "putkihitsaaja" in page
        assert "joining metal" in page

    def test_a_name_in_another_language_says_which(self, coach: Client) -> None:
        sheet = Occupation.objects.get(uri=small.SHEET_WELDER)
        with translation.override("sv"):
            page = coach.get(
                reverse("classifications:occupation", args=[sheet.pk]), headers={"accept-language": "sv"}
            ).content.decode()
        assert '<span lang="en">sheet metal welder</span>' in page

    def test_an_occupation_that_is_not_there(self, coach: Client) -> None:
        assert coach.get(reverse("classifications:occupation", args=[0])).status_code == 404

    def test_the_demo_taxonomy_is_chosen_where_both_are_loaded(self, coach: Client) -> None:
        call_command("import_esco", scheme="demo", stdout=StringIO())
        url = reverse("classifications:occupations")
        hygienist = reverse("classifications:occupation", args=[Occupation.objects.get(name_fi="hammashoitaja").pk])
        assert hygienist not in coach.get(url, {"q": "hammashoitaja"}).content.decode()
        assert hygienist in coach.get(url, {"q": "hammashoitaja", "scheme": "demo"}).content.decode()


@pytest.mark.usefixtures("esco")
class TestPicker:
    def pick(self, query: str, *, multiple: bool = False) -> Picker:
        return Picker.of(Kind.OCCUPATION, "ammatti", QueryDict(query), multiple=multiple, legend="Ammatti")

    def test_what_is_found_can_be_ticked(self) -> None:
        picker = self.pick("ammatti-q=hitsaaja&ammatti-search=1")
        assert picker.is_search
        assert next(option.label.text for option in picker.options) == "hitsaaja"
        assert not picker.chosen

    def test_what_is_ticked_stays_through_another_search(self) -> None:
        nurse = Occupation.objects.get(uri=small.NURSE)
        picker = self.pick(f"ammatti-q=hitsaaja&ammatti={nurse.pk}")
        assert picker.chosen == [nurse.pk]
        assert next(option.pk for option in picker.options) == nurse.pk
        assert picker.found == 3

    def test_one_or_many(self) -> None:
        ids = list(Occupation.objects.order_by("pk").values_list("pk", flat=True))
        query = "&".join(f"ammatti={pk}" for pk in ids)
        assert self.pick(query).chosen == ids[:1]
        assert self.pick(query, multiple=True).chosen == ids

    @pytest.mark.parametrize("value", ["x", "-1", "0", "99999999999999999999999", "1 OR 1=1", "²"])
    def test_what_is_no_id_is_not_chosen(self, value: str) -> None:
        data = QueryDict(mutable=True)
        data["ammatti"] = value
        assert Picker.of(Kind.OCCUPATION, "ammatti", data).chosen == []

    def test_the_fragment_and_names_that_are_none_of_ours(self, coach: Client) -> None:
        url = reverse("classifications:pick", args=["occupation", "ammatti", "many"])
        page = coach.get(url, {"ammatti-q": "hitsaaja"}).content.decode()
        assert 'type="checkbox"' in page
        assert "<html" not in page
        assert coach.get("/valinta/occupation/AMMATTI/one/").status_code == 404
        assert coach.get("/valinta/nothing/ammatti/one/").status_code == 404
