"""The reports floor."""

from importlib import import_module

from django.apps import AppConfig

CONCEPTS = [
    "reports.reports",
    "reports.portal",
    "reports.curve",
]


class ReportsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each concept fill its slots."""
        for concept in CONCEPTS:
            import_module(f"{concept}.register").register()
