"""`migrate`, as the owner role, followed by the app role's grants."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from csworkspace.tenancy.grants import apply_grants
from csworkspace.tenancy.owner import as_owner


class Command(MigrateCommand):
    """Migrate with OWNER_DATABASE_URL; the app's role owns nothing."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant."""
        with as_owner():
            super().handle(*args, **options)
            if not options.get("check_unapplied") and not options.get("plan"):
                apply_grants()
