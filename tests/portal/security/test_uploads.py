"""Files that people send: refused by size before they are read, known by content, never on the disk."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from employers.models import Employer
from portal.accounts.roles import Role
from portal.ui.spreadsheets import kept
from portal.ui.spreadsheets.formats import AnySpreadsheet
from portal.ui.spreadsheets.limits import MOST_BYTES, MOST_BYTES_OF_REQUEST, MOST_ROWS
from portal.ui.spreadsheets.reading import NotReadable, read_lines
from portal.ui.uploads import InMemoryWithinLimit
from tests.factories import EmploymentAreaFactory, with_role
from tests.jobmatching.seekers.sheets import IMPORT, as_csv, as_xlsx, person

ADMIN_IMPORT = "admin:employers_employer_import"
ADMIN_CONFIRM = "admin:employers_employer_process_import"


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def changed(change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """A right XLSX with something wrong in it."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx(person()))) as package:
        return packed({name: change(name, package.read(name)) for name in package.namelist()} | more)


def sheet(change: Callable[[bytes], bytes]) -> bytes:
    return changed(lambda name, content: change(content) if name == "xl/worksheets/sheet1.xml" else content)


def refused(content: bytes) -> str:
    with translation.override("en"), pytest.raises(NotReadable) as refusal:
        list(read_lines(content))
    return str(refusal.value)


# --- Size, before anything is parsed ---------------------------------------------------------------------------------
@pytest.fixture
def coach(db: None) -> Client:
    client = Client()
    client.force_login(with_role(Role.CASE_WORKER, EmploymentAreaFactory()))
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(with_role(Role.ADMINISTRATOR, is_staff=True))
    return client


