"""What administrators do that could open people's data is an anomaly, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0006_people_in_lists"),
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
                    ("rights", "gave a role that sees people, or replaced somebody's sign-in"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
