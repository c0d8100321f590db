from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_signals_and_plays"),
        ("csworkspace", "0004_fixc"),
        ("playbooks", "0004_signals_and_plays"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="once",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("workspace", "once"), name="note_once"),
        ),
    ]
