"""The floors of the house, and what each room promises."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.db import models

from jobmatching.engine.columns import SeekerColumns, VacancyColumns
from tests.own_code import ROOT, committed_files, own_apps, own_models

DOMAIN_MODULES = ("models.py", "querysets.py", "services.py", "enums.py", "rules.py")
FORMS_AND_PAGES = ("django.forms", "django.shortcuts", "django.template", "django_filters", "django_tables2")

NEVER_IN_MATCHING = frozenset(
    {
        "first_name",
        "last_name",
        "birth_date",
        "sex",
        "identity_code",
        "identity_index",
        "email",
        "phone",
        "service_language_id",
        "interpreter",
        "coach_id",
        "non_disclosure",
        "summary",
    }
)
"""Columns of a jobseeker that no score may know (the page "How matching works" lists them as excluded)."""
NEVER_IN_COLUMNS = (
    "age",
    "birth",
    "sex",
    "gender",
    "name",
    "identity",
    "nationality",
    "mother",
    "health",
    "benefit",
    "spell",
)
"""Words that may stand in no name of an engine column."""


# --- Floors ------------------------------------------------------------------------------------------------------
def _layers() -> list[list[str]]:
    """The floors of pyproject.toml, from the top; rooms side by side stand together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (floors,) = (one for one in contracts if one["type"] == "layers")
    return [[room.strip(" ()") for room in layer.split("|")] for layer in floors["layers"]]


def _room(module: str) -> tuple[int, str] | None:
    """Floor (0 is the top) and room of a module; None outside the floors."""
    for floor, rooms in enumerate(_layers()):
        for room in rooms:
            if module == room or module.startswith(f"{room}."):
                return floor, room
    return None


def _relations() -> Iterator[tuple[type[models.Model], models.Field, type[models.Model]]]:
    for model in own_models():
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            if isinstance(target, type):
                yield model, field, target


def test_the_imports_keep_to_the_floors() -> None:
    lint = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_no_foreign_key_points_upward_or_sideways() -> None:
    wrong = []
    for model, field, target in _relations():
        here, there = _room(model.__module__), _room(target.__module__)
        assert here is not None, f"{model.__module__} stands on no floor of pyproject.toml"
        if there is not None and here[1] != there[1] and there[0] <= here[0]:
            wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert not wrong


def test_the_project_package_is_empty() -> None:
    # dev.py imports portal.devtools before anything is installed.
    assert not (ROOT / "portal" / "__init__.py").read_text().strip()


def test_the_launcher_needs_the_standard_library_alone() -> None:
    finder = "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; sys.path.insert(0, '.');"
    names = sorted(path.stem for path in (ROOT / "portal" / "devtools").glob("*.py") if path.stem != "__init__")
    code = finder + "".join(f"import portal.devtools.{name};" for name in names)
    subprocess.run([sys.executable, "-I", "-c", code], cwd=ROOT, check=True, timeout=60)


def test_the_engine_runs_without_django() -> None:
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "jobmatching" / "engine").rglob("*.py")
        if path.stem != "__init__"
    )
    code = "\n".join(f"import {name}" for name in modules)
    code += "\nimport sys; print(*sorted({m.partition('.')[0] for m in sys.modules} & {'django', 'celery', 'psycopg'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == ""


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_domain_modules_know_nothing_of_pages() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in committed_files()
        if path.name in DOMAIN_MODULES and "tests" not in path.parts
        for name in _imported(path)
        if name.startswith(FORMS_AND_PAGES)
    ]
    assert not wrong


# --- Models ------------------------------------------------------------------------------------------------------
def _is_total(model: type[models.Model]) -> bool:
    """Whether the default order of a model leaves no two rows equal: it names the key, or a set of unique columns."""
    ordering = {str(one).lstrip("-") for one in model._meta.ordering if isinstance(one, str)}
    if ordering & {"pk", model._meta.pk.name}:
        return True
    unique = [{field.name} for field in model._meta.local_fields if field.unique]
    unique += [set(one.fields) for one in model._meta.total_unique_constraints]
    return any(columns <= ordering for columns in unique)


def test_every_default_order_is_total() -> None:
    unstable = [model._meta.label for model in own_models() if model._meta.ordering and not _is_total(model)]
    assert not unstable, f"End these orders with pk: {', '.join(unstable)}"


def test_every_model_and_field_has_a_name_for_people() -> None:
    unnamed = []
    for model in own_models():
        if model._meta.managed:
            texts = [("", model._meta.verbose_name)]
            texts += [(f".{f.name}", f.verbose_name) for f in model._meta.local_fields if not f.auto_created]
            unnamed += [f"{model._meta.label}{name}" for name, text in texts if isinstance(text, str)]
    # Names that Django's own abstract classes give are lazy too; a plain text is the name derived from the code.
    assert not unnamed


def test_constraints_have_names_that_tell_their_app() -> None:
    wrong = [
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if not constraint.name.startswith(f"{model._meta.app_label}_")
    ]
    assert not wrong


def test_jobseekers_are_not_in_the_administration() -> None:
    # Administrators keep settings and users; profiles are on the portal's own pages, through visible_to.
    registered = {model.__module__ for model in admin.site._registry}
    assert "jobmatching.seekers.models" not in registered


# --- Commands ----------------------------------------------------------------------------------------------------
def _own_commands() -> list[str]:
    names = {app.name for app in own_apps()}
    return sorted(command for command, app in get_commands().items() if app in names)


@pytest.mark.parametrize("command", _own_commands())
def test_every_command_and_option_says_what_it_does(command: str) -> None:
    loaded = load_command_class(get_commands()[command], command)
    assert loaded.help
    parser = loaded.create_parser("manage.py", command)
    assert not [action.dest for action in parser._actions if not action.help]


# --- What matching may know --------------------------------------------------------------------------------------
def test_the_engine_has_no_column_for_what_no_score_may_know() -> None:
    for columns in (SeekerColumns, VacancyColumns):
        for name in columns.__dataclass_fields__:
            assert not set(name.split("_")) & set(NEVER_IN_COLUMNS), name


def test_no_profile_reader_of_matching_names_an_excluded_column() -> None:
    seeker = apps.get_model("jobmatching.JobSeeker")
    assert {field.column for field in seeker._meta.local_concrete_fields} >= NEVER_IN_MATCHING
    readers = [import_module("jobmatching.nightly.seeker_columns").__file__]
    readers += [str(path) for path in (ROOT / "jobmatching" / "engine").rglob("*.py")]
    for reader in readers:
        words = {
            word
            for node in ast.walk(ast.parse(Path(reader).read_bytes()))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.lstrip().upper().startswith("SELECT")
            for word in re.findall(r"\w+", node.value)
        }
        assert not words & NEVER_IN_MATCHING, reader
