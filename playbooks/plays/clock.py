"""The present moment, for everything that plays wait for; tests set it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, in UTC."""
    return timezone.now()
