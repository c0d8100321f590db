"""What the clock starts, and how often. Two clocks do no harm: the rows' keys decide."""

from typing import Any

from django.conf import settings

# Packages with a `tasks` module: what the clock may start.
TASK_PACKAGES = [
    "csworkspace.jobs",
    "csworkspace.notifications",
    "csworkspace.mail",
    "csworkspace.webhooks",
    "accounts.metrics",
    "accounts.tiering",
    "accounts.segments",
    "playbooks.attention",
    "playbooks.recommendations",
    "playbooks.services",
    "playbooks.tasks",
    "playbooks.plays",
    "playbooks.signals",
    "playbooks.scores",
    "playbooks.indicators",
]

SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {"task": "jobs.pulse", "schedule": 5.0, "options": {"expires": 5}},
    "reap": {"task": "jobs.reap", "schedule": settings.JOB_REAP_SECONDS, "options": {"expires": 15}},
    "tidy": {"task": "jobs.tidy", "schedule": 86_400.0, "options": {"expires": 3600}},
    # Mails that wait for their moment.
    "mail": {"task": "mail.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "deliveries": {"task": "webhooks.sweep", "schedule": 300.0, "options": {"expires": 240}},
    "waiting": {"task": "accounts.measure_waiting", "schedule": 300.0, "options": {"expires": 240}},
    "statistics": {"task": "accounts.event_statistics", "schedule": 86_400.0, "options": {"expires": 3600}},
    # Often, because each workspace's day begins at another hour; its key lets it happen once a day.
    "new day": {"task": "accounts.new_day", "schedule": 900.0, "options": {"expires": 600}},
    "tiers": {"task": "accounts.tiers_daily", "schedule": 900.0, "options": {"expires": 600}},
    "services": {"task": "playbooks.services_daily", "schedule": 900.0, "options": {"expires": 600}},
    "signals": {"task": "playbooks.signals_daily", "schedule": 900.0, "options": {"expires": 600}},
    "standing": {"task": "playbooks.daily", "schedule": 900.0, "options": {"expires": 600}},
    # Often, because each member's digest has an hour of its own; a day's is sent once.
    "digests": {"task": "notifications.digests", "schedule": 900.0, "options": {"expires": 600}},
    "reminders": {"task": "playbooks.task_reminders", "schedule": 900.0, "options": {"expires": 600}},
    "recommendations": {
        "task": "playbooks.recommendations_daily",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "plays": {"task": "playbooks.plays_daily", "schedule": 900.0, "options": {"expires": 600}},
    "waits": {"task": "playbooks.wake_plays", "schedule": 30.0, "options": {"expires": 25}},
    "scores": {"task": "playbooks.scores_daily", "schedule": 900.0, "options": {"expires": 600}},
    "segments": {"task": "accounts.segments_daily", "schedule": 900.0, "options": {"expires": 600}},
    "indicators": {"task": "playbooks.indicators_daily", "schedule": 900.0, "options": {"expires": 600}},
}
