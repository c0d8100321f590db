"""Who a playbook is for, on whom it would start, circles of playbooks, and segments that are needed."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from accounts.segments.actions import SegmentInUse, create_segment, delete_segment
from accounts.segments.definition import read_definition as read_segment
from accounts.segments.models import Segment
from accounts.tiers.models import Tier
from playbooks.playbooks.actions import set_state, start_draft
from playbooks.playbooks.audience import accounts_for, in_audience, would_start
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.loops import loop_warnings
from playbooks.playbooks.models import PlaybookState
from playbooks.playbooks.queries import current_of, draft_of
from playbooks.playbooks.shapes import Audience
from playbooks.signals.models import Signal
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.playbooks.kit import make, make_indicator, make_play, make_signal, parts


def segment(name, field, value):
    conditions = [{"field": field, "op": "in", "value": [value], "of": ""}]
    definition = {"match": "all", "groups": [{"match": "all", "conditions": conditions}]}
    return create_segment(by=BY, name=name, definition=read_segment(definition))


def account(name, **fields):
    return Account.objects.create(name=name, **fields)


def test_an_audience_leaves_churned_accounts_out_unless_they_are_named(here, elsewhere):
    tier = Tier.objects.create(name="Top", position=91)
    one, two = account("One", stage="established", tier=tier), account("Two", stage="churned")
    assert set(accounts_for(Audience())) == {here.account, one}
    assert set(accounts_for(Audience(stages=("churned",)))) == {two}
    assert set(accounts_for(Audience(tiers=(tier.pk,)))) == {one}
    assert in_audience(Audience(), [one.pk, two.pk, elsewhere.account.pk]) == {one.pk}
    assert set(accounts_for(Audience(segment=999))) == set()


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


def change(stage):
    return {"key": "c", "kind": "change", "title": "C", "params": {"field": "stage", "stage": stage}}


def test_playbooks_that_start_each_other_are_named_in_a_chain(here):
    back = {"trigger": {"kind": "stage", "to": ["adopting"]}, "steps": [change("renewing")]}
    make("B", **back)
    paused = make("Paused", **back)
    set_state(paused, PlaybookState.PAUSED, by=BY)
    start = {"kind": "stage", "to": ["renewing"]}
    a = make("A", published=False, trigger=start, steps=[change("adopting")])
    draft = draft_of(a)
    assert loop_warnings(draft, read_version(draft)) == [
        "“A” changes the stage to adopting, which may start “B”; “B” changes the stage to renewing, which "
        "may start “A” again. A play stops after a few rounds, but check that this is what you want."
    ]
    lone = make("Lone", published=False, steps=[change("churned")])
    assert loop_warnings(draft_of(lone), read_version(draft_of(lone))) == []


def test_a_segment_that_asks_about_the_stage_can_close_a_circle(here):
    made = segment("Adopting", "stage", "adopting")
    trigger = {"kind": "segment", "segment": made.pk, "move": "enter"}
    playbook = make("Self", published=False, trigger=trigger, steps=[change("adopting")])
    draft = draft_of(playbook)
    assert loop_warnings(draft, read_version(draft)) == [
        "“Self” changes the stage to adopting, which may start “Self” again. A play stops after a few "
        "rounds, but check that this is what you want."
    ]


def test_a_segment_is_kept_while_a_playbook_needs_it(here):
    made = segment("Adopting", "stage", "adopting")
    nested = {"kind": "segment", "segment": made.pk, "inside": True}
    playbook = make(success={"condition": nested})
    with pytest.raises(SegmentInUse, match="is still used by the playbook “Rescue”"):
        delete_segment(made, by=BY)
    draft = start_draft(playbook, by=BY)
    draft.success = parts()["success"]
    draft.save()
    with pytest.raises(SegmentInUse):
        delete_segment(made, by=BY)
    set_state(playbook, PlaybookState.RETIRED, by=BY)
    play = make_play(playbook, here.account)
    with pytest.raises(SegmentInUse):
        delete_segment(made, by=BY)
    play.state = "done"
    play.save()
    delete_segment(made, by=BY)
    assert Segment.objects.count() == 0


@pytest.mark.parametrize("field", ["add_tag", "remove_tag"])
def test_a_segment_that_asks_about_tags_can_close_a_circle(here, field):
    conditions = [{"field": "tags", "op": "any", "value": ["x"]}]
    made = Segment.objects.create(name="Tagged", definition={"groups": [{"conditions": conditions}]})
    params = {"field": field, "tag": "x"}
    tag = {"key": "c", "kind": "change", "title": "Tag", "params": params, "then": ""}
    trigger = {"kind": "segment", "segment": made.pk, "move": "leave"}
    draft = draft_of(make("Self", published=False, trigger=trigger, steps=[tag]))
    (warning,) = loop_warnings(draft, read_version(draft))
    assert warning.startswith("“Self” changes the tags, which may start “Self” again.")


def test_what_would_ask_first_is_said_and_snoozed_signals_do_not_count(here):
    accounts = [Account.objects.create(name=f"A{number:02}") for number in range(26)]
    made = [make_signal(account, cause=f"c{account.pk}") for account in accounts]
    version = draft_of(make(published=False, trigger={"kind": "signal"}))
    said = would_start(version, TODAY)
    assert (said.count, said.words) == (26, "It would ask a manager first: it would start on 26 accounts.")
    Signal.objects.filter(pk=made[0].pk).update(state="snoozed")
    make_play(version.playbook, accounts[1], 90, signal=made[1], cause=f"signal {made[1].pk}", ended_on=TODAY)
    said = would_start(version, TODAY)
    assert (said.count, said.words) == (24, "It would start on 24 accounts today.")
