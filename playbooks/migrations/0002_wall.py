"""Raise the wall around frameworks, benchmarks and plans."""

from django.db import migrations

from csworkspace.tenancy.operations import RaiseWall


class Migration(migrations.Migration):
    """Policies and composite keys."""

    dependencies = [("playbooks", "0001_initial"), ("accounts", "0002_wall")]
    operations = [
        RaiseWall(
            "Framework",
            "Level",
            "Behaviour",
            "Answer",
            "Assessment",
            "Benchmark",
            "Baseline",
            "Plan",
            "Objective",
            "Target",
            "Practice",
            "Revision",
        ),
    ]
