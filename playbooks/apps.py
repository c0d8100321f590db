"""The playbooks floor."""

from importlib import import_module

from django.apps import AppConfig

CONCEPTS = [
    "playbooks.frameworks",
    "playbooks.benchmarks",
    "playbooks.plans",
    "playbooks.attention",
    "playbooks.services",
    "playbooks.capacity",
    "playbooks.myday",
    "playbooks.playbooks",
    "playbooks.indicators",
    "playbooks.signals",
    "playbooks.scores",
    "playbooks.plays",
    "playbooks.messages",
    "playbooks.recommendations",
    "playbooks.notes",
    "playbooks.tasks",
    "playbooks.timeline",
]


class PlaybooksConfig(AppConfig):
    """See docs/architecture.md for what lives here."""

    name = "playbooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each concept fill its slots."""
        for concept in CONCEPTS:
            import_module(f"{concept}.register").register()
