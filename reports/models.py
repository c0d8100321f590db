"""The floor's models, gathered for one migration history."""

from reports.reports.models import Report

__all__ = ["Report"]
