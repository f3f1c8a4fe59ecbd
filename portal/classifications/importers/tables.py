"""Read one CSV file row by row, with the place of each row for messages."""

import csv
import io
import operator
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.classifications.importers.problems import BrokenFiles, Findings


class Row(NamedTuple):
    """One row: its place in the file and the values of the wanted columns, in the order they were asked for."""

    number: int
    line: int
    values: tuple[str, ...]


def read_table(
    shown: str, content: bytes, columns: Sequence[str], findings: Findings, *, short_rows: bool = False
) -> Iterator[Row]:
    """Yield the rows of a CSV file (comma, double quotes, UTF-8 with or without its mark); at least two columns are
    wanted.

    Raises BrokenFiles at once where the rest of the file cannot be understood: not UTF-8, a column missing from the
    header, an unbalanced quote. A row with too few or too many cells is noted as a problem and left out;
    with `short_rows`, cells missing at the end of a row are empty.
    """
    text = _decode(shown, content, findings)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(shown, reader, columns, findings)
    wanted = operator.itemgetter(*(header.index(column) for column in columns))
    width = len(header)
    number, start = 1, reader.line_num + 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            findings.problem(
                shown,
                f"the quotes do not balance ({error}): the row begins on this line; mend its double quotes",
                row=number,
                line=start,
            )
            raise BrokenFiles(findings.problems) from error
        line, start = start, reader.line_num + 1
        if not cells:
            number -= 1
            continue
        if short_rows and len(cells) < width:
            cells += [""] * (width - len(cells))
        if len(cells) != width:
            findings.problem(
                shown,
                f"has {len(cells)} cells where the header has {width}: look for a missing comma or quote",
                row=number,
                line=line,
            )
            continue
        yield Row(number, line, wanted(cells))


def _header(shown: str, reader: Iterator[list[str]], columns: Sequence[str], findings: Findings) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader)]
    except (StopIteration, csv.Error) as error:
        findings.problem(shown, "is empty or has no header row: download it again", row=1)
        raise BrokenFiles(findings.problems) from error
    missing = [column for column in columns if column not in header]
    twice = [column for column in columns if header.count(column) > 1]
    for column in missing:
        findings.problem(
            shown, f"the column is missing; the header has: {', '.join(header)[:200]}", row=1, column=column
        )
    for column in twice:
        findings.problem(shown, "the column stands twice in the header", row=1, column=column)
    if missing or twice:
        raise BrokenFiles(findings.problems)
    return header


def _decode(shown: str, content: bytes, findings: Findings) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.problem(
            shown, f"is not UTF-8 (byte {content[error.start]:#04x}): save the file as “CSV UTF-8”", row=line, line=line
        )
        raise BrokenFiles(findings.problems) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        findings.problem(shown, "holds a zero byte: download the file again", row=line, line=line)
        raise BrokenFiles(findings.problems)
    return text
