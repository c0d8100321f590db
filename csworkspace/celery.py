"""The Celery application: a doorbell for the job ledger, and the clock."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csworkspace.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402

from csworkspace.schedule import SCHEDULE  # noqa: E402

app = Celery("csworkspace", broker=settings.BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
    },
    timezone="UTC",
    beat_schedule=SCHEDULE,
)
app.autodiscover_tasks(["csworkspace.jobs"])


@setup_logging.connect
def keep_django_logging(**kwargs: object) -> None:
    """Django's LOGGING already says how; Celery would replace it."""
