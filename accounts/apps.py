"""The accounts floor."""

from importlib import import_module

from django.apps import AppConfig

CONCEPTS = [
    "accounts.book",
    "accounts.accounts",
    "accounts.tiers",
    "accounts.tiering",
    "accounts.revenue",
    "accounts.segments",
    "accounts.changes",
    "accounts.contacts",
    "accounts.imports",
    "accounts.usage",
    "accounts.metrics",
    "accounts.news",
    "accounts.incidents",
    "accounts.visits",
]


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each concept fill its slots."""
        for concept in CONCEPTS:
            import_module(f"{concept}.register").register()
