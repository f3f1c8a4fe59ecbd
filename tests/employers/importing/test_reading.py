"""A file that cannot be read is told in one clear sentence."""

import json
from io import BytesIO

import pytest

from employers.vacancies.importing import reading
from employers.vacancies.importing.reading import Unreadable, read_documents


def _read(content: bytes) -> list[object]:
    return read_documents(BytesIO(content))


@pytest.mark.parametrize("page", [{"ilmoitukset": [1]}, {"Ilmoitukset": [1]}, [1]])
def test_a_page_in_either_spelling_or_a_list(page: object) -> None:
    assert _read(json.dumps(page).encode()) == [1]


def test_one_document_by_itself() -> None:
    assert _read(b'{"ilmoituksenID": "a"}') == [{"ilmoituksenID": "a"}]


def test_byte_order_mark() -> None:
    assert _read('\ufeff["ä"]'.encode()) == ["ä"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"{", "The file is not JSON: .* on line 1, column 2"),
        (b'["\xe4"]', r"The file is not UTF-8 text \(byte 3\)."),
        (b"[NaN]", "endless numbers"),
        (b"[" * 200_000, "nested too deep"),
        (b'"text"', "no list of vacancies"),
        (b'{"ilmoitukset": {}}', "no list of vacancies"),
        (b'{"something": []}', "no list of vacancies"),
        (b"[1" + b"1" * 5000 + b"]", "endless numbers"),
    ],
)
def test_unreadable(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        _read(content)


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 1024**2)
    with pytest.raises(Unreadable, match="larger than 1 megabytes"):
        _read(b"[" + b" " * 1024**2 + b"]")
