"""Every file for a spreadsheet that the portal gives: whatever people have entered, no cell of it begins a formula."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.db import Error, models, transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.roles import Role
from portal.classifications.models import Municipality
from portal.ui.spreadsheets.administration import WithSpreadsheets
from portal.ui.spreadsheets.formats import SafeCSV, SafeXLSX
from portal.ui.spreadsheets.formulas import MARK
from tests.addresses import addresses
from tests.own_code import ROOT, committed_files, own_models
from tests.permission_matrix import ROWS
from tests.permission_questions import cases
from tests.world import World

pytestmark = pytest.mark.slow

PAYLOADS = ('=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", " =1+1")
LEFT_ALONE = {"password", "language"}
"""What signing in and choosing a language stand on."""
BEGINS = re.compile(r"\s*[=+@＝＋＠]|\s*-(?!\d+(?:[.,]\d+)?$)|[\t\r\n]")
TABLES = {row.name for row in ROWS if re.search(r"(export|_file|:file|template)", row.name)}
"""Addresses of ours whose name says that they give a table; others are found by what they answer."""
WRITERS = re.compile(r"csv\.(?:Dict)?[wW]riter\(|\bWorkbook\(|\.to_csv\(|\.export\([\"']")
IN_ONE_PLACE = "portal/ui/spreadsheets/"
ALSO_WRITES = {
    "jobmatching/management/commands/evaluate_matching.py": "ranks of numbered pairs, for whoever judges the matching",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plant() -> int:
    """Write a payload into every text column that takes it, of every model of ours; how many columns took one.

    Each column gets the next payload, so that each is met somewhere; tests/ui/spreadsheets tries them all on a cell.
    """
    planted = 0
    turns = cycle(PAYLOADS)
    for model in own_models():
        if not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            payload = next(turns)
            plain = type(field) in (models.CharField, models.TextField) and not field.choices and not field.unique
            if plain and field.name not in LEFT_ALONE and (field.max_length or 99) >= len(payload):
                try:
                    with transaction.atomic():
                        planted += bool(model._default_manager.update(**{field.name: payload}))
                except Error:
                    continue  # a constraint keeps the column to something else
    return planted


def cells_of(response: HttpResponseBase) -> list[Any] | None:
    """All cells of a file for a spreadsheet; None for any other answer."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code != 200 or not kind.startswith(("text/csv", "text/tab-separated-values", XLSX)):
        return None
    content = b"".join(response) if response.streaming else response.content
    if kind.startswith(XLSX):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
        return [cell.value for cell in cells if cell.value is not None]
    text = content.decode("utf-8-sig")
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]


def dangerous(cells: list[Any]) -> list[str]:
    return [cell for cell in cells if isinstance(cell, str) and BEGINS.match(cell)]


def files_of(world: World) -> Iterator[tuple[str, list[Any], HttpResponseBase]]:
    """Every address of ours, asked by each role who may: those that answer with a file."""
    known = addresses()
    for row in ROWS:
        for case in cases(row, world) if row.name in known else ():
            if not case.may or case.object == "other" or case.method not in ("GET", "POST"):
                continue
            if row.status(case.method) is None:
                continue
            if case.user is not None and row.html and case.method == "GET":
                continue  # a page
            client = Client(raise_request_exception=False)
            if case.user is not None:
                client.force_login(case.user)
            with transaction.atomic():
                response = client.generic("GET", case.url) if case.method == "GET" else client.post(case.url, case.data)
                cells = cells_of(response)
                transaction.set_rollback(True)
            if cells is not None:
                yield row.name, cells, response
                break


@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_no_file_of_ours_runs_anything(world: World) -> None:
    assert plant() > 20
    marked, found = [], set()
    for name, cells, response in files_of(world):
        found.add(name)
        assert not dangerous(cells), name
        marked += [cell for cell in cells if isinstance(cell, str) and cell.startswith(MARK)]
        # The name of the file holds nothing that people have entered.
        assert re.fullmatch(r'attachment; filename="[\w.-]+"', response.headers["Content-Disposition"]), name
    assert not sorted(TABLES - found), "no role got the file of these: say in their row what is posted"
    assert marked, "the planted text is in a file"


@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_no_file_of_the_administration_runs_anything(world: World) -> None:
    assert plant() > 20
    client = Client()
    client.force_login(world.own.users[Role.ADMINISTRATOR])
    seen = marked = 0
    for model, register in admin.site._registry.items():
        if not isinstance(register, WithSpreadsheets):
            assert not hasattr(register, "export_action"), f"{model._meta.label} exports in a way of its own"
            continue
        [resource] = register.resource_classes
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_export"
        chosen = {f"{resource.__name__.lower()}_{field}": "on" for field in resource().fields}
        for number in range(len(register.export_formats)):
            cells = cells_of(client.post(reverse(name), {"format": str(number), "resource": "0", **chosen}))
            assert cells is not None
            assert not dangerous(cells), (name, number)
            seen += 1
            marked += sum(isinstance(cell, str) and cell.startswith(MARK) for cell in cells)
    assert seen >= 16
    assert marked


@override_settings(ZEAL_ALLOWLIST=[{"model": "*"}])
def test_numbers_stay_numbers(world: World) -> None:
    Municipality.objects.filter(pk=world.own.municipality.pk).update(longitude=-24.5, latitude=65.75)
    client = Client()
    client.force_login(world.own.users[Role.ADMINISTRATOR])
    address = reverse("admin:classifications_municipality_export")
    fields = {f"municipalityresource_{name}": "on" for name in ("code", "longitude", "latitude")}
    as_text = cells_of(client.post(address, {"format": "0", "resource": "0", **fields}))
    as_numbers = cells_of(client.post(address, {"format": "1", "resource": "0", **fields}))
    assert as_text is not None
    assert as_numbers is not None
    assert "-24,5" in as_text, "as a spreadsheet in Finnish reads a number, and without the mark of a text"
    assert -24.5 in as_numbers
    assert 65.75 in as_numbers


def test_tables_are_written_in_one_place() -> None:
    """Where formulas are escaped; another writer of tables would have to be looked at by itself."""
    found = set()
    for path in committed_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and not name.startswith(("tests/", IN_ONE_PLACE)):
            lines = path.read_text(encoding="utf-8").splitlines()
            # The other way out is a resource of the library, whose formats are those of test_the_ways_out_are_known.
            if any(WRITERS.search(line) and "SafeXLSX" not in line and "SafeCSV" not in line for line in lines):
                found.add(name)
    assert found == set(ALSO_WRITES)
    assert len(TABLES) >= 10


def test_the_ways_out_are_known() -> None:
    assert WithSpreadsheets.export_formats == (SafeCSV, SafeXLSX)


def test_the_search_sees_a_formula() -> None:
    assert dangerous(["a", "=1", "-1", "-1+1", "'=1", 5]) == ["=1", "-1+1"]
