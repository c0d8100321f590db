"""What people do with signals."""

import pytest

from accounts.book.models import BookRow
from csworkspace.audit.actor import Actor
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.web.versions import Conflict
from playbooks.signals import actions, bulk
from playbooks.signals.models import Signal, SignalSetting
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.signals.kit import make_signal

NEWS = actions.News(kind="people", title="The director  leaves", severity=3, note="Heard at lunch.")


def told():
    return list(AuditEntry.objects.filter(object_type="signal").order_by("pk").values_list("verb", "after"))


def book(account):
    return BookRow.objects.values_list("signals", "signal_severity").get(account=account)


@pytest.fixture
def csm(here):
    return Actor("Csm", "test", membership_id=here.members["csm"].pk)


def test_raised_by_hand_once_with_audit_book_and_news(here, elsewhere, csm):
    made = actions.raise_signal(here.account, NEWS, by=csm)
    assert (made.source, made.state, made.raised_on, made.cause) == (
        "person", "open", TODAY, "person the director leaves",
    )  # fmt: skip
    assert told() == [("raised", {"kind": "People change", "severity": "High"})]
    assert book(here.account) == (1, 3)
    args = Job.objects.filter(kind="attention.refresh").values_list("args", flat=True)
    assert list(args) == [{"account_ids": [here.account.pk], "raised": [made.pk]}]
    with pytest.raises(actions.SignalRefused, match="unresolved signal that says the same"):
        actions.raise_signal(here.account, actions.News("risk", "the DIRECTOR leaves", 1), by=csm)
    elsewhere.open()
    assert actions.raise_signal(elsewhere.account, NEWS, by=BY).pk != made.pk


def test_from_open_to_resolved_and_back(here, csm):
    one = make_signal(here.account)
    actions.acknowledge_signal(one, by=csm, version=1)
    with pytest.raises(Conflict, match="acknowledged already"):
        actions.acknowledge_signal(one, by=csm)
    actions.snooze_signal(one, by=csm, until=ago(-5), note="After the fair")
    now = Signal.objects.get()
    assert (now.state, now.snoozed_until, now.owner_id, now.version) == (
        "snoozed", ago(-5), here.members["csm"].pk, 3,
    )  # fmt: skip
    assert book(here.account) == (1, 2)
    actions.resolve_signal(one, by=csm, outcome="addressed", note="Met them.")
    now = Signal.objects.get()
    assert (now.state, now.outcome, now.outcome_note, now.resolved_on, now.snoozed_until) == (
        "resolved", "addressed", "Met them.", TODAY, None,
    )  # fmt: skip
    assert book(here.account) == (0, 0)
    for act in (
        lambda: actions.acknowledge_signal(one, by=csm),
        lambda: actions.resolve_signal(one, by=csm, outcome="lost"),
        lambda: actions.snooze_signal(one, by=csm, until=ago(-5)),
    ):
        with pytest.raises(Conflict, match="resolved already: Addressed"):
            act()
    actions.reopen_signal(one, by=csm)
    now = Signal.objects.get()
    assert (now.state, now.outcome, now.outcome_note, now.resolved_at, now.owner_id) == (
        "open",
        "",
        "",
        None,
        None,
    )
    assert [verb for verb, _ in told()] == ["acknowledged", "snoozed", "resolved", "reopened"]
    with pytest.raises(Conflict, match="open already"):
        actions.reopen_signal(one, by=csm)


def test_who_saw_an_older_version_changes_nothing(here, csm):
    one = make_signal(here.account)
    actions.acknowledge_signal(one, by=csm, version=1)
    for act in (
        lambda: actions.resolve_signal(one, by=csm, outcome="lost", version=1),
        lambda: actions.snooze_signal(one, by=csm, until=ago(-5), version=1),
        lambda: actions.reopen_signal(one, by=csm, version=1),
    ):
        with pytest.raises(Conflict, match="Somebody else changed this"):
            act()
    assert Signal.objects.get().state == "acknowledged"


def test_a_resolved_signal_stays_so_when_its_cause_has_a_newer_one(here, csm):
    one = make_signal(here.account)
    actions.resolve_signal(one, by=csm, outcome="addressed")
    make_signal(here.account)
    with pytest.raises(Conflict, match="newer signal"):
        actions.reopen_signal(one, by=csm)
    assert sorted(Signal.objects.values_list("state", flat=True)) == ["open", "resolved"]


@pytest.mark.parametrize("days", [0, 3, -400])
def test_a_snooze_needs_a_day_to_come_that_is_not_too_far(here, csm, days):
    with pytest.raises(actions.SignalRefused) as refused:
        actions.snooze_signal(make_signal(here.account), by=csm, until=ago(days))
    assert refused.value.field == "until"


@pytest.mark.parametrize("many", [1, 3])
def test_many_at_once_in_a_constant_number_of_statements(
    here, elsewhere, csm, monkeypatch, django_assert_num_queries, many
):
    monkeypatch.setattr("playbooks.signals.standing.announce", lambda *_, **__: None)
    ids = [make_signal(here.account, f"Signal {n}").pk for n in range(many)]
    elsewhere.open()
    stranger = make_signal(elsewhere.account)
    here.open()
    ids.append(stranger.pk)
    # savepoint (2), lock, update, audit, the book's rows held, counts, the book (2, with a change 3)
    with django_assert_num_queries(9):
        assert bulk.acknowledge_many(ids, by=csm) == many
    assert bulk.acknowledge_many(ids, by=csm) == 0
    assert bulk.snooze_many(ids, by=csm, until=ago(-2)) == many
    with django_assert_num_queries(10):
        assert bulk.resolve_many(ids, by=csm, outcome="not_needed", note="Spring cleaning") == many
    assert bulk.resolve_many(ids, by=csm, outcome="lost") == 0
    assert set(Signal.objects.values_list("state", "outcome", "version")) == {("resolved", "not_needed", 4)}
    assert [verb for verb, _ in told()] == [
        verb for verb in ("acknowledged", "snoozed", "resolved") for _ in range(many)
    ]
    assert book(here.account) == (0, 0)
    elsewhere.open()
    assert Signal.objects.get().state == "open"


def test_the_cap_is_changed_by_who_saw_it_last(here, csm):
    actions.set_cap(8, by=csm)
    made = SignalSetting.objects.get()
    assert (made.most_per_day, made.version) == (8, 2)
    with pytest.raises(Conflict):
        actions.set_cap(9, by=csm, version=1)
    actions.set_cap(9, by=csm, version=2)
    assert SignalSetting.objects.get().most_per_day == 9
