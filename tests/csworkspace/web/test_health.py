"""/healthz says which part does not answer, and needs nobody to be signed in."""

import time

from django.core.cache import cache

from csworkspace.jobs.tasks import PULSE_KEY, pulse


def test_all_parts(db, client, clean_cache):
    assert client.get("/healthz").json() == {"web": True, "database": True, "worker": False}
    assert client.get("/healthz").status_code == 503
    pulse()
    assert client.get("/healthz").status_code == 200
    cache.set(PULSE_KEY, time.time() - 61)
    assert client.get("/healthz").json()["worker"] is False
