"""What triggers start: read from the rows, once for each cause, and never round in a circle."""

from datetime import date, timedelta

import pytest

from accounts.accounts.models import Account, Stage
from accounts.accounts.settling import settle_accounts
from accounts.segments.models import Segment, SegmentStay
from accounts.tiers.models import Tier
from csworkspace.events.registry import announce
from csworkspace.web import times
from playbooks.plays.marks import see_changes
from playbooks.plays.models import AccountMark, Launch, Play
from playbooks.signals.models import SignalState
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import (
    NOON,
    causes,
    change,
    make_playbook,
    new_day,
    raise_signal,
    signalled,
    start,
    step,
    work,
)


def test_a_signal_starts_what_listens_to_it_once(here, elsewhere, doing):
    make_playbook(trigger={"kind": "signal", "severity": 2, "signal_kinds": ["risk"]})
    make_playbook("High", trigger={"kind": "signal", "severity": 3})
    make_playbook("People", trigger={"kind": "signal", "signal_kinds": ["people"]})
    signal = raise_signal(here.account)
    signalled(here, signal)
    signalled(here, signal)
    new_day(here)
    assert causes() == [("Rescue", "Signal: Nobody answers")]
    play = Play.objects.get()
    assert (play.signal, play.cause, play.actor) == (signal, f"signal {signal.pk}", "Trigger")
    elsewhere.open()
    make_playbook(trigger={"kind": "signal"})
    work(elsewhere)
    assert causes() == []


def test_the_news_may_be_lost_and_settled_signals_start_nothing(here, doing):
    make_playbook(trigger={"kind": "signal"}, is_parallel=True, rest_days=0)
    raise_signal(here.account, cause="a", state=SignalState.RESOLVED)
    raise_signal(here.account, cause="b", state=SignalState.SNOOZED)
    raise_signal(here.account, cause="d", title="Lost news")
    new_day(here)
    assert causes() == [("Rescue", "Signal: Lost news")]


def test_signals_that_are_open_on_publication_count(here, doing):
    make_playbook(trigger={"kind": "signal"}, published_at=NOON)
    raise_signal(here.account, raised_at=NOON - timedelta(days=99))
    new_day(here)
    assert causes() == [("Rescue", "Signal: Nobody answers")]


def test_a_publication_does_not_wait_for_the_next_day(here, doing):
    made = make_playbook(trigger={"kind": "signal"}, published_at=NOON)
    make_playbook("Other", trigger={"kind": "signal"}, published_at=NOON)
    raise_signal(here.account)
    announce("playbooks.changed", by=BY, playbook_id=made.pk)
    work(here)
    assert causes() == [("Rescue", "Signal: Nobody answers")]


def test_days_before_the_publication_are_not_caught_up(here, doing):
    Account.objects.update(renewal_on=TODAY + timedelta(days=119))
    make_playbook(trigger={"kind": "date", "date": "renewal", "days": -120}, published_at=NOON)
    new_day(here)
    assert causes() == []
    Account.objects.update(renewal_on=TODAY + timedelta(days=120))
    new_day(here)
    assert len(causes()) == 1


def test_the_gravest_signal_of_an_account_comes_first(here, doing):
    make_playbook(trigger={"kind": "signal"})
    raise_signal(here.account, cause="a", title="Small", severity=1)
    raise_signal(here.account, cause="b", title="Grave", severity=3)
    new_day(here)
    assert causes() == [("Rescue", "Signal: Grave")]


def test_a_stage_fires_when_it_changes_and_not_at_first_sight(here, doing, ticking):
    make_playbook(trigger={"kind": "stage", "to": ["renewing"]}, rest_days=0, is_parallel=True)
    change(here, stage=Stage.RENEWING)
    assert causes() == [], "first sight"
    change(here, stage=Stage.ADOPTING)
    change(here, stage=Stage.RENEWING)
    settle_accounts([here.account.pk], by=BY)
    work(here)
    new_day(here)
    assert causes() == [("Rescue", "The stage changed from Adopting to Renewing")]
    change(here, stage=Stage.ADOPTING)
    # Lost news: only the day notices.
    Account.objects.update(stage=Stage.RENEWING)
    new_day(here)
    assert len(causes()) == 2


def test_marks_compare_and_set(here, elsewhere):
    tier = Tier.objects.create(name="Top", position=1)
    assert see_changes([here.account.pk, elsewhere.account.pk]) == []
    Account.objects.filter(pk=here.account.pk).update(tier=tier, stage=Stage.RENEWING)
    (moved,) = see_changes([here.account.pk])
    assert (moved.old_stage, moved.stage, moved.old_tier, moved.tier) == (
        "onboarding",
        "renewing",
        None,
        tier.pk,
    )
    assert see_changes([here.account.pk]) == []
    assert AccountMark.objects.count() == 1


def test_a_tier_fires_for_the_chosen_ones(here, doing):
    top, low = Tier.objects.create(name="Top", position=1), Tier.objects.create(name="Low", position=2)
    make_playbook(trigger={"kind": "tier", "to": [top.pk]})
    make_playbook("Any", trigger={"kind": "tier", "to": []})
    change(here)
    change(here, tier=low)
    assert causes() == [("Any", "The tier changed to Low")]
    change(here, tier=top)
    assert causes()[1:] == [("Rescue", "The tier changed to Top")]


