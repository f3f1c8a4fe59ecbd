"""Levels of education get a place in matching of their own; until now it followed from their order in the list."""

from typing import Any

from django.db import migrations, models


def keep_the_places_of_the_order(apps: Any, _editor: Any) -> None:
    """The place that each level has had so far: its number in the order of the list."""
    levels = apps.get_model("classifications", "EducationLevel").objects.order_by("order", "code")
    for place, level in enumerate(levels):
        level.match_slot = place
        level.save(update_fields=["match_slot"])


class Migration(migrations.Migration):
    dependencies = [
        ("classifications", "0003_total_order_of_skill_relations"),
    ]

    operations = [
        migrations.AddField(
            model_name="educationlevel",
            name="match_slot",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="place in matching"),
        ),
        migrations.RunPython(keep_the_places_of_the_order, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="educationlevel",
            name="match_slot",
            field=models.PositiveSmallIntegerField(unique=True, verbose_name="place in matching"),
        ),
    ]
