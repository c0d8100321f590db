"""Brings two lines of changes together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("csworkspace", "0004_fixc"), ("csworkspace", "0004_fixd")]
    operations: list[object] = []
