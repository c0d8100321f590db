"""Make the touched days a queue, and remember until when a metric is measured."""

import django.db.models.deletion
from django.db import migrations, models

from csworkspace.tenancy.models import CurrentWorkspace, TenantForeignKey
from csworkspace.tenancy.operations import RaiseWall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_book_sorts"), ("csworkspace", "0002_wall")]

    operations = [
        migrations.DeleteModel("TouchedDay"),
        migrations.CreateModel(
            name="TouchedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_default=CurrentWorkspace(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="csworkspace.workspace",
                    ),
                ),
                (
                    "account",
                    TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                ("day", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "account", "day"], name="touched_day")],
            },
        ),
        RaiseWall("TouchedDay"),
        migrations.AddField("metric", "measured_until", models.DateField(blank=True, null=True)),
        migrations.AddIndex(
            model_name="measurement",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", False)),
                fields=["workspace", "account", "metric", "day"],
                name="measurement_corrections",
            ),
        ),
    ]
