"""What the book shows when the definition of a metric changes."""

from datetime import timedelta

import pytest

from accounts.book.models import BookRow
from accounts.metrics.actions import define_metric, edit_metric
from accounts.metrics.models import Measurement, MetricState
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.clock import today
from tests.accounts.metrics.makers import event, give_domain, measure_all, send, users
from tests.kit import BY


@pytest.fixture
def measured(here, elsewhere):
    """The headline metric, measured as 1 in each workspace."""
    for world in (elsewhere, here):
        world.open()
        give_domain(world.account)
        metric = users()
        send(event(1, today() - timedelta(days=3)))
        measure_all()
    return metric


def headline():
    return BookRow.objects.get().headline


def test_a_definition_that_nothing_fits_empties_the_book(here, elsewhere, measured):
    assert headline() == 1
    edit_metric(measured, by=BY, features=["nothing.*"])
    job = Job.objects.filter(kind="measure metric").latest("id")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    assert not Measurement.objects.filter(superseded_at=None).exists()
    assert not MetricState.objects.exists()
    assert headline() == -1
    elsewhere.open()
    assert (MetricState.objects.get().value, headline()) == (1, 1)


@pytest.mark.parametrize("kind", ["usage", "outcome"])
def test_a_new_headline_takes_the_place_of_the_old_one_at_once(here, elsewhere, measured, kind):
    assert headline() == 1
    define_metric(by=BY, key="days", name="Days", kind=kind, aggregation="days", is_headline=True)
    assert headline() == -1, "nothing is measured yet"
    elsewhere.open()
    assert headline() == 1


def test_a_metric_that_is_redefined_and_made_the_headline_shows_at_once(here, measured):
    other = users(key="others", name="Others", is_headline=False)
    MetricState.objects.create(account=here.account, metric=other, day=today(), value=7)
    edit_metric(other, by=BY, window_days=7, is_headline=True)
    assert headline() == 7
