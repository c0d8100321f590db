"""Proof that workers consume: `/healthz` asks when the last one did."""

import time

from django.core.cache import cache

PULSE_KEY = "worker-pulse"


def note_pulse() -> None:
    """A worker is at work now: it consumed a message, or beats for a job that it runs."""
    cache.set(PULSE_KEY, time.time(), timeout=None)


def seconds_since_pulse() -> float:
    """How long ago a worker was last seen at work."""
    return time.time() - float(cache.get(PULSE_KEY) or 0)
