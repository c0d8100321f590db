"""Keeping readings: only what changed, with hysteresis, after events, and never two at once."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.book.actions import note_activity, refresh_book
from accounts.metrics.models import MetricState
from csworkspace.events.registry import announce
from csworkspace.jobs.models import Job
from csworkspace.tenancy.database import open_workspace
from playbooks.indicators import actions
from playbooks.indicators.actions import keep_readings
from playbooks.indicators.jobs import kind_of
from playbooks.indicators.measures import measures
from playbooks.indicators.models import Indicator, Reading
from tests.kit import BY, make_world
from tests.playbooks.indicators.makers import TODAY, ago, make_indicator
from tests.playbooks.kit import make_metric
from tests.playbooks.plans.test_races import wait_until_blocked


@pytest.fixture
def metric(here):
    return make_metric()


def low(metric, **thresholds):
    """Begins at 5 or less, ends above 8."""
    return make_indicator("metric", {"metric": metric.pk}, when="at_most", begins="5", ends="8", **thresholds)


def be(account, metric, value):
    """The account has this value now; whether anything changed is what keeping tells."""
    MetricState.objects.update_or_create(
        account=account, metric=metric, defaults={"day": TODAY, "value": value}
    )
    return keep_readings([account.pk], by=BY)


def current():
    return Reading.objects.get(superseded_at=None)


def test_it_holds_until_it_is_past_the_second_threshold(here, metric):
    low(metric)
    seen = []
    for value in (9, 5, 7, 8, "8.000001", 6, 5):
        assert be(here.account, metric, value) == 1
        seen.append(current().holds)
    assert seen == [False, True, True, True, False, False, True]
    assert Reading.objects.count() == 4, "other numbers of a day that come to the same are one row"


def test_a_time_without_data_does_not_end_what_held(here, metric):
    low(metric)
    be(here.account, metric, 5)
    Reading.objects.update(day=ago(9), held_since=ago(9))
    MetricState.objects.all().delete()
    assert keep_readings(by=BY) == 1
    assert (current().holds, current().held_since) == (None, ago(9))
    be(here.account, metric, 7)
    assert (current().holds, current().held_since) == (True, ago(9))
    be(here.account, metric, 9)
    MetricState.objects.all().delete()
    keep_readings(by=BY)
    be(here.account, metric, 7)
    assert (current().holds, current().held_since) == (False, None)


def test_only_where_it_begins_or_ends_to_hold_plays_look(here, metric, monkeypatch):
    told = []
    monkeypatch.setattr(actions, "announce", lambda event, *, by, account_ids: told.append(event))
    low(metric)
    for value in (9, 8, 5, 4):
        be(here.account, metric, value)
        told.append(value)
    both = ["indicators.changed", "indicators.moved"]
    assert told == [*both, 9, "indicators.changed", 8, *both, 5, "indicators.changed", 4]


def test_nothing_is_written_without_a_change(here, metric):
    low(metric)
    assert be(here.account, metric, 5) == 1
    first = current()
    assert be(here.account, metric, 5) == 0
    assert keep_readings(by=BY) == 0
    assert (current().pk, first.held_since, first.value, first.number) == (first.pk, TODAY, 5, 1)


def test_since_when_it_holds_outlives_new_numbers(here, metric, monkeypatch):
    low(metric)
    be(here.account, metric, 5)
    Reading.objects.update(day=ago(9), held_since=ago(9))
    be(here.account, metric, 4)
    assert (current().value, current().held_since) == (4, ago(9))
    assert Reading.objects.exclude(superseded_at=None).get().value == 5


def test_a_count_of_days_is_refreshed_where_it_stands(here):
    refresh_book()
    note_activity({here.account.pk: ago(30)})
    make_indicator("silence")
    assert keep_readings(by=BY) == 1
    Reading.objects.update(value=29, day=ago(1))
    assert keep_readings(by=BY) == 0
    assert (Reading.objects.count(), current().value) == (1, 30)
    assert (current().day, current().told_on) == (ago(1), TODAY)
    note_activity({here.account.pk: ago(2)})
    assert keep_readings(by=BY) == 1
    assert (current().holds, current().value) == (False, 2)


def test_a_metric_that_is_gone_is_a_problem_until_it_is_back(here, metric):
    indicator = low(metric)
    be(here.account, metric, 5)
    metric.retired_at = timezone.now()
    metric.save()
    keep_readings([here.account.pk], by=BY)
    indicator.refresh_from_db()
    assert indicator.problem == "The metric Users is retired."
    assert (current().holds, current().detail) == (None, {"why": "The metric Users is retired."})
    metric.retired_at = None
    metric.save()
    keep_readings([here.account.pk], by=BY)
    indicator.refresh_from_db()
    assert (indicator.problem, current().holds) == ("", True)


def jobs_of(event, **args):
    """The jobs of indicators that follow an event."""
    before = set(Job.objects.values_list("pk", flat=True))
    announce(event, by=BY, **args)
    return [one for one in Job.objects.exclude(pk__in=before) if one.kind.startswith("indicators")]


def test_every_event_starts_one_job(here):
    assert len(jobs_of("measurements.changed", account_ids=[1])) == 1
    assert len(jobs_of("incidents.changed", incident_ids=[1])) == 1
    assert jobs_of("incidents.changed", incident_ids=[2]) == [], "one that waits looks at all accounts"
    listened = {event for measure in measures() for event in measure.events} - {"incidents.changed"}
    for event in listened:
        assert len(jobs_of(event, account_ids=[1])) == 1


def run(job):
    from csworkspace.jobs.runner import run_job

    return run_job(job.workspace_id, job.pk)


def test_after_an_event_only_what_listens_is_asked_of_its_accounts(here, elsewhere, metric):
    other = Account.objects.create(name="Other")
    level, champion = low(metric), make_indicator("no_champion")
    for account in (here.account, other):
        MetricState.objects.create(account=account, metric=metric, day=TODAY, value=3)
    (job,) = jobs_of("measurements.changed", account_ids=[other.pk])
    assert job.kind == kind_of("measurements.changed")
    with transaction.atomic():
        assert run(job) == "succeeded"
    here.open()
    assert list(Reading.objects.values_list("account_id", "indicator_id")) == [(other.pk, level.pk)]
    told = Job.objects.filter(kind__contains="indicators.changed")
    assert not told.exists()
    (job,) = jobs_of("accounts.changed", account_ids=[here.account.pk])
    assert run(job) == "succeeded"
    here.open()
    found = Reading.objects.filter(account=here.account).values_list("indicator_id", flat=True)
    assert sorted(found) == [level.pk, champion.pk]


def test_part_after_part_gives_what_a_full_pass_gives(here, metric):
    low(metric)
    make_indicator("no_champion")
    accounts = [here.account, *(Account.objects.create(name=f"A{n}") for n in range(5))]
    for n, account in enumerate(accounts[:4]):
        MetricState.objects.create(account=account, metric=metric, day=TODAY, value=n * 3)
    for account in accounts:
        keep_readings([account.pk], by=BY)
    fields = ("account_id", "indicator_id", "holds", "value", "compared", "detail", "held_since")
    parts = list(Reading.objects.order_by("account_id", "indicator_id").values(*fields))
    Reading.objects.all().delete()
    keep_readings(by=BY)
    assert list(Reading.objects.order_by("account_id", "indicator_id").values(*fields)) == parts
    assert len(parts) == 12


def test_queries_do_not_depend_on_the_accounts(here, metric):
    low(metric)
    make_indicator("no_champion")

    def queries():
        Reading.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as found:
            keep_readings(by=BY)
        return len(found)

    one = queries()
    for n in range(3):
        Account.objects.create(name=f"A{n}")
    # nine, and three jobs of three statements each that hear of it
    assert queries() == one == 18


def test_editing_makes_a_version_and_pausing_ends_the_readings(here, metric):
    from playbooks.indicators.definition import stored

    indicator = low(metric)
    be(here.account, metric, 5)
    values = {**indicator.definition, "begins": "3"}
    edited = actions.edit_indicator(indicator, by=BY, definition=stored(values), version=1)
    assert (edited.number, edited.version) == (2, 2)
    assert edited.versions.get().definition["begins"] == "3"
    renamed = actions.edit_indicator(indicator, by=BY, definition=stored(values), name="Other", version=2)
    assert (renamed.number, renamed.version, renamed.versions.count()) == (2, 3, 1)
    keep_readings(by=BY)
    assert (current().number, current().holds) == (2, True)
    actions.set_active(indicator, by=BY, active=False, version=3)
    assert not Reading.objects.filter(superseded_at=None).exists()
    with pytest.raises(actions.IndicatorRetired):
        actions.set_active(actions.retire_indicator(indicator, by=BY), by=BY, active=True)


@pytest.mark.django_db(transaction=True)
def test_two_evaluations_at_once_leave_one_reading():
    with transaction.atomic():
        world = make_world("home")
        make_indicator("no_champion")

    def evaluate():
        try:
            with open_workspace(world.workspace.pk):
                keep_readings(by=BY)
        finally:
            connection.close()

    other = threading.Thread(target=evaluate)
    with open_workspace(world.workspace.pk):
        Indicator.objects.select_for_update(no_key=True, of=("self",)).get()
        other.start()
        wait_until_blocked()
        keep_readings([world.account.pk], by=BY)
    other.join(10)
    with open_workspace(world.workspace.pk):
        assert Reading.objects.get().holds is True
