import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobmatching", "0012_drafts_proposals_and_previews_of_rules")]

    operations = [
        migrations.AlterField(
            model_name="nondisclosure",
            name="id",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="reference"
            ),
        ),
    ]
