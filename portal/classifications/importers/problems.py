"""What is wrong with the files of an import, told so that a person can mend it."""

from dataclasses import dataclass
from typing import Final

MOST_SHOWN: Final = 20
"""A file with the wrong columns would name every row: reading stops when this many problems are known."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `row` counts as a spreadsheet does (the header is row 1), `line` as a text editor does."""

    file: str
    text: str
    row: int | None = None
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
            if self.line is not None and self.line != self.row:
                place += f" (line {self.line})"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.text}"


class BrokenFiles(Exception):
    """The files cannot be imported; nothing has been changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Findings:
    """Problems (which stop the import) and notes (which do not), gathered while reading."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def problem(
        self, file: str, text: str, *, row: int | None = None, line: int | None = None, column: str = ""
    ) -> None:
        """Note a problem; raises BrokenFiles when there are as many as a person wants to read at once."""
        self.problems.append(Problem(file, text, row, line, column))
        if len(self.problems) >= MOST_SHOWN:
            raise BrokenFiles(self.problems)

    def note(self, text: str) -> None:
        """Note something that does not stop the import."""
        self.notes.append(text)

    def stop_when_broken(self) -> None:
        """Raise BrokenFiles when there is a problem."""
        if self.problems:
            raise BrokenFiles(self.problems)
