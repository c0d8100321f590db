"""One unfinished report per account, kind and period; how many pages it has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A double click finds the first one's draft."""

    dependencies = [("reports", "0002_wall")]
    operations = [
        migrations.AddField("report", "pages", models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=["workspace", "account", "kind", "period"],
                condition=models.Q(("issued_at", None)),
                name="report_one_draft",
            ),
        ),
    ]
