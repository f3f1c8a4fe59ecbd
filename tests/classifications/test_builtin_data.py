"""The portal's own data: complete in three languages, every reference resolves, plainly ours.

Only the CSV files are read: no Django, no database.
"""

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

BUILTIN = Path(__file__).resolve().parents[2] / "portal" / "classifications" / "builtin"
TAXONOMY = BUILTIN / "demo_taxonomy"
LANGUAGES = ("fi", "sv", "en")
NAMES = tuple(f"name_{language}" for language in LANGUAGES)
BASE = "https://kohtaanto.example/demo/"
MERI_LAPPI = {"240", "241", "751", "845", "851", "976"}
ALWAYS_EMPTY = {"hiddenLabels", "regulatedProfessionNote", "scopeNote", "definition", "Scope note", "Description"}
MAY_BE_EMPTY = {
    "ISCOGroups": {"altLabels", "description"},
    "skillGroups": {"altLabels", "description"},
    "skills": {"altLabels", "description"},
    "skillsHierarchy": {f"Level {level} {part}" for level in (1, 2, 3) for part in ("URI", "preferred term", "code")},
    "municipalities.csv": {"name_se", "employment_area_code"},
    "employment_areas.csv": {"responsible_municipality_code"},
    "driving_licences.csv": {"includes"},
    "cards.csv": {"validity_years", "validity_basis"},
    "work_times.csv": {"parent_code"},
    "employment_continuity.csv": {"parent_code"},
    "job_texts.csv": {"isco_prefix"},
    "employer_names.csv": {"industry_code"},
}
NAMED_LISTS = (
    "cards.csv",
    "cefr_levels.csv",
    "driving_licences.csv",
    "education_levels.csv",
    "employer_types.csv",
    "employment_areas.csv",
    "employment_continuity.csv",
    "employment_types.csv",
    "hours_periods.csv",
    "industries.csv",
    "languages.csv",
    "salary_bases.csv",
    "work_starts.csv",
    "work_times.csv",
    "working_hours.csv",
)

Row = dict[str, str]


@cache
def table(name: str, folder: Path = BUILTIN) -> tuple[Row, ...]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


def taxonomy(name: str) -> tuple[Row, ...]:
    return table(f"{name}.csv", TAXONOMY)


def column(rows: tuple[Row, ...], name: str) -> list[str]:
    return [row[name] for row in rows]


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def every_file() -> list[Path]:
    return sorted(BUILTIN.rglob("*.csv"))


