"""The clock starts only what exists, and what it starts does its work."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from csworkspace.celery import app
from csworkspace.jobs.models import Job
from csworkspace.jobs.tasks import tidy
from csworkspace.schedule import SCHEDULE
from csworkspace.tenancy.database import open_workspace


def test_every_scheduled_task_is_known_to_the_workers():
    app.loader.import_default_modules()
    assert sorted(entry["task"] for entry in SCHEDULE.values() if entry["task"] not in app.tasks) == []


def test_every_entry_expires_before_it_would_pile_up():
    assert [name for name, entry in SCHEDULE.items() if not entry["options"]["expires"]] == []


def test_tidying_reaches_every_workspace(here, elsewhere):
    old = timezone.now() - timedelta(days=200)
    for world in (here, elsewhere):
        with open_workspace(world.workspace.pk):
            Job.objects.create(kind="x", title="t", actor="a", status="succeeded", finished_at=old)
    Session.objects.create(session_key="over", session_data="", expire_date=old)
    Session.objects.create(
        session_key="alive", session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    tidy()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
    for world in (here, elsewhere):
        with open_workspace(world.workspace.pk):
            assert Job.objects.count() == 0