def test_a_request_that_announces_too_much_is_not_received(coach: Client) -> None:
    big = SimpleUploadedFile("people.csv", b"x" * (MOST_BYTES_OF_REQUEST + 1))
    with mock.patch.object(InMemoryWithinLimit, "receive_data_chunk") as received:
        answer = coach.post(IMPORT, {"file": big})
    assert answer.status_code == 413
    assert not received.called
    assert f"{MOST_BYTES // 1024**2}" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_request_that_announces_little_and_sends_much_is_cut_off() -> None:
    handler = InMemoryWithinLimit()
    handler.handle_raw_input(io.BytesIO(), {}, content_length=10, boundary=b"-")
    handler.new_file("file", "a.csv", "text/csv", None)
    half = b"x" * (MOST_BYTES_OF_REQUEST // 2 + 1)
    handler.receive_data_chunk(half, 0)
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(half, len(half))


def test_several_files_together_keep_to_one_limit() -> None:
    handler = InMemoryWithinLimit()
    handler.handle_raw_input(io.BytesIO(), {}, content_length=10, boundary=b"-")
    half = b"x" * (MOST_BYTES_OF_REQUEST // 2 + 1)
    handler.new_file("one", "a.csv", "text/csv", None)
    handler.receive_data_chunk(half, 0)
    assert handler.file_complete(len(half)).read() == half
    handler.new_file("two", "b.csv", "text/csv", None)
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(half, 0)


def test_a_file_a_little_too_large_is_told_on_the_form(coach: Client, administrator: Client) -> None:
    content = b"x" * (MOST_BYTES + 1)
    answer = coach.post(IMPORT, {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"file"}
    answer = _send(administrator, content)
    assert answer.context["form"].errors.keys() == {"import_file"}


def test_too_many_files_and_fields_are_a_bad_request(coach: Client) -> None:
    files = {f"file{n}": SimpleUploadedFile("a.csv", b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    assert coach.post(IMPORT, files).status_code == 400
    fields = {f"f{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert coach.post(IMPORT, fields).status_code == 400


def test_no_upload_reaches_the_disk(coach: Client, administrator: Client, tmp_path: Path) -> None:
    content = as_csv(*(person(n) for n in range(1500)))
    with mock.patch.object(tempfile, "tempdir", str(tmp_path)):
        assert coach.post(IMPORT, {"file": SimpleUploadedFile("people.csv", content)}).status_code == 302
        _send(administrator, b"business_id,name,kind,area\n,Oy A,01,T001\n")
    assert not list(tmp_path.iterdir())
    assert settings.FILE_UPLOAD_HANDLERS == ["portal.ui.uploads.InMemoryWithinLimit"]


# --- Spreadsheets made to hurt ---------------------------------------------------------------------------------------
_DECLARED = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><worksheet>&lol9;</worksheet>"
)
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: sheet(lambda text: text.replace(b"<worksheet", _DECLARED, 1)), id="declared"),
        pytest.param(lambda: sheet(lambda text: _LAUGHS), id="laughs"),
        pytest.param(lambda: sheet(lambda text: _OUTSIDE), id="outside"),
        pytest.param(lambda: sheet(lambda text: _OUTSIDE.decode().encode("utf-16")), id="utf-16"),
        pytest.param(lambda: sheet(lambda text: _OUTSIDE.decode().encode("utf-16-le")), id="utf-16-le"),
        pytest.param(lambda: sheet(lambda text: _OUTSIDE.decode().encode("utf-16-be")), id="utf-16-be"),
        pytest.param(
            lambda: sheet(lambda text: b'<?xml version="1.0" encoding="cp037"?>' + _OUTSIDE.decode().encode("cp037")),
            id="ebcdic",
        ),
        pytest.param(
            lambda: changed(lambda name, text: text.replace(b"<workbook", b"<!doctype x><workbook")), id="workbook"
        ),
        pytest.param(lambda: sheet(lambda text: text[: len(text) // 2]), id="half a sheet"),
        pytest.param(lambda: sheet(lambda text: b""), id="an empty sheet"),
        pytest.param(lambda: as_xlsx(person())[:-200], id="without its end"),
        pytest.param(lambda: as_xlsx(person())[:40], id="the beginning alone"),
    ],
)
def test_declared_hidden_and_broken_parts_are_refused(make: Callable[[], bytes]) -> None:
    assert "broken" in refused(make())


def _bomb(size: int) -> bytes:
    return changed(lambda name, text: text, **{"xl/media/image1.png": b"\x00" * size})


def test_what_grows_out_of_all_proportion_is_refused() -> None:
    bomb = _bomb(20 * 1024**2)
    assert len(bomb) < 60_000
    assert "holds too much" in refused(bomb)
    assert "holds too much" in refused(_bomb(26 * 1024**2))
    list(read_lines(_bomb(1024**2)))  # small whatever the ratio


def test_a_package_that_lies_about_its_sizes_unpacks_no_more_than_it_says() -> None:
    honest = packed({"xl/workbook.xml": b"A" * 30 * 1024**2})
    lying = honest.replace((30 * 1024**2).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert "broken" in refused(lying)


def test_a_table_of_texts_that_would_fill_the_memory_is_refused() -> None:
    texts = b"<sst>" + b"".join(b"<si><t>%x</t></si>" % (n * 2654435761 % 2**64) for n in range(210_000)) + b"</sst>"
    content = changed(lambda name, text: texts if name == "xl/sharedStrings.xml" else text, **{"xl/extra.xml": texts})
    assert "holds too much" in refused(content)


def test_a_row_far_down_and_a_column_far_right_cost_nothing() -> None:
    far = sheet(lambda text: text.replace(b'<row r="2"', b'<row r="1048576"').replace(b'"A2"', b'"A1048576"'))
    with translation.override("en"), pytest.raises(NotReadable, match="empty rows"):
        AnySpreadsheet().create_dataset(far)
    wide = sheet(lambda text: text.replace(b'r="B2"', b'r="XFD2"'))
    assert max(len(line) for line in read_lines(wide)) <= 100


def test_a_part_may_not_lead_out_of_the_package(tmp_path: Path) -> None:
    content = changed(lambda name, text: text, **{"../../outside.xml": b"<x/>", "/etc/outside.xml": b"<x/>"})
    with mock.patch.object(tempfile, "tempdir", str(tmp_path)):
        assert len(list(read_lines(content))) == 2
    assert not list(tmp_path.rglob("*"))


# --- The administration's import -------------------------------------------------------------------------------------
def _send(client: Client, content: bytes, name: str = "employers.csv") -> HttpResponse:
    return client.post(
        reverse(ADMIN_IMPORT), {"import_file": SimpleUploadedFile(name, content), "format": "0", "resource": "0"}
    )


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither CSV nor XLSX", id="a picture"),
        pytest.param(lambda: packed({"word/document.xml": b"<x/>"}), "neither CSV nor XLSX", id="a text document"),
        pytest.param(lambda: _bomb(20 * 1024**2), "holds too much", id="a bomb"),
        pytest.param(lambda: b"name,kind\n=1+1,01\n", "Row 2 has a formula", id="a formula"),
        pytest.param(lambda: b"name,kind\nA,01,x\n", "more cells", id="a long row"),
        pytest.param(lambda: b"name,kind\n" + b"A" * 40_000 + b",01\n", "too long", id="a long cell"),
        pytest.param(lambda: b"name\n" + b"A\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows", id="many rows"),
        pytest.param(lambda: b'name,kind\n"A,01\n', "quotation marks", id="an open quotation"),
        pytest.param(lambda: b"\xff\xfen", "neither CSV nor XLSX", id="half a letter"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    administrator: Client, make: Callable[[], bytes], told: str
) -> None:
    with translation.override("en"):
        administrator.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = _send(administrator, make())
    assert answer.status_code == 200
    [error] = answer.context["form"].errors["import_file"]
    assert told in error
    assert not Employer.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_content_tells_kind_encoding_and_delimiter(administrator: Client, encoding: str, delimiter: str) -> None:
    area = EmploymentAreaFactory()
    text = (
        delimiter.join(["business_id", "name", "kind", "area"])
        + "\n"
        + delimiter.join(["", "Äyräs Oy", "01", area.code])
    )
    _confirm(administrator, _send(administrator, text.encode(encoding), name="wrong.xlsx"))
    assert Employer.objects.get().name == "Äyräs Oy"


def _confirm(client: Client, answer: HttpResponse, **changes: Any) -> HttpResponse:
    initial = {name: value for name, value in answer.context["confirm_form"].initial.items() if value is not None}
    return client.post(reverse(ADMIN_CONFIRM), initial | changes)


def _checked(client: Client) -> HttpResponse:
    answer = _send(client, f"business_id,name,kind,area\n,Oy Koe,01,{EmploymentAreaFactory().code}\n".encode())
    assert "confirm_form" in answer.context
    return answer


def test_only_who_sent_a_file_can_confirm_it(administrator: Client) -> None:
    answer = _checked(administrator)
    other = Client()
    other.force_login(with_role(Role.ADMINISTRATOR, is_staff=True))
    assert _confirm(other, answer).headers["Location"] == reverse(ADMIN_IMPORT)
    assert not Employer.objects.exists()
    _confirm(administrator, answer)
    assert Employer.objects.count() == 1


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd", "passwd", "", "x:y:z"])
def test_no_path_from_the_browser_is_read(administrator: Client, name: str) -> None:
    answer = _checked(administrator)
    with mock.patch("builtins.open", side_effect=AssertionError("a file was opened")):
        refusal = _confirm(administrator, answer, import_file_name=name)
    assert refusal.status_code == 302
    assert not Employer.objects.exists()


def test_a_file_is_confirmed_once(administrator: Client) -> None:
    answer = _checked(administrator)
    _confirm(administrator, answer)
    assert _confirm(administrator, answer).headers["Location"] == reverse(ADMIN_IMPORT)
    assert Employer.objects.count() == 1


def test_a_file_is_kept_for_half_an_hour(administrator: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = _checked(administrator)
        for _half in range(2):  # the session stays in use, or it would end first
            clock.shift(kept.SECONDS / 2 + 1)
            administrator.get(reverse("accounts:own"))
        assert _confirm(administrator, answer).headers["Location"] == reverse(ADMIN_IMPORT)
    assert not Employer.objects.exists()


def test_a_ticket_is_good_for_one_person_and_half_an_hour() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        signed = kept.ticket("token", 7)
        assert kept.token_of(signed, 7) == "token"
        for user, wrong in ((8, signed), (7, signed[:-1]), (7, "token"), (7, "")):
            with pytest.raises(kept.NotKept):
                kept.token_of(wrong, user)
        clock.shift(kept.SECONDS + 1)
        with pytest.raises(kept.NotKept):
            kept.token_of(signed, 7)


def test_what_waits_in_the_cache_cannot_be_read_there(administrator: Client) -> None:
    with mock.patch.object(kept.cache, "set", wraps=kept.cache.set) as kept_there:
        _checked(administrator)
    [(key, value, seconds)] = [call.args for call in kept_there.call_args_list if call.args[0].startswith("ui.kept.")]
    assert b"Koe" not in value
    assert seconds == kept.SECONDS
    assert "Koe" not in key
