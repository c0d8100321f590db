"""On whom a version would start if it were published now: what the triggers then do."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from accounts.segments.models import Segment, SegmentStay
from playbooks.playbooks.actions import start_draft
from playbooks.playbooks.queries import current_of, draft_of
from playbooks.plays.models import Play
from playbooks.plays.prospects import would_start
from playbooks.signals.models import Signal
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.playbooks.kit import make, make_indicator, make_play, make_signal
from tests.playbooks.plays.kit import NOON, make_playbook, new_day


def account(name, **fields):
    return Account.objects.create(name=name, **fields)


def test_a_signal_starts_on_those_with_an_open_one(here):
    indicator, other = make_indicator(), make_indicator("other", "Other")
    resolved, running, foreign = account("Resolved"), account("Running"), account("Foreign")
    make_signal(here.account, indicator, severity=3)
    make_signal(resolved, indicator, severity=3, state="resolved")
    make_signal(running, indicator, severity=3)
    make_signal(foreign, other, severity=3)
    trigger = {"kind": "signal", "indicators": [indicator.pk], "severity": 3}
    playbook = make(trigger=trigger)
    make_play(playbook, running)
    found = would_start(current_of(playbook), TODAY)
    assert (found.count, found.words) == (1, "It would start on 1 account today.")
    assert found.examples == [(here.account.pk, "Acme Industries")]
    assert would_start(current_of(make("Parallel", trigger=trigger, is_parallel=True)), TODAY).count == 2


def test_a_date_starts_on_its_day_and_says_who_comes_next(here):
    account("Today", renewal_on=TODAY + timedelta(days=120))
    account("Soon", renewal_on=TODAY + timedelta(days=130))
    account("Later", renewal_on=TODAY + timedelta(days=300))
    found = would_start(current_of(make(trigger={"kind": "date", "date": "renewal", "days": -120})), TODAY)
    assert [name for _, name in found.examples] == ["Today"]
    assert found.note == "In the next 30 days the date comes for 1 account more."


@pytest.mark.parametrize(
    ("trigger", "note"),
    [
        ({"kind": "stage", "to": ["onboarding"]}, "Accounts whose stage changes from now on are started"),
        ({"kind": "tier", "to": []}, "Accounts whose tier changes from now on are started"),
        ({"kind": "segment", "segment": 1, "move": "enter"}, "Accounts that enter the segment from now on"),
        ({"kind": "segment", "segment": 1, "move": "leave"}, "Accounts that leave the segment from now on"),
        ({"kind": "manual"}, "Somebody starts it on an account by hand."),
    ],
)
def test_changes_start_nothing_for_what_is_so_already(here, trigger, note):
    found = would_start(current_of_draft(trigger), TODAY)
    assert (found.count, found.note.startswith(note)) == (0, True)


def current_of_draft(trigger):
    return draft_of(make(published=False, trigger=trigger))


def test_what_would_ask_first_is_said_and_snoozed_signals_do_not_count(here):
    accounts = [Account.objects.create(name=f"A{number:02}") for number in range(26)]
    made = [make_signal(account, cause=f"c{account.pk}") for account in accounts]
    playbook = make(trigger={"kind": "signal"})
    version = current_of(playbook)
    said = would_start(version, TODAY)
    assert (said.count, said.words) == (26, "It would ask a manager first: it would start on 26 accounts.")
    Signal.objects.filter(pk=made[0].pk).update(state="snoozed")
    gone = {"state": "done", "ended_on": TODAY - timedelta(days=80)}
    make_play(playbook, accounts[1], 90, signal=made[1], cause=f"signal {made[1].pk}", **gone)
    said = would_start(version, TODAY)
    assert (said.count, said.words) == (24, "It would start on 24 accounts today.")


def draft_again(playbook, **parts):
    """The draft of the next version, with these parts changed."""
    draft = start_draft(playbook, by=BY)
    for name, value in parts.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def publish_now(draft):
    """As the clock of the tests has it."""
    draft.published_at = NOON
    draft.save()
    draft.playbook.current = draft.number
    draft.playbook.save()


def test_a_date_that_is_moved_counts_from_its_publication_on(here):
    """The engine takes up no days that lie before the new trigger was there, and the number says so."""
    renewal = {"kind": "date", "date": "renewal", "days": -120}
    playbook = make_playbook(trigger=renewal, published_at=NOON - timedelta(days=100))
    account("Missed", renewal_on=TODAY + timedelta(days=55))
    account("Today", renewal_on=TODAY + timedelta(days=60))
    draft = draft_again(playbook, trigger={**renewal, "days": -60})
    said = would_start(draft, TODAY)
    assert ([name for _, name in said.examples], said.count) == (["Today"], 1)
    publish_now(draft)
    new_day(here)
    assert list(Play.objects.values_list("account__name", flat=True)) == ["Today"]


def test_the_same_date_in_a_later_version_still_takes_up_what_was_missed(here):
    trigger = {"kind": "date", "date": "renewal", "days": -60}
    playbook = make_playbook(trigger=trigger, published_at=NOON - timedelta(days=100))
    account("Missed", renewal_on=TODAY + timedelta(days=55))
    draft = draft_again(playbook, change_note="other words")
    assert would_start(draft, TODAY).count == 1
    publish_now(draft)
    new_day(here)
    assert Play.objects.count() == 1


@pytest.mark.parametrize(("is_same", "count"), [(True, 1), (False, 0)])
def test_who_entered_a_segment_counts_since_the_trigger_is_there(here, elsewhere, is_same, count):
    made = Segment.objects.create(name="Quiet", definition={"groups": []})
    Segment.objects.update(created_at=NOON - timedelta(days=50))
    SegmentStay.objects.create(segment=made, account=here.account, entered_at=NOON - timedelta(days=3))
    trigger = {"kind": "segment", "segment": made.pk, "move": "enter"}
    before = trigger if is_same else {"kind": "manual"}
    playbook = make_playbook(trigger=before, published_at=NOON - timedelta(days=100))
    draft = draft_again(playbook, trigger=trigger)
    assert would_start(draft, TODAY).count == count
    publish_now(draft)
    new_day(here)
    assert Play.objects.count() == count


@pytest.mark.parametrize("more", [0, 20])
def test_the_number_costs_the_same_for_more(here, more, django_assert_num_queries):
    make_signal(here.account)
    for number in range(more):
        make_signal(account(f"More {number}"))
    version = current_of(make(trigger={"kind": "signal"}))
    with django_assert_num_queries(8):
        assert would_start(version, TODAY).count == 1 + more
