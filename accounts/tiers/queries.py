"""Reads about tiers."""

from django.db.models import QuerySet

from accounts.tiers.models import Tier


def tiers() -> QuerySet[Tier]:
    """The tiers in use, the most served first."""
    return Tier.objects.filter(retired_at=None).order_by("position")
