"""Standing in the book of business."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from playbooks.attention.actions import gather, refresh_standing
from playbooks.attention.tasks import start_daily
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.models import Assessment
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure


def row_of(account):
    return BookRow.objects.get(account=account)


@pytest.fixture
def falling(here):
    """An account whose headline fell by 60 % and whose last activity was 20 days ago."""
    from accounts.book.actions import note_activity, refresh_book

    metric = make_metric(name="Monthly users", is_headline=True)
    measure(here.account, metric, {ago(60): 25, ago(20): 10})
    refresh_book([here.account.pk])
    note_activity({here.account.pk: ago(20)})
    return here.account


def test_standing_is_written_with_its_reasons(here, falling):
    make_framework(make_metric("seats"))
    assert refresh_standing([falling.pk]) == 1
    row = row_of(falling)
    assert (row.level, row.plan_status, row.attention) == (-1, "none", 38)
    assert row.reasons == [
        {"text": "Monthly users fell 60% in 4 weeks", "weight": 30},
        {"text": "No activity for 20 days", "weight": 8},
    ]
    assert refresh_standing([falling.pk]) == 0


def test_dropped_level_is_a_reason(here, falling):
    from accounts.metrics.models import Metric

    make_framework(Metric.objects.get())
    assess_accounts([falling.pk], by=BY, on=ago(40))
    Assessment.objects.update(assessed_at=timezone.now().replace(year=2030, month=5, day=20))
    measure(falling, Metric.objects.get(), {ago(1): 2})
    assess_accounts([falling.pk], by=BY)
    given = gather([falling.pk], TODAY)[falling.pk]
    assert given.level == 0
    Assessment.objects.filter(level=2).update(
        superseded_at=timezone.now().replace(year=2030, month=6, day=29)
    )
    assert gather([falling.pk], TODAY)[falling.pk].level_before == 2
    refresh_standing([falling.pk])
    assert {"text": "Dropped from level 2 to 0", "weight": 15} in row_of(falling).reasons


def test_queries_do_not_depend_on_the_number_of_accounts(here, falling, django_assert_num_queries):
    others = [Account.objects.create(name=f"Account {number}") for number in range(20)]
    ids = [falling.pk, *(account.pk for account in others)]
    refresh_standing(ids)
    for some in (ids[:1], ids):
        BookRow.objects.update(attention=99)
        # savepoint (2), headline, its values (2), targets, levels, signals, activity, accounts; write (4)
        with django_assert_num_queries(15):
            assert refresh_standing(some) == len(some)


def test_the_worst_signal_of_trouble_is_a_reason_and_counts_the_others(here, falling):
    from tests.playbooks.signals.kit import make_signal

    make_signal(falling, "Worse", severity=3)
    make_signal(falling, "The sponsor left", severity=3, kind="people")
    make_signal(falling, "Small", severity=1)
    make_signal(falling, "They want more", severity=3, kind="opportunity")
    make_signal(falling, "Over", severity=3, state="resolved")
    refresh_standing([falling.pk])
    row = row_of(falling)
    assert (row.attention, row.reasons[1]) == (
        63, {"text": "Signal: The sponsor left, and 2 more signals", "weight": 25},
    )  # fmt: skip


def test_others_are_not_touched(here, elsewhere, falling):
    elsewhere.open()
    assert refresh_standing([falling.pk]) == 0
    here.open()
    assert row_of(falling).attention == 0


def test_measurements_lead_to_a_level_and_a_standing(here, falling, django_capture_on_commit_callbacks):
    from accounts.metrics.models import Metric
    from csworkspace.events.registry import announce

    make_framework(Metric.objects.get())
    Job.objects.all().delete()
    with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
        announce("measurements.changed", by=BY, account_ids=[falling.pk])
    assert set(Job.objects.values_list("kind", "status")) == {
        ("frameworks.assess", "succeeded"),
        ("attention.refresh", "succeeded"),
        ("scores.refresh", "succeeded"),
        ("segments.refresh", "succeeded"),
        ("recommendations.check", "succeeded"),
        ("indicators after measurements", "succeeded"),
        ("indicators after standing", "succeeded"),
        ("scores.refresh", "succeeded"),
    }
    here.open()
    assert (row_of(falling).level, row_of(falling).attention) == (1, 38)


def test_daily_refresh_starts_once_a_day_in_every_workspace(here, elsewhere):
    start_daily()
    start_daily()
    for world in (here, elsewhere):
        world.open()
        jobs = Job.objects.filter(kind="attention.daily")
        assert list(jobs.values_list("key", flat=True)) == [f"daily:{TODAY}"]
        jobs.update(status="succeeded")
    start_daily()
    assert Job.objects.filter(kind="attention.daily").count() == 1


def test_day_is_given_as_a_date(falling):
    assert gather([falling.pk], date(2030, 6, 30))[falling.pk].headline == D(10)
