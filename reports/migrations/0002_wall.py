"""Raise the wall around reports."""

from django.db import migrations

from csworkspace.tenancy.operations import RaiseWall


class Migration(migrations.Migration):
    """Policies and composite keys."""

    dependencies = [("reports", "0001_initial"), ("playbooks", "0002_wall")]
    operations = [RaiseWall("Report")]
