"""Bringing signals in step with readings."""

from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from playbooks.signals.actions import (
    acknowledge_signal,
    reopen_signal,
    resolve_signal,
    set_cap,
    snooze_signal,
)
from playbooks.signals.deciding import PAUSED
from playbooks.signals.models import HeldBack, Signal
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.signals.kit import make_indicator, make_signal, read, reconcile


def states():
    return list(Signal.objects.order_by("pk").values_list("cause", "state", "outcome"))


def book(account):
    return BookRow.objects.values_list("signals", "signal_severity").get(account=account)


def test_a_reading_that_holds_raises_one_signal_and_twice_changes_nothing(here, elsewhere):
    one = make_indicator(name="4-week activity", severity=3)
    read(here.account, one, value=Decimal("62.500"))
    raised = reconcile().raised
    signal = Signal.objects.get()
    assert raised == [signal.pk]
    assert (signal.title, signal.severity, signal.kind) == ("4-week activity: 62.5 against 100", 3, "risk")
    assert (signal.source, signal.cause, signal.raised_on) == ("indicator", f"indicator {one.pk}", TODAY)
    assert [row["value"] for row in signal.evidence] == ["62.5", "100"]
    assert book(here.account) == (1, 3)
    told = Job.objects.filter(kind="signals.tell").values_list("args", flat=True)
    assert list(told) == [{"raised": [signal.pk], "back": []}]
    before = (AuditEntry.objects.count(), Job.objects.count())
    assert reconcile() == reconcile()
    assert (states(), before) == (
        [(f"indicator {one.pk}", "open", "")],
        (AuditEntry.objects.count(), Job.objects.count()),
    )
    elsewhere.open()
    assert Signal.objects.count() == 0


def test_worse_numbers_and_another_severity_are_the_same_signal(here):
    one = make_indicator()
    read(here.account, one, value=62, day=ago(3))
    reconcile(on=ago(3))
    first = acknowledge_signal(Signal.objects.get(), by=BY)
    read(here.account, one, value=40)
    type(one).objects.update(severity=3)
    assert reconcile().raised == []
    now = Signal.objects.get()
    assert (now.title, now.severity, now.last_seen_on, now.state) == (
        "Activity: 40 against 100", 3, TODAY, "acknowledged",
    )  # fmt: skip
    assert (now.version, now.evidence[0]["value"]) == (first.version, "40")
    assert AuditEntry.objects.filter(verb="changed", object_type="signal").get().after == {
        "severity": "Medium → High"
    }
    assert book(here.account) == (1, 3)


def test_seen_again_without_a_change_only_moves_the_day(here):
    read(here.account, make_indicator())
    reconcile(on=ago(3))
    entries = AuditEntry.objects.count()
    reconcile()
    assert Signal.objects.get().last_seen_on == TODAY
    assert AuditEntry.objects.count() == entries


def test_recovered_then_quiet_then_raised_again(here):
    one = make_indicator(cool_down_days=7)
    read(here.account, one)
    reconcile(on=ago(20))
    acknowledge_signal(Signal.objects.get(), by=BY)
    read(here.account, one, holds=False, day=ago(10))
    assert reconcile(on=ago(10)).resolved == 1
    entry = AuditEntry.objects.filter(verb="resolved").get()
    assert entry.after["note"].endswith("It was acknowledged by then.")
    assert book(here.account) == (0, 0)
    read(here.account, one, day=ago(5))
    assert reconcile(on=ago(4)).raised == []
    assert len(reconcile(on=ago(3)).raised) == 1
    assert states() == [(f"indicator {one.pk}", "resolved", "recovered"), (f"indicator {one.pk}", "open", "")]


def test_a_false_alarm_is_quiet_for_twice_as_long(here):
    read(here.account, make_indicator(cool_down_days=7))
    reconcile(on=ago(20))
    resolve_signal(Signal.objects.get(), by=BY, outcome="false_alarm")
    Signal.objects.update(resolved_on=ago(13))
    assert reconcile().raised == []
    Signal.objects.update(resolved_on=ago(14))
    assert len(reconcile().raised) == 1


def test_a_paused_indicator_ends_its_signals_and_raises_again_when_it_goes_on(here):
    one = make_indicator()
    read(here.account, one)
    reconcile()
    type(one).objects.update(is_active=False)
    assert reconcile().resolved == 1
    assert states() == [(f"indicator {one.pk}", "resolved", "not_needed")]
    type(one).objects.update(is_active=True)
    assert len(reconcile().raised) == 1


def test_a_pause_does_not_end_the_rest_after_a_false_alarm(here):
    one = make_indicator(cool_down_days=7)
    read(here.account, one)
    reconcile(on=ago(20))
    resolve_signal(Signal.objects.get(), by=BY, outcome="false_alarm")
    Signal.objects.update(resolved_on=ago(13))
    make_signal(
        here.account, "Paused", source="indicator", indicator=one, state="resolved", resolved_on=ago(5),
        outcome="not_needed", outcome_note=PAUSED,
    )  # fmt: skip
    assert reconcile().raised == []
    assert len(reconcile(on=ago(-1)).raised) == 1


