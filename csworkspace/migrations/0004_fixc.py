from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("csworkspace", "0003_signals_and_plays"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="stop_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="webhookdelivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("delivered", "Delivered"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