@pytest.mark.parametrize("path", every_file(), ids=lambda path: str(path.relative_to(BUILTIN)))
class TestEveryFile:
    """What holds for each file, whatever it says."""

    def test_is_plain_utf8_with_newlines(self, path: Path) -> None:
        content = path.read_bytes()
        content.decode("utf-8")
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")

    def test_has_rows_as_wide_as_the_header_and_no_stray_blanks(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        assert rows
        assert not repeated(header)
        for row in rows:
            assert len(row) == len(header), row
            for cell in row:
                assert cell == cell.strip(), row
                assert "  " not in cell, row
                assert not re.search("[\u00ad\u200b\ufffd]", cell), row

    def test_holds_nothing_of_esco(self, path: Path) -> None:
        assert "europa.eu" not in path.read_text(encoding="utf-8")

    def test_empty_cells_are_only_where_they_may_be(self, path: Path) -> None:
        name = path.stem.rsplit("_", 1)[0] if path.parent == TAXONOMY else path.name
        free = MAY_BE_EMPTY.get(name, set()) | ALWAYS_EMPTY
        for row in table(path.name, path.parent):
            assert all(value for name, value in row.items() if name not in free), row


@pytest.mark.parametrize("kind", ["occupations", "skills", "ISCOGroups", "skillGroups"])
class TestConcepts:
    """Occupations, skills and their groups in three languages."""

    def test_are_the_same_in_every_language(self, kind: str) -> None:
        addresses = [column(taxonomy(f"{kind}_{language}"), "conceptUri") for language in LANGUAGES]
        assert addresses[0] == addresses[1] == addresses[2]
        assert not repeated(addresses[0])
        assert all(address.startswith(BASE) for address in addresses[0])

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_one_name_each_and_no_two_the_same(self, kind: str, language: str) -> None:
        names = column(taxonomy(f"{kind}_{language}"), "preferredLabel")
        assert all(names)
        assert not repeated([name.casefold() for name in names])

    def test_names_differ_between_finnish_and_the_other_languages(self, kind: str) -> None:
        finnish = column(taxonomy(f"{kind}_fi"), "preferredLabel")
        for language in ("sv", "en"):
            other = column(taxonomy(f"{kind}_{language}"), "preferredLabel")
            same = sum(ours == theirs for ours, theirs in zip(finnish, other, strict=True))
            assert same <= len(finnish) * 0.01


class TestOccupations:
    """The region's occupations, under the names that people type."""

    def test_are_many_and_from_all_walks_of_work(self) -> None:
        rows = taxonomy("occupations_en")
        assert len(rows) >= 120
        assert set("123456789") == {row["iscoGroup"][0] for row in rows}

    def test_code_begins_with_the_isco_group(self) -> None:
        rows = taxonomy("occupations_fi")
        codes = column(rows, "code")
        assert not repeated(codes)
        for row in rows:
            assert re.fullmatch(r"\d{4}\.\d{1,2}", row["code"]), row
            assert row["code"].startswith(row["iscoGroup"] + "."), row

    @pytest.mark.parametrize(("language", "least"), [("fi", 2), ("sv", 1), ("en", 1)])
    def test_have_other_names_and_one_sentence(self, language: str, least: int) -> None:
        rows = taxonomy(f"occupations_{language}")
        preferred = {name.casefold() for name in column(rows, "preferredLabel")}
        for row in rows:
            others = row["altLabels"].split("\n") if row["altLabels"] else []
            assert len(others) >= least, row
            assert not repeated([other.casefold() for other in others]), row
            assert not preferred & {other.casefold() for other in others}, row
            assert re.fullmatch(r"[A-ZÅÄÖ][^.]+\.", row["description"]), row

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_other_name_stands_for_two_occupations(self, language: str) -> None:
        names = [name for row in taxonomy(f"occupations_{language}") for name in row["altLabels"].split("\n")]
        assert not repeated(names)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_begin_in_lower_case_unless_an_abbreviation(self, language: str) -> None:
        for name in column(taxonomy(f"occupations_{language}"), "preferredLabel"):
            assert name[0].islower() or name[:2].isupper(), name


class TestSkills:
    """One shared pool of skills, grouped on two levels."""

    def test_pool_is_shared_by_occupations(self) -> None:
        relations = taxonomy("occupationSkillRelations_en")
        uses = Counter(column(relations, "skillUri"))
        assert set(uses) == set(column(taxonomy("skills_en"), "conceptUri")), "a skill that no occupation needs"
        assert sum(count > 1 for count in uses.values()) >= len(uses) * 0.7

    def test_occupation_has_enough_of_them(self) -> None:
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        pairs = []
        for row in taxonomy("occupationSkillRelations_en"):
            assert row["relationType"] in {"essential", "optional"}
            kinds[row["occupationUri"]][row["relationType"]] += 1
            pairs.append(f"{row['occupationUri']} {row['skillUri']}")
        assert not repeated(pairs)
        assert set(kinds) == set(column(taxonomy("occupations_en"), "conceptUri"))
        for address, counts in kinds.items():
            assert 9 <= counts.total() <= 16, address
            assert counts["essential"] >= 5, address
            assert counts["optional"] >= 2, address

    def test_related_occupations_share_more_than_unrelated_ones(self) -> None:
        skills: dict[str, set[str]] = defaultdict(set)
        for row in taxonomy("occupationSkillRelations_en"):
            skills[row["occupationUri"].removeprefix(f"{BASE}occupation/")].add(row["skillUri"])
        assert len(skills["welder"] & skills["pipe-welder"]) >= 6
        assert len(skills["practical-nurse"] & skills["care-assistant"]) >= 5
        assert not skills["welder"] & skills["practical-nurse"]

    def test_types_are_known_and_the_same_in_the_relations(self) -> None:
        types = {row["conceptUri"]: row["skillType"] for row in taxonomy("skills_en")}
        assert set(types.values()) == {"knowledge", "skill/competence"}
        assert all(types[row["skillUri"]] == row["skillType"] for row in taxonomy("occupationSkillRelations_en"))
        levels = {"occupation-specific", "sector-specific", "cross-sector", "transversal"}
        assert set(column(taxonomy("skills_en"), "reuseLevel")) == levels

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_hold_no_knowledge_of_languages(self, language: str) -> None:
        tongues = re.compile(
            r"\b(suom(i|en kieli|ea)|ruots(i|ia)|englan(ti|tia)|finska|svenska|engelska|finnish|swedish|english)\b"
        )
        assert not [name for name in column(taxonomy(f"skills_{language}"), "preferredLabel") if tongues.search(name)]

    def test_stand_in_one_or_two_groups_of_the_second_level(self) -> None:
        code = {row["conceptUri"]: row["code"] for row in taxonomy("skillGroups_en")}
        parents = Counter(
            row["conceptUri"]
            for row in taxonomy("broaderRelationsSkillPillar_en")
            if row["conceptType"] == "KnowledgeSkillCompetence" and re.fullmatch(r"S\d+\.\d+", code[row["broaderUri"]])
        )
        assert set(parents) == set(column(taxonomy("skills_en"), "conceptUri"))
        assert set(parents.values()) == {1, 2}


class TestGroups:
    """ISCO groups above the occupations, skill groups above the skills."""

    def test_isco_groups_are_those_that_the_occupations_need(self) -> None:
        needed = {row["iscoGroup"][:digits] for row in taxonomy("occupations_en") for digits in (1, 2, 3, 4)}
        groups = taxonomy("ISCOGroups_en")
        assert set(column(groups, "code")) == needed
        assert all(row["conceptUri"] == f"{BASE}isco/C{row['code']}" for row in groups)

    def test_skill_groups_have_two_levels_under_one_root(self) -> None:
        codes = column(taxonomy("skillGroups_en"), "code")
        assert not repeated(codes)
        assert codes[0] == "S"
        assert len([code for code in codes if re.fullmatch(r"S\d+", code)]) == 12
        assert 60 <= len([code for code in codes if re.fullmatch(r"S\d+\.\d+", code)]) <= 80

    @pytest.mark.parametrize("pillar", ["OccPillar", "SkillPillar"])
    def test_broader_relations_resolve(self, pillar: str) -> None:
        kinds = ("occupations", "skills", "ISCOGroups", "skillGroups")
        kind = {row["conceptUri"]: row["conceptType"] for name in kinds for row in taxonomy(f"{name}_en")}
        for row in taxonomy(f"broaderRelations{pillar}_en"):
            assert kind[row["conceptUri"]] == row["conceptType"], row
            assert kind[row["broaderUri"]] == row["broaderType"], row

    def test_every_occupation_stands_under_its_group_and_every_group_under_a_shorter_one(self) -> None:
        parent = {row["conceptUri"]: row["broaderUri"] for row in taxonomy("broaderRelationsOccPillar_en")}
        for row in taxonomy("occupations_en"):
            assert parent[row["conceptUri"]] == f"{BASE}isco/C{row['iscoGroup']}"
        for row in taxonomy("ISCOGroups_en"):
            wanted = f"{BASE}isco/C{row['code'][:-1]}" if len(row["code"]) > 1 else None
            assert parent.get(row["conceptUri"]) == wanted

    def test_hierarchy_of_skills_agrees_with_the_groups(self) -> None:
        groups = {row["conceptUri"]: row for row in taxonomy("skillGroups_en")}
        parent = {row["conceptUri"]: row["broaderUri"] for row in taxonomy("broaderRelationsSkillPillar_en")}
        seen = set()
        for row in taxonomy("skillsHierarchy_en"):
            path = [row[f"Level {level} URI"] for level in range(4) if row[f"Level {level} URI"]]
            for level, address in enumerate(path):
                assert row[f"Level {level} preferred term"] == groups[address]["preferredLabel"]
                assert row[f"Level {level} code"] == groups[address]["code"]
                assert parent.get(address) == (path[level - 1] if level else None)
            seen.add(path[-1])
        assert seen == set(groups)


class TestPlaces:
    """Municipalities of Lapland and its neighbours, and roads between them."""

    def test_codes_tell_the_country(self) -> None:
        rows = table("municipalities.csv")
        assert not repeated(column(rows, "code"))
        shapes = {"FI": r"\d{3}", "SE": r"SE25\d\d", "NO": r"NO5[56]\d\d"}
        for row in rows:
            assert re.fullmatch(shapes[row["country"]], row["code"]), row
        assert Counter(column(rows, "region_code"))["19"] == 21
        for name in NAMES:
            assert not repeated([f"{row['country']} {row[name]}" for row in rows])

    def test_centres_are_in_the_north(self) -> None:
        for row in table("municipalities.csv"):
            assert 17 <= float(row["lon"]) <= 31, row
            assert 64.9 <= float(row["lat"]) <= 71.2, row

    def test_areas_are_known_and_the_first_one_has_its_six_municipalities(self) -> None:
        areas = {row["code"]: row for row in table("employment_areas.csv")}
        members = defaultdict(set)
        for row in table("municipalities.csv"):
            assert bool(row["employment_area_code"]) == (row["country"] == "FI"), row
            if row["employment_area_code"]:
                members[row["employment_area_code"]].add(row["code"])
        assert set(members) == set(areas)
        assert members["22"] == MERI_LAPPI
        assert areas["22"]["responsible_municipality_code"] == "851"

    def test_roads_run_both_ways_at_believable_speeds(self) -> None:
        known = set(column(table("municipalities.csv"), "code"))
        roads = {}
        for row in table("travel_overrides.csv"):
            pair = (row["from_code"], row["to_code"])
            assert set(pair) <= known, row
            assert pair[0] != pair[1], row
            assert pair not in roads, row
            roads[pair] = (int(row["kilometres"]), int(row["minutes"]))
        for (origin, destination), (kilometres, minutes) in roads.items():
            assert roads[destination, origin] == (kilometres, minutes)
            assert 30 <= 60 * kilometres / minutes <= 90, (origin, destination)
        assert roads["851", "SE2583"] == (3, 6)
        inside = {(a, b) for a in MERI_LAPPI for b in MERI_LAPPI if a != b}
        assert inside <= set(roads)


class TestCodeLists:
    """Short lists with the state portal's code values."""

    @pytest.mark.parametrize("name", NAMED_LISTS)
    def test_codes_and_names_are_unique(self, name: str) -> None:
        rows = table(name)
        assert not repeated(column(rows, "code"))
        for language in NAMES:
            assert not repeated([text.casefold() for text in column(rows, language)])

    def test_languages_carry_the_matched_ones_and_the_special_codes(self) -> None:
        bits = {row["code"]: row["requirement_bits"] for row in table("languages.csv")}
        assert set(bits.values()) == {"yes", "no"}
        matched = {"fi", "sv", "en", "se", "smn", "sms", "no", "ru", "et", "uk", "de", "fr", "es", "ar", "fa", "so"}
        assert {code for code, carried in bits.items() if carried == "yes"} == matched
        assert {"ber", "rom", "smn", "sms", "und", "crn", "fse", "fss"} <= set(bits)
        assert all(len(code) == 2 or code in {"ber", "rom", "smn", "sms", "und", "crn", "fse", "fss"} for code in bits)
        assert len(bits) >= 60

    def test_cards_are_the_whole_list(self) -> None:
        rows = table("cards.csv")
        assert column(rows, "code") == [f"{number:03d}" for number in range(1, 96)]
        for row in rows:
            assert bool(row["validity_years"]) == bool(row["validity_basis"]), row
            if row["validity_years"]:
                assert 1 <= int(row["validity_years"]) <= 10, row
                assert row["validity_basis"] in {"law", "scheme"}, row

    def test_licences_include_known_ones(self) -> None:
        rows = table("driving_licences.csv")
        codes = column(rows, "code")
        assert codes == ["A1A2A", "B", "B96BE", "C1C", "C1ECE", "D1D", "D1EDE"]
        for row in rows:
            included = row["includes"].split()
            assert set(included) <= set(codes) - {row["code"]}, row

    def test_levels_of_language_rise(self) -> None:
        rows = table("cefr_levels.csv")
        assert column(rows, "code") == ["A1", "A2", "B1", "B2", "C1", "C2", "L1"]
        assert column(rows, "ordinal") == list("1234567")

    def test_shifts_stand_under_shift_work(self) -> None:
        codes = set(column(table("work_times.csv"), "code"))
        for row in table("work_times.csv"):
            assert row["list"] == ("vuorotyo" if row["parent_code"] else "tyoskentelyAika"), row
            assert not row["parent_code"] or row["parent_code"] in codes, row

    def test_industries_are_sections_and_their_divisions(self) -> None:
        rows = table("industries.csv")
        sections = {row["code"] for row in rows if row["code"].isalpha()}
        assert sections == set("ABCDEFGHIJKLMNOPQRSTU")
        divisions = [row for row in rows if row["code"].isdigit()]
        assert len(divisions) == 88
        assert {row["section"] for row in divisions} == sections
        assert all(len(row["code"]) == 2 for row in divisions)


class TestDemoArea:
    """What the generator of a demo area draws from."""

    def test_shares_of_municipalities_are_the_published_figures(self) -> None:
        rows = table("municipality_shares.csv", BUILTIN / "statistics")
        assert set(column(rows, "municipality_code")) == MERI_LAPPI
        assert sum(int(row["unemployed"]) for row in rows) == 2664
        assert sum(int(row["labour_force"]) for row in rows) == 25262
        assert sum(int(row["open_vacancies"]) for row in rows) == 1058

    def test_shares_of_occupations_reach_most_people(self) -> None:
        rows = table("occupation_shares.csv", BUILTIN / "statistics")
        codes = column(rows, "isco_code")
        assert not repeated(codes)
        assert all(re.fullmatch(r"\d{4}|uncoded", code) for code in codes)
        unemployed = {row["isco_code"]: int(row["unemployed"]) for row in rows}
        coded = sum(unemployed.values()) - unemployed["uncoded"]
        ours = {row["iscoGroup"] for row in taxonomy("occupations_en")}
        assert sum(unemployed.get(code, 0) for code in ours) > 0.85 * coded
        assert 0.15 < unemployed["uncoded"] / sum(unemployed.values()) < 0.19

    def test_names_are_plenty_and_surnames_are_never_first_names(self) -> None:
        rows = table("names.csv")
        first = {row["name"] for row in rows if row["kind"] == "first"}
        last = {row["name"] for row in rows if row["kind"] == "last"}
        assert len(first) >= 120
        assert len(last) >= 60
        assert len(first) + len(last) == len(rows), "a name stands twice"
        assert not first & last
        languages = {row["language"] for row in rows}
        assert {"fi", "sv"} <= languages <= set(column(table("languages.csv"), "code"))

    def test_employers_belong_to_known_industries(self) -> None:
        rows = table("employer_names.csv")
        industries = {row["code"] for row in table("industries.csv") if row["code"].isdigit()}
        kinds = Counter(column(rows, "kind"))
        assert set(kinds) == {"prefix", "trade", "full"}
        assert kinds["full"] >= 120
        assert not repeated([row["name"] for row in rows if row["kind"] == "full"])
        prefixes = tuple(row["name"] for row in rows if row["kind"] == "prefix")
        for row in rows:
            assert (row["industry_code"] in industries) == (row["kind"] != "prefix"), row
            if row["kind"] == "full":
                assert row["name"].startswith(prefixes), row

    def test_job_texts_reach_every_occupation(self) -> None:
        rows = table("job_texts.csv")
        prefixes = {row["isco_prefix"] for row in rows if row["part"] == "task"}
        for row in taxonomy("occupations_en"):
            assert any(row["iscoGroup"][:digits] in prefixes for digits in (2, 3, 4)), row["preferredLabel"]
        assert {row["part"] for row in rows if not row["isco_prefix"]} == {"offer", "apply"}
        for language in LANGUAGES:
            texts = column(rows, f"text_{language}")
            assert not repeated(texts)
            assert all(text.endswith(".") for text in texts)
