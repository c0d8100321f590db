"""Who a playbook is for, circles of playbooks, and segments that are needed."""

import pytest

from accounts.accounts.models import Account
from accounts.segments.actions import SegmentInUse, create_segment, delete_segment
from accounts.segments.definition import read_definition as read_segment
from accounts.segments.models import Segment
from accounts.tiers.models import Tier
from playbooks.playbooks.actions import set_state, start_draft
from playbooks.playbooks.audience import accounts_for, in_audience
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.loops import loop_warnings
from playbooks.playbooks.models import PlaybookState
from playbooks.playbooks.queries import draft_of
from playbooks.playbooks.shapes import Audience
from tests.kit import BY
from tests.playbooks.playbooks.kit import make, make_play, parts


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
