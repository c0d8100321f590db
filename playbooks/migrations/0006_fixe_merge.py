"""Brings two lines of changes together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0005_fixc"), ("playbooks", "0005_fixd")]
    operations: list[object] = []
