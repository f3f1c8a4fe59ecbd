"""What is ours: the models, templates and files that the rules of the house are about."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)


def own_apps() -> list[AppConfig]:
    """The apps of this project."""
    return [app for app in apps.get_app_configs() if "site-packages" not in app.path]


def own_models() -> Iterator[type[models.Model]]:
    """Every model of ours, in a fixed order."""
    for app in sorted(own_apps(), key=lambda one: one.label):
        yield from sorted(app.get_models(), key=lambda model: model.__name__)


@cache
def committed_files() -> tuple[Path, ...]:
    """Files under version control or about to be (not ignored), deleted ones left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in sorted(filter(None, listed.split("\0"))) if (path := ROOT / name).is_file())


def templates() -> list[Path]:
    """Our templates."""
    return sorted((ROOT / "templates").rglob("*.*"))
