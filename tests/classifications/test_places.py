"""Municipalities, employment areas, code lists and travel times."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from portal.classifications.importers import travel
from portal.classifications.importers.builtin import load_builtin
from portal.classifications.importers.municipalities import import_national_key
from portal.classifications.importers.problems import BrokenFiles
from portal.classifications.models import (
    Card,
    DrivingLicence,
    EducationLevel,
    EmploymentArea,
    Industry,
    Language,
    Municipality,
    TravelTime,
)
from portal.classifications.slots import NoSlotFree, free_slots
from tests.classifications.esco_folder import change_rows, write_pairs
from tests.classifications.national_key import write_national_key


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return write_national_key(tmp_path)


def way(origin: str, destination: str) -> TravelTime:
    return TravelTime.objects.get(origin__code=origin, destination__code=destination)


@pytest.mark.django_db
class TestTheBuiltInRegisters:
    def test_all_is_there_and_a_second_time_changes_nothing(self) -> None:
        assert load_builtin()["municipalities"].added == Municipality.objects.count() > 50
        assert not any(load_builtin().values())
        assert EmploymentArea.objects.get(code="22").municipalities.count() == 6
        assert Industry.objects.get(code="24").section == "C"
        assert list(EducationLevel.objects.values_list("order", flat=True)) == [1, 2, 3, 4, 5, 6, 7]

    def test_places_in_matching(self) -> None:
        load_builtin()
        slots = dict(Language.objects.exclude(match_slot=None).values_list("code", "match_slot"))
        assert (slots["fi"], slots["sv"], slots["en"]) == (0, 1, 2)
        assert sorted(slots.values()) == list(range(len(slots)))
        assert len(slots) <= 16
        assert Language.objects.get(code="und").match_slot is None
        cards = list(Card.objects.order_by("code").values_list("match_slot", flat=True))
        assert cards == list(range(95))
        assert list(EducationLevel.objects.order_by("code").values_list("match_slot", flat=True)) == list(range(7))
        assert DrivingLicence.objects.get(code="C1ECE").includes == ["B", "B96BE", "C1C"]
        assert Card.objects.get(code="022").name_fi == "hygieniapassi"

    def test_a_row_keeps_its_place_and_a_new_one_takes_the_lowest_free(self) -> None:
        load_builtin()
        Card.objects.filter(code="003").update(match_slot=100)
        Card.objects.get(code="001").delete()
        EducationLevel.objects.get(code="31").delete()
        EducationLevel.objects.filter(code="32").update(order=9)

        load_builtin()

        assert Card.objects.get(code="003").match_slot == 100
        assert Card.objects.get(code="001").match_slot == 0
        assert EducationLevel.objects.get(code="31").match_slot == 0
        assert EducationLevel.objects.get(code="32").match_slot == 1

    def test_when_all_places_are_taken(self) -> None:
        for slot in range(16):
            DrivingLicence.objects.create(code=f"X{slot}", order=slot, match_slot=slot)
        with pytest.raises(NoSlotFree, match="16 places"):
            next(free_slots(DrivingLicence))

    def test_what_people_have_mended_is_kept(self) -> None:
        load_builtin()
        Municipality.objects.filter(code="851").update(name_en="Tornio city", name_se="")
        EmploymentArea.objects.filter(code="22").update(name_sv="Havslappland")
        Municipality.objects.filter(code="976").update(name_sv="")

        load_builtin()

        assert Municipality.objects.get(code="851").name_en == "Tornio city"
        assert EmploymentArea.objects.get(code="22").name_sv == "Havslappland"
        assert Municipality.objects.get(code="976").name_sv == "Övertorneå"

    def test_the_commands(self) -> None:
        said = StringIO()
        call_command("load_builtin", stdout=said)
        call_command("import_municipalities", stdout=said)
        assert said.getvalue().endswith("Nothing changed.\n")


@pytest.mark.django_db
class TestTheNationalKey:
    def test_it_adds_mends_and_retires(self, key: Path) -> None:
        load_builtin()
        sami_name = Municipality.objects.get(code="148").name_se

        changes, notes = import_national_key(key)

        assert not notes
        assert changes["municipalities"].added == 2
        akaa = Municipality.objects.select_related("area").get(code="020")
        assert (akaa.name_sv, akaa.region_code, akaa.longitude) == ("Ackas", "06", 23.866)
        assert akaa.area is not None
        assert akaa.area.name_en == "Tampere region"
        alajarvi = Municipality.objects.get(code="005")
        assert (alajarvi.name_sv, alajarvi.longitude) == ("Alajärvi", None)
        # The built-in name of the area is fuller than that of the key, and kept.
        assert EmploymentArea.objects.get(code="22").name_fi == "Meri-Lapin työllisyysalue"
        inari = Municipality.objects.get(code="148")
        assert (inari.retired, inari.name_se) == (True, sami_name)
        assert not Municipality.objects.get(code="SE2583").retired
        assert not any(import_national_key(key)[0].values())
        assert not any(load_builtin().values())

    def test_travel_reaches_those_with_a_centre(self, key: Path) -> None:
        load_builtin()
        import_national_key(key)
        assert way("020", "851").estimated
        assert not TravelTime.objects.filter(origin__code="005").exists()

    def test_the_file_alone_finds_the_centres_beside_it(self, key: Path) -> None:
        import_national_key(key / "key.csv")
        assert Municipality.objects.get(code="851").latitude == 65.8483

    def test_without_centres_it_says_so(self, key: Path) -> None:
        (key / "centres.csv").unlink()
        notes = import_national_key(key)[1]
        assert "No centre points" in notes[0]

    @pytest.mark.parametrize(
        ("file", "change", "told"),
        [
            ("key.csv", {"kunta": "FI1"}, r"key\.csv, row 2, column kunta: “FI1”"),
            ("key.csv", {"municipality_name_fi": " "}, r"key\.csv, row 2, column municipality_name_fi: is empty"),
            ("key.csv", {"kunta": "20"}, r"key\.csv, row 3, column kunta: 020 stands twice"),
            ("centres.csv", {"lat": "north"}, r"centres\.csv, row 2, column lat: “north”"),
            ("centres.csv", {"lon": "241"}, r"centres\.csv, row 2, column lon: “241”"),
        ],
    )
    def test_a_broken_file_changes_nothing(self, key: Path, file: str, change: dict[str, str], told: str) -> None:
        change_rows(key / file, lambda rows: [rows[0] | change, *rows[1:]])
        with pytest.raises(CommandError, match=told):
            call_command("import_municipalities", key, stdout=StringIO())
        assert not Municipality.objects.exists()

    def test_a_folder_without_the_key(self, tmp_path: Path) -> None:
        with pytest.raises(BrokenFiles, match="holds 0 files with the columns"):
            import_national_key(tmp_path)
        with pytest.raises(BrokenFiles, match="is not there"):
            import_national_key(tmp_path / "nowhere")


@pytest.mark.django_db
class TestTravelTimes:
    @pytest.fixture
    def matrix(self, tmp_path: Path) -> Callable[..., Path]:
        def write(*rows: tuple[str, ...]) -> Path:
            file = tmp_path / "matrix.csv"
            write_pairs(file, ("from_code", "to_code", "kilometres", "minutes", "source"), list(rows))
            return file

        return write

    def test_every_pair_has_an_estimate_and_says_so(self) -> None:
        load_builtin()
        n = Municipality.objects.count()
        assert TravelTime.objects.count() == n * n
        assert not TravelTime.objects.filter(estimated=False).exists()
        inside = way("851", "851")
        assert (inside.kilometres, inside.minutes) == (8, 12)
        assert way("851", "SE2583").source == travel.ROAD_ESTIMATE
        assert way("851", "NO5501").source == travel.STRAIGHT_LINE

    def test_a_matrix_holds_against_estimates_and_overrides(self, matrix: Callable[..., Path]) -> None:
        load_builtin()
        call_command("import_travel_times", matrix(("851", "240", "28", "29", "road matrix 2026")), stdout=StringIO())

        assert not any(load_builtin().values())

        told = way("851", "240")
        assert (told.kilometres, told.minutes, told.estimated, told.source) == (28, 29, False, "road matrix 2026")
        assert way("240", "851").estimated

    def test_a_new_matrix_replaces_an_old_one(self, matrix: Callable[..., Path]) -> None:
        load_builtin()
        travel.import_travel_times(matrix(("851", "240", "28", "29", "one")))
        assert travel.import_travel_times(matrix(("851", "240", "27", "25", "two"))).changed == 1
        assert way("851", "240").minutes == 25

    def test_estimates_follow_a_moved_centre(self) -> None:
        load_builtin()
        before = way("851", "NO5501").minutes
        Municipality.objects.filter(code="NO5501").update(latitude=65.9, longitude=24.2)

        load_builtin()

        assert way("851", "NO5501").minutes < before

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            (("999", "240", "1", "1", "x"), r"row 2, column from_code: “999”"),
            (("851", "999", "1", "1", "x"), r"row 2, column to_code: “999”"),
            (("851", "240", "1,5", "1", "x"), r"row 2, column kilometres"),
            (("851", "240", "1", "-1", "x"), r"row 2, column minutes"),
            (("851", "240", "99999", "1", "x"), r"row 2, column kilometres"),
            (("851", "240", "1", "1", ""), r"row 2, column source"),
        ],
    )
    def test_a_broken_matrix_changes_nothing(
        self, matrix: Callable[..., Path], row: tuple[str, ...], told: str
    ) -> None:
        load_builtin()
        with pytest.raises(CommandError, match=told):
            call_command("import_travel_times", matrix(row, ("240", "851", "1", "1", "x")), stdout=StringIO())
        assert way("240", "851").minutes != 1

    def test_the_same_way_twice(self, matrix: Callable[..., Path]) -> None:
        load_builtin()
        with pytest.raises(BrokenFiles, match=r"row 3, column to_code: the way from 851 to 240 stands twice"):
            travel.import_travel_times(matrix(("851", "240", "1", "1", "x"), ("851", "240", "2", "2", "x")))


def test_straight_kilometres() -> None:
    tornio, helsinki = (24.1448, 65.8483), (24.9384, 60.1699)
    between = travel.straight_kilometres(np.array([tornio[0], helsinki[0]]), np.array([tornio[1], helsinki[1]]))
    assert between[0, 1] == pytest.approx(632.6, abs=1)
    assert between[0, 0] == 0


@given(st.lists(st.floats(0.1, 1500), min_size=2, max_size=6))
def test_farther_is_never_quicker_and_speed_rises(distances: list[float]) -> None:
    straight = np.zeros((len(distances), len(distances)))
    straight[0] = sorted(distances)
    kilometres, minutes = travel.estimate(straight)
    assert np.all(np.diff(minutes[0, 1:]) >= 0)
    assert np.all(np.diff(kilometres[0, 1:]) >= 0)
    exact = travel.START_MINUTES + straight[0, 1:] * travel.ROAD_FACTOR / travel.ROAD_SPEED * 60
    assert np.all(np.diff(straight[0, 1:] / exact) >= -1e-9)
