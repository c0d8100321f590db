"""What the clock starts, and how often. Two clocks do no harm: the rows' keys decide."""

from typing import Any

from django.conf import settings

SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {"task": "jobs.pulse", "schedule": 5.0, "options": {"expires": 5}},
    "tidy": {"task": "jobs.tidy", "schedule": 86_400.0, "options": {"expires": 3600}},
    # Hourly, because each workspace's day begins at another time; the day's key lets only one start.
    "standing": {"task": "playbooks.daily", "schedule": 3600.0, "options": {"expires": 3000}},
    "reap": {"task": "jobs.reap", "schedule": settings.JOB_REAP_SECONDS, "options": {"expires": 15}},
}
