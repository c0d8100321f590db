from datetime import timedelta

from accounts.metrics.queries import value_on
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.people.actions import edit_workspace
from csworkspace.tenancy.clock import today
from tests.accounts.metrics.makers import event, give_domain, measure_all, send, users
from tests.kit import BY


def run_all() -> None:
    while jobs := list(Job.objects.filter(status="queued").order_by("id")):
        for job in jobs:
            run_job(job.workspace_id, job.pk)


def test_another_time_zone_counts_all_days_anew(here):
    give_domain(here.account)
    metric, day = users(window_days=1), today() - timedelta(days=10)
    late = event(1, day) | {"occurred_at": f"{day}T23:30:00Z"}
    send(late)
    measure_all()
    assert value_on(here.account.pk, metric.pk, day).value == 1
    edit_workspace(here.workspace, by=BY, timezone="Europe/Oslo")
    run_all()
    assert (
        value_on(here.account.pk, metric.pk, day) is None
        or not value_on(here.account.pk, metric.pk, day).value
    )
    assert value_on(here.account.pk, metric.pk, day + timedelta(days=1)).value == 1
    assert Job.objects.exclude(status="succeeded").count() == 0


def test_a_new_name_counts_nothing_anew(here):
    edit_workspace(here.workspace, by=BY, name="Northwind Group")
    assert not Job.objects.filter(kind="measure everything").exists()
