"""/healthz says which part does not answer, and needs nobody to be signed in."""

import time

from django.core.cache import cache

from csworkspace.jobs.models import Job
from csworkspace.jobs.pulse import PULSE_KEY
from csworkspace.jobs.runner import Heartbeat, Run
from csworkspace.jobs.tasks import pulse


def test_all_parts(db, client, clean_cache):
    assert client.get("/healthz").json() == {"web": True, "database": True, "worker": False}
    assert client.get("/healthz").status_code == 503
    pulse()
    assert client.get("/healthz").status_code == 200
    cache.set(PULSE_KEY, time.time() - 61)
    assert client.get("/healthz").json()["worker"] is False


def test_workers_that_are_busy_for_long_are_alive(here, client, clean_cache):
    """All slots may be taken by long jobs, so that no pulse is consumed: their heartbeats count."""
    job = Job.objects.create(kind="x", title="t", actor="a", status="running", token=3)
    Heartbeat(Run(job, 3))._beat()
    assert client.get("/healthz").json()["worker"] is True
