"""What the clock starts, and how often. Two clocks do no harm: the rows' keys decide."""

from typing import Any

from django.conf import settings

# Packages with a `tasks` module: what the clock may start.
TASK_PACKAGES = [
    "csworkspace.jobs",
    "accounts.metrics",
    "accounts.tiering",
    "accounts.segments",
    "playbooks.attention",
    "playbooks.services",
    "playbooks.indicators",
]

SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {"task": "jobs.pulse", "schedule": 5.0, "options": {"expires": 5}},
    "reap": {"task": "jobs.reap", "schedule": settings.JOB_REAP_SECONDS, "options": {"expires": 15}},
    "tidy": {"task": "jobs.tidy", "schedule": 86_400.0, "options": {"expires": 3600}},
    "waiting": {"task": "accounts.measure_waiting", "schedule": 300.0, "options": {"expires": 240}},
    # Often, because each workspace's day begins at another hour; its key lets it happen once a day.
    "new day": {"task": "accounts.new_day", "schedule": 900.0, "options": {"expires": 600}},
    "tiers": {"task": "accounts.tiers_daily", "schedule": 900.0, "options": {"expires": 600}},
    "services": {"task": "playbooks.services_daily", "schedule": 900.0, "options": {"expires": 600}},
    "standing": {"task": "playbooks.daily", "schedule": 900.0, "options": {"expires": 600}},
    "segments": {"task": "accounts.segments_daily", "schedule": 900.0, "options": {"expires": 600}},
    "indicators": {"task": "playbooks.indicators_daily", "schedule": 900.0, "options": {"expires": 600}},
}
