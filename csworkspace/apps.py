"""The ground floor."""

from django.apps import AppConfig


class CsworkspaceConfig(AppConfig):
    """Settings, tenancy, people, jobs, audit, web and API kits."""

    name = "csworkspace"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "CS Workspace"

    def ready(self) -> None:
        """Register the checks of the wall, and fill the ground's own slots."""
        from csworkspace.register import register
        from csworkspace.tenancy import checks

        checks.register_checks()
        register()