def test_entering_and_leaving_a_segment(here, doing):
    segment = Segment.objects.create(name="Large", actor="x")
    Segment.objects.update(created_at=NOON - timedelta(days=9))
    make_playbook(trigger={"kind": "segment", "segment": segment.pk, "move": "enter"})
    make_playbook("Bye", trigger={"kind": "segment", "segment": segment.pk, "move": "leave"})
    other = Account.objects.create(name="There from the beginning")
    segment.refresh_from_db()
    SegmentStay.objects.create(segment=segment, account=other, entered_at=segment.created_at)
    stay = SegmentStay.objects.create(segment=segment, account=here.account, entered_at=NOON)
    for _ in range(2):
        announce("segments.changed", by=BY, segment_id=segment.pk, entered=[here.account.pk], left=[])
        work(here)
    assert causes() == [("Rescue", "It entered the segment Large")]
    SegmentStay.objects.filter(pk=stay.pk).update(left_at=NOON)
    new_day(here)
    assert causes()[1:] == [("Bye", "It left the segment Large")]


@pytest.mark.parametrize(("renewal", "starts"), [(119, 1), (120, 1), (121, 0), (106, 1), (105, 0)])
def test_a_date_fires_on_its_day_and_up_to_two_weeks_late(here, doing, renewal, starts):
    Account.objects.update(renewal_on=TODAY + timedelta(days=renewal))
    make_playbook(trigger={"kind": "date", "date": "renewal", "days": -120})
    new_day(here)
    new_day(here)
    assert Play.objects.count() == starts


def test_a_renewal_that_moves_is_a_new_cause(here, doing, clock):
    Account.objects.update(renewal_on=date(2030, 10, 28))
    make_playbook(trigger={"kind": "date", "date": "renewal", "days": -120}, rest_days=0)
    new_day(here)
    assert causes() == [("Rescue", "120 days before the renewal date, 28 Oct 2030")]
    Play.objects.update(state="done", ended_on=TODAY - timedelta(days=1))
    new_day(here)
    assert len(causes()) == 1
    Account.objects.update(renewal_on=date(2031, 10, 28))
    clock.moment = NOON + timedelta(days=365)
    new_day(here)
    assert causes()[1:] == [("Rescue", "120 days before the renewal date, 28 Oct 2031")]


def test_days_after_the_start_as_a_customer(here, doing):
    Account.objects.update(customer_since=TODAY - timedelta(days=30))
    make_playbook(trigger={"kind": "date", "date": "onboarding", "days": 30})
    new_day(here)
    assert causes() == [("Rescue", "30 days after the day they became a customer, 31 May 2030")]


def test_audience_rest_and_one_at_a_time(here, doing):
    make_playbook(
        trigger={"kind": "signal"}, audience={"stages": ["renewing"]}, rest_days=30, name="Renewing only"
    )
    rests = make_playbook(trigger={"kind": "signal"}, rest_days=30)
    play = start(rests, here.account)
    raise_signal(here.account)
    new_day(here)
    assert causes() == [("Rescue", "By hand")], "one runs"
    Play.objects.filter(pk=play.pk).update(state="done", ended_on=TODAY - timedelta(days=29))
    new_day(here)
    assert len(causes()) == 1, "it rests"
    Play.objects.filter(pk=play.pk).update(ended_on=TODAY - timedelta(days=30))
    new_day(here)
    assert causes()[1:] == [("Rescue", "Signal: Nobody answers")]


def test_churned_accounts_are_left_alone(here, doing):
    make_playbook(trigger={"kind": "signal"})
    Account.objects.update(stage=Stage.CHURNED)
    raise_signal(here.account)
    new_day(here)
    assert causes() == []


def test_what_is_over_the_days_limit_comes_on_the_next_days(here, doing, clock):
    accounts = [Account.objects.create(name=f"A{number}") for number in range(5)]
    make_playbook(trigger={"kind": "signal"}, daily_limit=2)
    for account in accounts:
        raise_signal(account)
    new_day(here)
    assert (Play.objects.count(), Launch.objects.get().state) == (2, "running")
    clock.moment = NOON + timedelta(days=1)
    raise_signal(here.account)
    new_day(here)
    assert (Play.objects.count(), Launch.objects.get().asked) == (4, 4), "who came later waits behind"
    clock.moment = NOON + timedelta(days=2)
    new_day(here)
    assert (Play.objects.count(), Launch.objects.get().state) == (6, "done")


def test_a_trigger_that_cannot_be_read_starts_nothing(here, doing):
    make_playbook(trigger={"kind": "signal", "severity": "very"})
    raise_signal(here.account)
    new_day(here)
    assert causes() == []


def test_waits_look_when_something_happens(here, doing):
    condition = {"kind": "stage", "in": ["renewing"]}
    play = start(
        make_playbook(steps=[step("w", "wait", until="condition", days=30, condition=condition)]),
        here.account,
    )
    work(here)
    change(here, stage=Stage.RENEWING)
    play.refresh_from_db()
    assert play.state == "done"


def test_a_date_among_the_attributes_starts_when_its_day_comes(here, elsewhere, doing, clock):
    trigger = {"kind": "date", "date": "attribute", "attribute": "contract_end", "days": -60}
    make_playbook(trigger=trigger, published_at=NOON)
    ends = TODAY + timedelta(days=61)
    for name, value in (("Due", ends.isoformat()), ("Hostile", "2030-02-31'; drop"), ("Odd", "2030-08-31x")):
        Account.objects.create(name=name, attributes={"contract_end": value})
    Account.objects.create(name="None", attributes={"contract_end": 20300830})
    new_day(here)
    assert causes() == []
    clock.moment = NOON + timedelta(days=1)
    new_day(here)
    new_day(here)
    assert causes() == [("Rescue", f"60 days before the date “contract_end”, {times.day(ends)}")]
    elsewhere.open()
    make_playbook(trigger=trigger)
    assert causes() == []
