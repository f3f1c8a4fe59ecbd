"""Migrations: they say what the models say, form one line per app, and have telling names."""

import re

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.own_code import own_apps


@pytest.mark.django_db
def test_models_and_migrations_say_the_same() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_each_app_has_one_line_of_migrations() -> None:
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts()
    wrong = [message for message in run_checks() if str(message.id).startswith("dlm.")]
    assert not wrong
    for app in own_apps():
        if any(app.get_models()):
            names = sorted(name for label, name in loader.disk_migrations if label == app.label)
            assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]


def test_names_tell_what_a_migration_does() -> None:
    labels = {app.label for app in own_apps()}
    loader = MigrationLoader(None)
    unclear = [
        f"{label}.{name}"
        for label, name in loader.disk_migrations
        if label in labels and re.search(r"_auto_|_alter_|^\d+$", name)
    ]
    assert not unclear


def test_the_migrations_run_backwards_too() -> None:
    # A RunPython or RunSQL without its way back would stop a release from being taken back.
    labels = {app.label for app in own_apps()}
    loader = MigrationLoader(None)
    one_way = [
        f"{label}.{name}: {operation}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in labels
        for operation in migration.operations
        if not operation.reversible
    ]
    assert not one_way
