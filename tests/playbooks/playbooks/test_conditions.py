"""Conditions: read, put into words, and judged for one account and for many, today and in the past."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.accounts.models import Account
from accounts.segments.models import Segment, SegmentStay
from playbooks.indicators.models import Indicator, Reading
from playbooks.playbooks import conditions
from playbooks.playbooks.conditions import BadCondition, CannotTell, accounts_where, holds_for, read_condition
from playbooks.playbooks.judging import Span, first_days, history_since
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.models import Play, PlayStep
from playbooks.scores.models import Score, ScoreModel
from playbooks.signals.models import Signal
from tests.playbooks.kit import TODAY, ago, make_metric, measure


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def accounts(here):
    return [here.account, *(Account.objects.create(name=name) for name in ("Bolt", "Crane"))]


@pytest.fixture
def indicator(here):
    return Indicator.objects.create(
        key="drop", name="Adoption drop", kind="risk", measure="metric", explanation="x", actor="Test"
    )


def read_on(account, indicator, day, holds):
    Reading.objects.filter(account=account, indicator=indicator, superseded_at=None).update(
        superseded_at=timezone.now()
    )
    Reading.objects.create(
        account=account, indicator=indicator, number=1, day=day, holds=holds, recorded_at=timezone.now()
    )


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "outcome", "step": "s1", "is": "Agreed"},
        {"kind": "segment", "segment": 4, "inside": False},
        {"kind": "indicator", "indicator": 4, "holds": True},
        {"kind": "signal", "is": "resolved"},
        {"kind": "metric", "metric": 4, "op": "lte", "value": "0.5"},
        {"kind": "stage", "in": ["adopting", "established"]},
    ],
)
def test_a_condition_comes_back_as_it_was_written(data):
    assert conditions.as_json(read_condition(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        {"kind": []},
        {"kind": "exec", "code": "1"},
        {"kind": "outcome", "step": "", "is": "x"},
        {"kind": "outcome", "step": "a", "is": "x" * 61},
        {"kind": "segment", "segment": "4"},
        {"kind": "segment", "segment": 4, "inside": "yes"},
        {"kind": "signal", "is": "open"},
        {"kind": "metric", "metric": 4, "op": "==", "value": "1"},
        {"kind": "metric", "metric": 4, "op": "gte", "value": "1e999"},
        {"kind": "metric", "metric": 4, "op": "gte", "value": "9" * 500},
        {"kind": "stage", "in": []},
        {"kind": "stage", "in": ["nowhere"]},
        {"kind": "stage", "in": ["trial"], "sql": "x"},
    ],
)
def test_a_wrong_condition_is_refused_in_words(data):
    with pytest.raises(BadCondition):
        read_condition(data)
    assert conditions.check(data) != ""


def test_a_metric_is_judged_by_its_value_on_the_day(here, accounts):
    metric = make_metric()
    measure(accounts[0], metric, {ago(30): 10, ago(10): 30})
    measure(accounts[1], metric, {ago(30): 30, ago(10): 10})
    condition = {"kind": "metric", "metric": metric.pk, "op": "gte", "value": "25"}
    assert conditions.words(condition) == "Users is at least 25\xa0users"
    ids = [account.pk for account in accounts]
    assert accounts_where(condition, ids, TODAY) == {accounts[0].pk}
    assert accounts_where(condition, ids, ago(20)) == {accounts[1].pk}
    assert accounts_where(condition, ids, ago(40)) == set()
    assert holds_for(condition, account_id=accounts[0].pk, day=TODAY) is True
    assert history_since(read_condition(condition)) == ago(30)
    metric.retired_at = timezone.now()
    metric.save()
    with pytest.raises(CannotTell, match="The metric that the condition looks at is gone"):
        accounts_where(condition, ids, TODAY)


def test_an_indicator_is_judged_by_its_reading_on_the_day(here, accounts, indicator):
    read_on(accounts[0], indicator, ago(30), True)
    read_on(accounts[0], indicator, ago(5), True)
    read_on(accounts[0], indicator, ago(5), False)
    read_on(accounts[1], indicator, ago(30), None)
    condition = {"kind": "indicator", "indicator": indicator.pk, "holds": False}
    assert conditions.words(condition) == "“Adoption drop” does not hold (any more)"
    ids = [account.pk for account in accounts]
    assert accounts_where(condition, ids, TODAY) == {accounts[0].pk}
    assert accounts_where({**condition, "holds": True}, ids, ago(6)) == {accounts[0].pk}
    spans = [Span(pk, ago(20), TODAY) for pk in ids]
    assert first_days(read_condition(condition), spans) == [ago(5), None, None]


def test_a_segment_is_judged_by_stays_and_today_as_it_is(here, accounts):
    segment = Segment.objects.create(
        name="Established",
        definition={
            "match": "all",
            "groups": [
                {
                    "match": "all",
                    "conditions": [{"field": "stage", "op": "in", "value": ["established"], "of": ""}],
                }
            ],
        },
        actor="Test",
    )
    SegmentStay.objects.create(
        segment=segment, account=accounts[0], entered_at=noon(ago(30)), left_at=noon(ago(10))
    )
    SegmentStay.objects.create(segment=segment, account=accounts[1], entered_at=noon(ago(5)))
    inside = read_condition({"kind": "segment", "segment": segment.pk, "inside": True})
    outside = read_condition({"kind": "segment", "segment": segment.pk, "inside": False})
    spans = [Span(account.pk, ago(40), ago(1)) for account in accounts]
    assert first_days(inside, spans) == [ago(30), ago(5), None]
    late = [Span(account.pk, ago(20), ago(1)) for account in accounts[:1]]
    assert (first_days(inside, late), first_days(outside, late)) == ([ago(20)], [ago(10)])
    assert conditions.words(inside) == "the account is in the segment “Established”"
    segment.problem = "gone"
    segment.save()
    assert "Repair it" in conditions.check(inside)
    with pytest.raises(CannotTell):
        first_days(inside, spans)


def test_a_stage_is_judged_by_kept_scores_and_today_as_it_is(here, accounts):
    model = ScoreModel.objects.create(number=1, since=ago(50), actor="Test")
    for day, stage in ((ago(30), "onboarding"), (ago(10), "adopting")):
        Score.objects.create(
            account=accounts[0],
            day=day,
            stage=stage,
            confidence=0,
            model=model,
            recorded_at=noon(day),
            superseded_at=noon(day),
        )
    adopting = {"kind": "stage", "in": ["adopting"]}
    ids = [account.pk for account in accounts]
    assert accounts_where(adopting, ids, ago(9)) == {accounts[0].pk}
    assert accounts_where(adopting, ids, ago(20)) == set()
    Account.objects.filter(pk=accounts[1].pk).update(stage="adopting")
    assert accounts_where(adopting, ids, TODAY) == {accounts[1].pk}
    assert first_days(read_condition(adopting), [Span(pk, ago(20), TODAY) for pk in ids]) == [
        ago(10),
        TODAY,
        None,
    ]


RESOLVED = {"kind": "signal", "is": "resolved"}
AGREED = {"kind": "outcome", "step": "call", "is": "Agreed"}


@pytest.fixture
def play(accounts):
    """A play for a signal of nine days ago."""
    playbook = Playbook.objects.create(name="P", actor="Test")
    version = PlaybookVersion.objects.create(playbook=playbook, number=1, actor="Test")
    signal = Signal.objects.create(
        account=accounts[0], kind="risk", source="person", cause="x", title="T", raised_on=ago(9),
        raised_at=noon(ago(9)), last_seen_on=ago(9), actor="Test",
    )  # fmt: skip
    return Play.objects.create(
        account=accounts[0], playbook=playbook, playbook_version=version, signal=signal, cause="signal",
        started_at=noon(ago(9)), started_on=ago(9), actor="Test",
    )  # fmt: skip


def test_signal_and_outcome_are_those_of_the_play(here, play):
    assert holds_for(RESOLVED, play=play, day=TODAY) is holds_for(AGREED, play=play, day=TODAY) is False
    Signal.objects.update(state="resolved", resolved_on=ago(3))
    PlayStep.objects.create(
        account=play.account, play=play, key="call", position=1, kind="task", title="Call", state="done",
        outcome="Agreed", ended_at=noon(ago(2)),
    )  # fmt: skip
    assert holds_for(RESOLVED, play=play, day=TODAY) is holds_for(AGREED, play=play, day=TODAY) is True
    assert holds_for(RESOLVED, play=play, day=ago(4)) is False


def test_only_a_signal_that_recovered_is_a_success(here, play):
    Signal.objects.update(state="resolved", resolved_on=ago(3))
    spans = [Span(play.account_id, ago(9), TODAY, play.signal_id)]
    for outcome, met in (("recovered", ago(3)), ("expired", None), ("not_needed", None), ("won", ago(3))):
        Signal.objects.update(outcome=outcome)
        assert first_days(conditions.read_condition(RESOLVED), spans, as_success=True) == [met]
        assert holds_for(RESOLVED, play=play, day=TODAY) is True, "a wait goes on however it ended"
    signals = {play.account_id: play.signal_id}
    assert accounts_where(RESOLVED, [play.account_id], TODAY, signals) == {play.account_id}


def test_an_outcome_is_asked_of_a_play_and_can_come(here, accounts):
    with pytest.raises(CannotTell, match="only be asked of a play"):
        holds_for(AGREED, account_id=accounts[0].pk, day=TODAY)
    earlier = {"call": ("Call them", [("Agreed", "Agreed"), ("Declined", "Declined")])}
    assert conditions.words(AGREED, earlier=earlier) == "“Call them” ended with “Agreed”"
    assert conditions.check({**AGREED, "is": "Maybe"}, earlier=earlier) == (
        "“Call them” cannot end with “Maybe”. Choose another result."
    )
    assert "gone" in conditions.check({**AGREED, "step": "x"}, earlier=earlier)


def test_another_workspace_is_neither_named_nor_judged(here, elsewhere, indicator):
    read_on(here.account, indicator, ago(3), True)
    condition = {"kind": "indicator", "indicator": indicator.pk, "holds": True}
    elsewhere.open()
    assert conditions.check(condition) == "The indicator does not exist any more. Choose another one."
    with pytest.raises(CannotTell):
        accounts_where(condition, [here.account.pk], TODAY)
    here.open()
    assert accounts_where(condition, [here.account.pk, elsewhere.account.pk], TODAY) == {here.account.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_many_accounts_take_as_many_queries_as_one(here, accounts, django_assert_num_queries, count):
    metric = make_metric()
    measure(accounts[0], metric, {TODAY - timedelta(days=1): 3})
    condition = {"kind": "metric", "metric": metric.pk, "op": "gte", "value": "1"}
    with django_assert_num_queries(2):
        accounts_where(condition, [account.pk for account in accounts[:count]], TODAY)
