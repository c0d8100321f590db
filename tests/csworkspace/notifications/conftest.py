"""Two kinds of notifications for every test here."""

from tests.csworkspace.notifications.kit import kinds

__all__ = ["kinds"]
