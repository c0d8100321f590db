"""The Celery application: a doorbell for the job ledger, and the clock."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csworkspace.settings")

import django
from django.apps import apps

if not apps.ready:  # a worker begins here; the web process comes later, to send
    django.setup()

from django.conf import settings

from csworkspace.schedule import SCHEDULE, TASK_PACKAGES

app = Celery("csworkspace", broker=settings.BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    # A message is only a ring at the door: it is acknowledged at once, and the reaper rings again for
    # jobs whose lease has run out. Late acknowledgement would add nothing, and a worker that holds
    # unacknowledged messages does not survive the loss of its broker (kombu 5.6).
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
    },
    timezone="UTC",
    beat_schedule=SCHEDULE,
)
app.autodiscover_tasks(TASK_PACKAGES)


@setup_logging.connect
def keep_django_logging(**kwargs: object) -> None:
    """Django's LOGGING already says how; Celery would replace it."""
