"""The log points out who sees many people in lists, searches and files in a day."""

from datetime import date

from django.db import migrations, models


def add_threshold(apps, schema_editor):
    apps.get_model("privacy", "AccessThreshold").objects.using(schema_editor.connection.alias).create(
        code="listed_least",
        value=500,
        valid_from=date(2025, 1, 1),
        why="Lähtöarvo, tarkistetaan kokemuksen perusteella.",
    )


def take_threshold(apps, schema_editor):
    thresholds = apps.get_model("privacy", "AccessThreshold").objects.using(schema_editor.connection.alias)
    thresholds.filter(code="listed_least").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0005_seals_with_keys"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessanomaly",
            name="kind",
            field=models.CharField(
                choices=[
                    ("many_in_an_hour", "many people in an hour"),
                    ("many_listed", "many people in lists and searches in a day"),
                    ("same_name", "a person with the same surname or e-mail address"),
                    ("no_reason", "opened without serving the person and without a reason"),
                    ("off_hours", "at night or on a day off"),
                    ("denied_often", "refused many times"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="accessthreshold",
            name="code",
            field=models.CharField(
                choices=[
                    ("hour_least", "people opened in an hour, at least"),
                    ("hour_times", "times one's own median hour"),
                    ("listed_least", "people in lists, searches and files in a day, at least"),
                    ("off_hours_least", "people opened outside working hours, at least"),
                    ("day_starts", "hour at which the working day starts"),
                    ("day_ends", "hour at which the working day ends"),
                    ("denied_least", "refusals in a day, at least"),
                ],
                max_length=20,
                verbose_name="threshold",
            ),
        ),
        migrations.RunPython(add_threshold, take_threshold),
    ]
