"""Reads the file, and the pieces of one document; complaints are collected, so that all are told at once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, Final, Self

LARGEST_FILE: Final = 256 * 1024 * 1024
"""Bytes. A page of the state portal holds at most 500 vacancies, some three megabytes."""

LANGUAGES: Final = ("fi", "sv", "en")

_LISTS: Final = ("ilmoitukset", "Ilmoitukset")


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


def read_documents(file: BinaryIO) -> list[Any]:
    """The documents of a file: a page of the state portal, a list of documents, or one document."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE // 1024**2} megabytes. Split it into smaller ones.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    try:
        page = json.loads(content.decode("utf-8-sig"), parse_constant=_no_such_number)
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not UTF-8 text (byte {error.start + 1}).") from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"The file is not JSON: {error.msg} on line {error.lineno}, column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "The file is not JSON that can be read: it has endless numbers or is nested too deep."
        ) from error
    if isinstance(page, dict):
        for name in _LISTS:
            if name in page:
                page = page[name]
                break
        else:
            page = [page] if "ilmoituksenID" in page else None
    if not isinstance(page, list):
        raise Unreadable("The file has no list of vacancies (ilmoitukset).")
    return page


def _no_such_number(name: str) -> Any:
    raise ValueError(name)


@dataclass
class Complaints:
    """What is wrong with one document, and what was let pass."""

    reasons: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Piece:
    """An object inside a document; `path` says where, for the complaints.

    Every getter gives its empty value where the field is missing or null, and complains where it has another type.
    """

    values: dict[str, Any]
    complaints: Complaints
    path: str = ""

    def refuse(self, name: str, why: str) -> None:
        """Keep a reason against the document."""
        self.complaints.reasons.append(f"{self.path}{name}: {why}")

    def notice(self, name: str, what: str) -> None:
        """Keep something that was let pass."""
        self.complaints.notices.append(f"{self.path}{name}: {what}")

    def part(self, name: str) -> Self:
        """The object under the name; an empty one where there is none. Of a list of objects the first."""
        value = self.values.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "should be an object")
            value = None
        return type(self)(value or {}, self.complaints, f"{self.path}{name}.")

    def parts(self, name: str) -> list[Self]:
        """The objects of the list under the name."""
        found = []
        for position, value in enumerate(self._list(name)):
            if isinstance(value, dict):
                found.append(type(self)(value, self.complaints, f"{self.path}{name}[{position}]."))
            else:
                self.refuse(f"{name}[{position}]", "should be an object")
        return found

    def text(self, name: str, most: int | None = None) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(name, "should be text")
            return ""
        value = value.strip()
        if most is not None and len(value) > most:
            self.refuse(name, f"is longer than {most} characters")
        return value

    def texts(self, name: str, most: int | None = None) -> dict[str, str]:
        """Localised values by language."""
        found: dict[str, str] = {}
        for part in self.parts(name):
            language = part.text("kieliKoodi").lower()
            if language not in LANGUAGES:
                part.refuse("kieliKoodi", f"{language or 'nothing'} is not one of fi, sv, en")
            elif text := part.text("arvo", most):
                found[language] = text
        return found

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "should be true or false")
        return value is True

    def number(self, name: str, most: int) -> Decimal | None:
        """A number from 0 to `most`, in tenths."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(name, "should be a number")
            return None
        try:
            number = Decimal(str(value)).quantize(Decimal("0.1"))
        except InvalidOperation:
            number = Decimal(-1)
        if not 0 <= number <= most:
            self.refuse(name, f"should be between 0 and {most}")
            return None
        return number

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(name, f"should be a whole number between {least} and {most}")
            return default
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            self.refuse(name, "is not a date")
            return None

    def moment(self, name: str) -> datetime | None:
        """A time with its zone; one without is read as UTC, as the state portal means it."""
        value = self.text(name)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(name, "is not a time")
            return None

    def code(self, name: str, choices: Iterable[str]) -> str:
        """A code of a list, or nothing."""
        value = self.text(name)
        if value and value not in choices:
            self.refuse(name, f"{_short(value)} is not in the code list")
            return ""
        return value

    def codes(self, name: str, choices: Iterable[str] | None = None) -> list[str]:
        """Codes, each once, in their order."""
        known = None if choices is None else frozenset(choices)
        found: list[str] = []
        for position, value in enumerate(self._list(name)):
            if not isinstance(value, str):
                self.refuse(f"{name}[{position}]", "should be text")
            elif known is not None and value not in known:
                self.refuse(name, f"{_short(value)} is not in the code list")
            elif value not in found:
                found.append(value)
        return found

    def _list(self, name: str) -> Sequence[Any]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse(name, "should be a list")
            return ()
        return value


def _short(value: str) -> str:
    return value if len(value) <= 120 else f"{value[:117]}..."
