"""A kind of reason beside the words of a pause; measurements of search beside those of matching.

No measurement had been stored before this: the columns that are added need no values of old rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobmatching", "0013_name_of_non_disclosure_reference")]

    operations = [
        migrations.AlterModelOptions(
            name="fairnessfigure",
            options={
                "ordering": ("report", "dimension", "measure", "place", "pk"),
                "verbose_name": "figure of equal treatment",
                "verbose_name_plural": "figures of equal treatment",
            },
        ),
        migrations.AddField(
            model_name="jobseeker",
            name="matching_pause_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked", "the jobseeker asked for it"),
                    ("away", "the jobseeker is away for a longer time"),
                    ("data", "the data is being corrected"),
                    ("plan", "another step of the plan comes first"),
                    ("objection", "an objection to matching was accepted"),
                    ("other", "another reason"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="kind of reason of the pause",
            ),
        ),
        migrations.AlterModelOptions(
            name="qualitymeasurement",
            options={
                "ordering": ("-measured_at", "-pk"),
                "verbose_name": "measurement of quality",
                "verbose_name_plural": "measurements of quality",
            },
        ),
        migrations.RemoveField(model_name="qualitymeasurement", name="mean_average_precision"),
        migrations.RemoveField(model_name="qualitymeasurement", name="ndcg10"),
        migrations.RemoveField(model_name="qualitymeasurement", name="recall20"),
        migrations.RemoveField(model_name="qualitymeasurement", name="weights"),
        migrations.AddField(
            model_name="qualitymeasurement",
            name="kind",
            field=models.CharField(
                choices=[("matching", "order of people in matching"), ("search", "search of occupations")],
                default="matching",
                max_length=10,
                verbose_name="measured",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="qualitymeasurement",
            name="data_digest",
            field=models.CharField(
                default="",
                help_text="SHA-256: the same data has the same one.",
                max_length=64,
                verbose_name="digest of the judged data",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="qualitymeasurement",
            name="language",
            field=models.CharField(blank=True, max_length=2, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="qualitymeasurement",
            name="figures",
            field=models.JSONField(default=dict, help_text="Name of the figure and its value.", verbose_name="figures"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="qualitymeasurement",
            name="candidates",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="candidates"),
        ),
        migrations.AlterField(
            model_name="qualitymeasurement",
            name="measured_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="time"),
        ),
        migrations.AlterField(
            model_name="qualitymeasurement",
            name="version",
            field=models.CharField(
                blank=True,
                help_text="Empty: the shipped weights, or no rules at all.",
                max_length=40,
                verbose_name="rules version",
            ),
        ),
    ]
