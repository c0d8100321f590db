"""Lineage of behaviours, versions of plans, positions that can be swapped in one transaction."""

import uuid

import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("playbooks", "0002_wall"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="behaviour",
            name="behaviour_position",
        ),
        migrations.RemoveConstraint(
            model_name="level",
            name="level_position",
        ),
        migrations.RemoveConstraint(
            model_name="objective",
            name="objective_position",
        ),
        migrations.AddField(
            model_name="behaviour",
            name="lineage",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="plan",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="target",
            name="baseline_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="behaviour",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("workspace", "level", "position"),
                name="behaviour_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("workspace", "framework", "position"),
                name="level_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("workspace", "plan", "position"),
                name="objective_position",
            ),
        ),
    ]
