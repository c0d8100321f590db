"""Scores of past days: recomputed from data known then, written only where nothing was kept."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.accounts.models import Account, Stage
from accounts.book.actions import note_activity, refresh_book
from accounts.metrics.models import Measurement
from csworkspace.audit.actions import record
from playbooks.frameworks.assessing import assess_accounts
from playbooks.frameworks.models import Assessment
from playbooks.indicators import evaluating
from playbooks.indicators.days import days_between
from playbooks.indicators.evaluating import Judged, Known
from playbooks.plans.models import Objective, Plan, Target
from playbooks.scores.actions import refresh_scores
from playbooks.scores.backfill import backfill_scores
from playbooks.scores.computing import frames_on, recompute_scores
from playbooks.scores.models import Score
from playbooks.scores.weights import Component
from tests.kit import BY
from tests.playbooks.indicators.makers import use
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure
from tests.playbooks.scores.kit import make_indicator, of, read, rows, weigh


@pytest.fixture
def judged(here, elsewhere, monkeypatch):
    """An indicator that held until 20 days ago, whatever is known."""
    refresh_book()
    indicator, asked = make_indicator(), []

    def evaluate(indicators, account_ids, day, known=Known.NOW):
        asked.append((day, known))
        return [Judged(pk, one.pk, day < ago(20), None, None) for pk in account_ids for one in indicators]

    monkeypatch.setattr(evaluating, "evaluate", evaluate)
    indicator.asked = asked
    return indicator


def test_days_of_a_backfill():
    first, last = date(2030, 1, 30), date(2030, 3, 1)
    assert days_between(first, last, "month") == [date(2030, 1, 31), date(2030, 2, 28)]
    assert [day.day for day in days_between(first, last, "monday")] == [4, 11, 18, 25]


def test_a_past_day_is_recomputed_with_data_known_then(here, judged):
    model = weigh(of(judged))
    read(here.account, judged, False)
    pk = here.account.pk
    past = recompute_scores([pk], ago(30), model, Known.RECEIVED)[pk]
    assert (past.score, judged.asked) == (0, [(ago(30), Known.RECEIVED)])
    assert recompute_scores([pk], TODAY, model, None)[pk].score == 100
    assert Score.objects.count() == 0, "nothing is written"


def test_rows_are_written_where_nothing_was_kept_and_only_for_changes(here, judged):
    weigh(of(judged))
    days, ids = [ago(40), ago(30), ago(10), ago(5)], [here.account.pk]
    assert backfill_scores(ids, days, Known.RECEIVED) == 3
    ended = [(ago(40), 0, 100, False), (ago(10), 100, 100, False)]
    assert rows(here.account) == [*ended, (ago(5), 100, 100, True)], "the last tells where it ends"
    assert all(row.recorded_at.date() != row.day for row in Score.objects.all())
    assert backfill_scores(ids, days, Known.RECEIVED) == 0, "twice does no harm"
    before = list(Score.objects.order_by("day").values())
    read(here.account, judged, True)
    refresh_scores(ids)
    assert backfill_scores(ids, [*days, ago(1)], Known.NOW) == 0
    assert rows(here.account) == [*ended, (ago(5), 100, 100, False), (TODAY, 0, 100, True)]
    kept = list(Score.objects.filter(day__lt=TODAY).order_by("day").values())
    assert [{**row, "superseded_at": None} for row in kept] == [
        {**row, "superseded_at": None} for row in before
    ]


def test_what_was_kept_on_its_day_is_never_written_over(here, judged):
    weigh(of(judged))
    read(here.account, judged, False)
    refresh_scores([here.account.pk])
    Score.objects.update(day=ago(30), recorded_at=f"{ago(30)}T12:00Z")
    assert backfill_scores([here.account.pk], [ago(40), ago(25), ago(2)], Known.NOW) == 1
    assert rows(here.account) == [(ago(40), 0, 100, False), (ago(30), 100, 100, True)]


def test_stage_tier_and_customers_of_then(here, elsewhere):
    account = here.account
    Account.objects.filter(pk=account.pk).update(stage=Stage.CHURNED)
    record("edited", account, by=BY, before={"stage": "established"}, after={"stage": "churned"})
    later = Account.objects.create(name="Later", customer_since=ago(10))
    today = frames_on([account.pk, later.pk], None)
    assert [today[pk].stage for pk in (account.pk, later.pk)] == ["churned", "onboarding"]
    past = frames_on([account.pk, later.pk], ago(20000))
    assert list(past) == [account.pk]
    assert past[account.pk].stage == "established"


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_of_then_that_was_written_as_its_label(here, elsewhere, stage):
    record("edited", here.account, by=BY, before={"stage": stage.label}, after={"stage": "Other"})
    assert frames_on([here.account.pk], ago(20000))[here.account.pk].stage == stage


def test_a_plan_of_then_counts_what_was_recorded_then(here, elsewhere):
    metric, account = make_metric(), here.account
    plan = Plan.objects.create(
        account=account, title="Plan", state="active", starts_on=ago(100), ends_on=ago(-100)
    )
    objective = Objective.objects.create(account=account, plan=plan, position=1, words="Close")
    Target.objects.create(
        account=account, objective=objective, metric=metric, baseline=0, value=100, starts_on=ago(100),
        due_on=ago(-100),
    )  # fmt: skip
    measure(account, metric, {ago(1): 50, ago(2): 0})
    # Corrected on the day of today; the last day it had been 0 as far as anybody knew.
    corrected = Measurement.objects.get(day=ago(1))
    corrected.pk, corrected.value = None, Decimal(0)
    corrected.superseded_at = f"{TODAY}T12:00Z"
    corrected.save()
    Measurement.objects.update(recorded_at=f"{ago(1)}T12:00Z")
    Measurement.objects.filter(value=50).update(recorded_at=f"{TODAY}T12:00Z")
    Plan.objects.update(created_at=f"{ago(50)}T12:00Z")
    model = weigh(Component("plan", Decimal(1)))

    def score(known):
        return recompute_scores([account.pk], ago(1), model, known)[account.pk].score

    assert (score(Known.NOW), score(Known.RECORDED)) == (100, 1)


def test_a_plan_closed_at_night_counts_until_the_day_there_ends(here, elsewhere):
    here.workspace.timezone = "America/Los_Angeles"
    here.workspace.save()
    plan = Plan.objects.create(
        account=here.account, title="Plan", state="closed", starts_on=ago(100), ends_on=ago(-100),
        closed_at=f"{ago(9)}T02:00Z",
    )  # fmt: skip
    objective = Objective.objects.create(account=here.account, plan=plan, position=1, words="Close")
    metric = make_metric()
    Target.objects.create(
        account=here.account, objective=objective, metric=metric, baseline=0, value=100,
        starts_on=ago(100), due_on=ago(-100),
    )  # fmt: skip
    measure(here.account, metric, {ago(20): 50})
    model = weigh(Component("plan", Decimal(1)))
    days = (ago(11), ago(10))
    found = [recompute_scores([here.account.pk], day, model, Known.NOW)[here.account.pk] for day in days]
    assert [one.score for one in found] == [100, None]


def test_of_history_that_was_loaded_later_nobody_is_scored_before_or_long_after(here, elsewhere):
    """Who left is a customer until 90 days after the last activity; without a day of signing an account
    begins with its first event."""
    day = date(2024, 6, 28)
    gone, lost, undated, unseen = (
        Account.objects.create(name=f"A{n}", stage=Stage.CHURNED if n < 2 else Stage.ADOPTING)
        for n in range(4)
    )
    refresh_book()
    note_activity({gone.pk: day - timedelta(90), lost.pk: day - timedelta(91)})
    use(undated, day + timedelta(1))
    ids = [one.pk for one in (gone, lost, undated, unseen)]
    received = frames_on(ids, day, Known.RECEIVED)
    assert {pk: frame.stage for pk, frame in received.items()} == {
        gone.pk: "established",
        lost.pk: "churned",
        unseen.pk: "adopting",
    }
    assert list(frames_on(ids, day + timedelta(1), Known.RECEIVED)) == ids
    assert frames_on(ids, day)[gone.pk].stage == "churned"


def test_maturity_of_a_past_day_comes_from_its_evidence(here, elsewhere):
    metric = make_metric()
    measure(here.account, metric, {ago(50): 6, ago(10): 25})
    make_framework(metric)
    model = weigh(Component("maturity", Decimal(1)))
    pk = here.account.pk
    assess_accounts([pk], by=BY)
    found = [recompute_scores([pk], day, model, Known.NOW)[pk].score for day in (ago(90), ago(40), TODAY)]
    assert found == [0, 33, 67]
    Assessment.objects.update(assessed_at=f"{ago(5)}T12:00Z")
    kept = [recompute_scores([pk], day, model, Known.RECORDED)[pk].score for day in (ago(6), ago(4))]
    assert kept == [None, 67]


@pytest.mark.parametrize("days", [("2030-01-01", "2099-01-01"), ("2020-02-01", "2020-01-01")])
def test_the_command_refuses_days_that_are_not_past(here, days):
    with pytest.raises(CommandError, match="in order"):
        call_command("backfill_scores", "northwind", "--from", days[0], "--to", days[1])


def test_the_command_writes_a_history(here, judged, capsys):
    weigh(of(judged))
    first = (ago(60) + timedelta(days=1)).isoformat()
    call_command("backfill_scores", "northwind", "--from", first, "--to", ago(1).isoformat(), "--json")
    here.open()
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == {"days": 1, "accounts": 1, "scores written": 1}
    assert rows(here.account)[0][:2] == (date(2030, 5, 31), 0)