def test_a_reopened_signal_is_ended_by_a_new_stretch_only(here):
    one = make_indicator()
    read(here.account, one)
    reconcile(on=ago(9))
    read(here.account, one, holds=False)
    reconcile(on=ago(8))
    reopen_signal(Signal.objects.get(), by=BY)
    assert reconcile(on=ago(7)).resolved == 0
    read(here.account, one)
    reconcile(on=ago(6))
    read(here.account, one, holds=False)
    assert reconcile(on=ago(5)).resolved == 1
    assert states() == [(f"indicator {one.pk}", "resolved", "recovered")]


def test_other_words_alone_are_told_to_whoever_listens(here, monkeypatch):
    one = make_indicator()
    read(here.account, one)
    reconcile()
    told = []
    monkeypatch.setattr(
        "playbooks.signals.standing.announce", lambda event, **said: told.append((event, said))
    )
    reconcile()
    assert told == []
    read(here.account, one, value=40)
    reconcile()
    assert told == [("signals.changed", {"by": BY, "account_ids": [here.account.pk], "raised": []})]


def test_a_number_that_was_counted_anew_is_told_with_its_day(here):
    read(here.account, make_indicator(), day=ago(30), counted_on=ago(1))
    reconcile()
    assert {row["day"] for row in Signal.objects.get().evidence} == {ago(1).isoformat()}


def test_a_snooze_ends_on_its_day_and_the_owner_is_told(here):
    signal = make_signal(here.account)
    snooze_signal(signal, by=BY, until=ago(-3))
    Job.objects.all().delete()
    assert reconcile(on=ago(-2)).back == []
    assert reconcile(on=ago(-3)).back == [signal.pk]
    now = Signal.objects.get()
    assert (now.state, now.snoozed_until, now.version) == ("open", None, 3)
    assert Job.objects.get(kind="signals.tell").args == {"raised": [], "back": [signal.pk]}


def test_the_cap_holds_back_and_what_still_holds_is_raised_on_a_later_day(here):
    set_cap(2, by=BY)
    indicators = [make_indicator(f"i{n}", severity=n) for n in (1, 2, 3)]
    for one in indicators:
        read(here.account, one)
    made = reconcile(on=ago(1))
    assert list(Signal.objects.order_by("pk").values_list("severity", flat=True)) == [3, 2]
    assert (made.held_back, HeldBack.objects.get().indicator_ids) == (1, [indicators[0].pk])
    assert Job.objects.filter(kind="signals.tell_held").count() == 1
    assert reconcile(on=ago(1)).held_back == 0, "noted already"
    assert Job.objects.filter(kind="signals.tell_held").count() == 1
    assert len(reconcile().raised) == 1
    assert list(HeldBack.objects.values_list("day", flat=True)) == [ago(1)]


def test_what_people_raise_does_not_count_for_the_cap(here):
    set_cap(1, by=BY)
    make_signal(here.account, raised_on=TODAY)
    read(here.account, make_indicator())
    assert len(reconcile().raised) == 1


def test_others_are_not_touched(here, elsewhere):
    elsewhere.open()
    read(elsewhere.account, make_indicator())
    here.open()
    assert reconcile(elsewhere.account).raised == []
    elsewhere.open()
    assert Signal.objects.count() == 0


def test_nothing_to_do_without_accounts(here, django_assert_num_queries):
    with django_assert_num_queries(2):  # a savepoint
        assert reconcile_none() == ([], [])


def reconcile_none():
    from playbooks.signals.reconciling import reconcile_signals

    made = reconcile_signals([], by=BY)
    return made.raised, made.back


@pytest.mark.parametrize("many", [1, 3])
def test_a_constant_number_of_statements(here, monkeypatch, django_assert_num_queries, many):
    # Who listens is not the matter here.
    monkeypatch.setattr("playbooks.signals.standing.announce", lambda *_, **__: None)
    accounts = [here.account, *(Account.objects.create(name=f"Account {n}") for n in range(many - 1))]
    indicators = [make_indicator(f"i{n}") for n in range(many)]
    ending = make_indicator("ending")
    for account in accounts:
        read(account, ending)
    reconcile(*accounts)
    for account in accounts:
        for one in indicators:
            read(account, one)
        read(account, ending, holds=False)
        make_signal(account, state="snoozed", snoozed_until=TODAY)
    BookRow.objects.update(signals=0, signal_severity=0)
    # savepoint (2); accounts, indicators, unresolved, readings, counts of today, last ends, cap (7);
    # insert; update; audit; held back; the book (6); the job that tells owners (3)
    with django_assert_num_queries(21):
        made = reconcile(*accounts)
    assert (len(made.raised), made.resolved, len(made.back)) == (many * many, many, many)
