"""The product's Celery application with the tests' kinds of jobs."""

from csworkspace.celery import app
from tests.csworkspace.jobs import kinds

__all__ = ["app", "kinds"]
