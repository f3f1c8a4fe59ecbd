"""Lists as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from portal.ui.spreadsheets.formulas import safe_row


def as_csv(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV as spreadsheets in Finland and Sweden read it: semicolons, and the mark by which they know UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(safe_row(header))
    writer.writerows(safe_row(row) for row in rows)
    return written.getvalue().encode("utf-8-sig")
