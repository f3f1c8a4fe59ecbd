"""Numbers of versions of the matching rules are given once; those that exist count as given."""

from typing import Any

from django.db import migrations, models


def count_those_given(apps: Any, _editor: Any) -> None:
    highest: dict[int, int] = {}
    versions = apps.get_model("jobmatching", "MatchingRules").objects.filter(version__regex=r"^\d{4}\.\d+$")
    for version in versions.values_list("version", flat=True):
        year, number = map(int, version.split("."))
        highest[year] = max(number, highest.get(year, 0))
    numbers = apps.get_model("jobmatching", "RulesNumber").objects
    for year, number in highest.items():
        numbers.update_or_create(year=year, defaults={"highest": number})


class Migration(migrations.Migration):
    dependencies = [
        ("jobmatching", "0006_moved_rows_mark_both_owners"),
    ]

    operations = [
        migrations.CreateModel(
            name="RulesNumber",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="year")),
                ("highest", models.PositiveIntegerField(verbose_name="highest number given")),
            ],
            options={
                "verbose_name": "number of versions of the matching rules",
                "verbose_name_plural": "numbers of versions of the matching rules",
                "ordering": ("year",),
            },
        ),
        migrations.RunPython(count_those_given, migrations.RunPython.noop, elidable=True),
    ]
