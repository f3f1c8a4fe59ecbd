"""The document of all data: it leaves nothing out, holds no identity code, lies encrypted, and is gone in a week."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobmatching.models import SubjectExport
from jobmatching.seekers.errors import NotPossible
from jobmatching.seekers.rights import documents
from jobmatching.seekers.rights.enums import ExportState, IdentityProof
from portal.accounts.roles import Role
from portal.privacy.access import Action
from portal.privacy.access.models import AccessLogEntry
from portal.privacy.fields import Kept, PersonalField, field_classes
from portal.privacy.key_rotation import rotate
from portal.privacy.subject.document import FORMAT
from portal.privacy.subject.page import as_html
from portal.privacy.subject.sections import exported_fields, exporters, not_exported
from tests.factories import MunicipalityFactory, identity_fields
from tests.own_code import ROOT
from tests.world import World

ABOUT_JOBSEEKERS = frozenset({Kept.WITH_PROFILE, Kept.WITH_RUN, Kept.WITH_ACCESS_LOG, Kept.WITH_MESSAGE})
CODE = "010190-998V"
SCHEMA = ROOT / "docs" / "own-data.schema.json"
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN_WORDS = frozenset(
    {
        *("$schema", "$defs", "$ref", "title", "description", "format"),
        *("type", "const", "enum", "oneOf", "required", "properties", "additionalProperties", "items"),
    }
)


def test_every_personal_field_about_jobseekers_is_told_or_said_why_not() -> None:
    told, left_out = exported_fields(), not_exported()
    missing = [
        key
        for key, one in field_classes().items()
        if isinstance(one, PersonalField)
        and one.kept in ABOUT_JOBSEEKERS
        and key not in told
        and key not in left_out
        and key.rpartition(".")[0] not in left_out
    ]
    assert not missing, f"Tell these in a section (EXPORTERS), or why not (NOT_EXPORTED): {', '.join(missing)}"


def test_no_section_tells_a_field_that_is_not_there_and_no_excuse_is_left_over() -> None:
    known = set(field_classes())
    assert exported_fields() <= known
    labels = {key.rpartition(".")[0] for key in known}
    assert not [name for name in not_exported() if name not in known | labels]
    assert not exported_fields() & set(not_exported())


def made(world: World, language: str = "fi") -> SubjectExport:
    """A document about the own seeker."""
    SubjectExport.objects.all().delete()
    seeker = world.own.seeker
    type(seeker).objects.filter(pk=seeker.pk).update(**identity_fields(CODE))
    export = documents.ask_for(seeker.pk, world.own.users[Role.CASE_WORKER], IdentityProof.DOCUMENT, "passi", language)
    documents.make(export.pk)
    export.refresh_from_db()
    return export


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_document_says_what_is_kept_in_every_language(language: str, world: World) -> None:
    told = json.loads(documents.fetch(made(world, language).pk))
    assert (told["format"], told["language"]) == (FORMAT, language)
    sections = {section["code"]: section for section in told["sections"]}
    assert list(sections) == [exporter.code for exporter in exporters()]
    assert sections["person"]["rows"][0]["last_name"] == world.own.seeker.last_name
    match = sections["matches"]["rows"][0]
    assert match["vacancy"]["value"] == world.own.vacancy.pk
    assert len(match["reasons"]) == 7
    assert sections["work_history"]["rows"][0]["known_by"]["text"]
    assert sections["retention"]["rows"][0]["months"] == 24
    for section in told["sections"]:
        keys = {column["key"] for column in section["columns"]}
        assert all(set(row) <= keys for row in section["rows"]), section["code"]


def follows(value: Any, schema: dict[str, Any], defs: dict[str, Any], place: str = "$") -> list[str]:
    """Where a value does not follow a schema; knows the words that ours uses, and stops at any other."""
    if unknown := schema.keys() - KNOWN_WORDS:
        raise NotImplementedError(f"Teach this test the words {sorted(unknown)}.")
    if "$ref" in schema:
        return follows(value, defs[schema["$ref"].rpartition("/")[2]], defs, place)
    if "oneOf" in schema:
        fitting = [one for one in schema["oneOf"] if not follows(value, one, defs, place)]
        return [] if len(fitting) == 1 else [f"{place} is none, or several, of what it may be"]
    wrong = []
    if "const" in schema and value != schema["const"]:
        wrong.append(f"{place} is not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{place} is none of {schema['enum']}")
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(type(value) in TYPES[name] for name in names):
            return [*wrong, f"{place} is no {' or '.join(names)}"]
    if isinstance(value, dict):
        wrong += [f"{place} has no {name}" for name in schema.get("required", ()) if name not in value]
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        for name, inner in value.items():
            if name not in known and others is False:
                wrong.append(f"{place} has {name}")
            else:
                wrong += follows(inner, known.get(name, others), defs, f"{place}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            wrong += follows(inner, schema.get("items", {}), defs, f"{place}[{number}]")
    return wrong


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_document_follows_the_schema_that_we_publish(language: str, world: World) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    told = json.loads(documents.fetch(made(world, language).pk))
    assert follows(told, schema, schema["$defs"]) == []
    assert {type(cell) for one in told["sections"] for row in one["rows"] for cell in row.values()} >= {dict, list, str}
    for spoilt in (
        told | {"format": "kohtaanto/own-data/2"},
        told | {"sum": 1},
        {name: value for name, value in told.items() if name != "person"},
        told | {"sections": [told["sections"][0] | {"rows": [{"x": {"value": 1}}]}]},
        told | {"sections": [told["sections"][0] | {"columns": ["x"]}]},
    ):
        assert follows(spoilt, schema, schema["$defs"])


def test_changes_are_told_in_words_and_not_in_numbers_of_registers(world: World) -> None:
    seeker = world.own.seeker
    other = world.own.municipality.area.municipalities.exclude(pk=seeker.home_id).first() or MunicipalityFactory()
    seeker.home, seeker.interpreter = other, True
    seeker.save()
    sections = {one["code"]: one for one in json.loads(documents.fetch(made(world, "sv").pk))["sections"]}
    changes = [change for row in sections["history"]["rows"] for change in row.get("changes", [])]
    assert f"{world.own.municipality.name_sv} → {other.name_sv}" in " ".join(changes)
    assert any(change.endswith("nej → ja") for change in changes), changes
    assert CODE not in str(sections["history"])


def test_no_identity_code_and_no_name_of_others_is_in_it(world: World) -> None:
    text = documents.fetch(made(world).pk)
    assert CODE not in text
    assert world.own.colleagues_seeker.last_name + '"' not in text
    assert world.own.hidden_seeker.last_name not in text


def test_it_lies_encrypted_and_tells_who_has_looked(world: World) -> None:
    client = Client()
    client.force_login(world.own.users[Role.CASE_WORKER])
    client.get(reverse("seekers:page", args=[world.own.seeker.pk]))
    export = made(world)
    assert world.own.seeker.last_name.encode() not in bytes(export.content)
    looks = {section["code"]: section for section in json.loads(documents.fetch(export.pk))["sections"]}[
        "who_has_looked"
    ]
    assert str(world.own.users[Role.CASE_WORKER]) in {row["who"] for row in looks["rows"]}


def test_it_follows_a_change_of_keys_and_is_gone_without_its_key(world: World, settings: Any) -> None:
    export, other = made(world), Fernet.generate_key().decode()
    before = documents.fetch(export.pk)
    settings.IDENTITY_KEYS = [other, *settings.IDENTITY_KEYS]
    rotate(100)
    settings.IDENTITY_KEYS = [other]
    assert documents.fetch(export.pk) == before
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(documents.Gone):
        documents.fetch(export.pk)


def test_each_fetch_is_counted_and_logged(world: World) -> None:
    export = made(world)
    client = Client()
    client.force_login(world.own.users[Role.CASE_WORKER])
    for name, start in (("seekers:document_json", b"{"), ("seekers:document_html", b"<!doctype html>")):
        before = AccessLogEntry.objects.doing([Action.SUBJECT_EXPORT]).count()
        response = client.post(reverse(name, args=[world.own.seeker.pk, export.pk]))
        assert response.content.startswith(start)
        assert "attachment" in response.headers["Content-Disposition"]
        assert "no-store" in response.headers["Cache-Control"]
        assert AccessLogEntry.objects.doing([Action.SUBJECT_EXPORT]).count() == before + 1
    export.refresh_from_db()
    assert (export.downloads, export.downloaded_at is not None) == (2, True)


def test_the_page_stands_alone(world: World) -> None:
    page = as_html(json.loads(documents.fetch(made(world).pk)))
    assert "<style>" in page
    assert "<script" not in page
    assert "http" not in page.split("</style>")[0]
    assert world.own.seeker.last_name in page


def test_after_a_week_nothing_of_it_is_left(world: World) -> None:
    export = made(world)
    assert export.expires_at - export.ready_at == timedelta(days=7)
    over = timezone.now() - timedelta(minutes=1)
    rows = SubjectExport.objects.filter(pk=export.pk)
    with pytest.raises(IntegrityError, match="a_week_at_most"), transaction.atomic():
        rows.update(ready_at=over - timedelta(days=7, seconds=1), expires_at=over)
    rows.update(ready_at=over - timedelta(days=7), expires_at=over)
    with pytest.raises(documents.Gone):
        documents.fetch(export.pk)
    assert documents.empty_old() == 1
    export.refresh_from_db()
    assert (export.state, export.content) == (ExportState.EXPIRED, None)


def test_one_document_of_a_person_is_made_at_a_time(world: World) -> None:
    SubjectExport.objects.all().delete()
    asked = (world.own.seeker.pk, world.own.users[Role.CASE_WORKER], IdentityProof.DOCUMENT)
    documents.ask_for(*asked, "passi", "fi")
    with pytest.raises(NotPossible):
        documents.ask_for(*asked, "passi", "fi")
    with pytest.raises(NotPossible):
        documents.ask_for(*asked, " ", "fi")


def test_a_document_that_nobody_makes_is_given_up(world: World) -> None:
    SubjectExport.objects.all().delete()
    asked = documents.ask_for(world.own.seeker.pk, world.own.users[Role.CASE_WORKER], IdentityProof.DOCUMENT, "x", "fi")
    SubjectExport.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - documents.GIVEN_UP_AFTER * 2)
    documents.empty_old()
    asked.refresh_from_db()
    assert asked.state == ExportState.FAILED
