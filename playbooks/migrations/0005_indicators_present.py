from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_signals_and_plays"),
        ("csworkspace", "0003_signals_and_plays"),
        ("playbooks", "0004_signals_and_plays"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("superseded_at", None)),
                fields=["workspace", "indicator", "account"],
                name="reading_present",
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("holds", True)),
                fields=["workspace", "indicator", "day"],
                name="reading_held",
            ),
        ),
    ]
