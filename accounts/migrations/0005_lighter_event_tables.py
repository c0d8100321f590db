"""Queue touched days as lists, and stop checking one workspace row for every event."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from csworkspace.tenancy.models import CurrentWorkspace
from csworkspace.tenancy.operations import RaiseWall


def unchecked_workspace() -> models.ForeignKey:
    return models.ForeignKey(
        "csworkspace.workspace",
        db_constraint=False,
        db_default=CurrentWorkspace(),
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_touched_queue"), ("csworkspace", "0002_wall")]

    operations = [
        migrations.DeleteModel("TouchedDay"),
        migrations.CreateModel(
            name="TouchedDays",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace", unchecked_workspace()),
                ("account_id", models.BigIntegerField()),
                ("due", models.DateField()),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "account_id", "due"], name="touched_days")],
            },
        ),
        RaiseWall("TouchedDays"),
        migrations.AlterField("eventkey", "workspace", unchecked_workspace()),
    ]
