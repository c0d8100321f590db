"""Playbooks from draft to retirement: versions, conflicts, and what is refused."""

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.web.versions import Conflict
from playbooks.playbooks import actions, editing
from playbooks.playbooks.actions import NotPossible
from playbooks.playbooks.definition import BadDefinition, read_version
from playbooks.playbooks.models import Playbook, PlaybookState, PlaybookVersion
from playbooks.playbooks.queries import current_of, draft_of
from playbooks.playbooks.shapes import Step
from tests.kit import BY
from tests.playbooks.playbooks.kit import branch, make, make_play, task

OUTCOME = {"kind": "outcome", "step": "s1", "is": "done"}


def titles(playbook):
    return [step.title for step in read_version(draft_of(playbook)).steps]


def step(title, key=""):
    params = {"title": title, "owner_role": "owner", "due_days": 1, "outcomes": []}
    return Step(key, "task", title, params)


def test_a_draft_is_published_and_the_next_version_leaves_running_plays_alone(here):
    playbook = make(published=False)
    assert (playbook.state, playbook.current) == ("draft", None)
    actions.publish(playbook, by=BY, change_note="First")
    playbook.refresh_from_db()
    play = make_play(playbook, here.account)
    draft = actions.start_draft(playbook, by=BY)
    assert actions.start_draft(playbook, by=BY) == draft
    editing.add_step(playbook, step("Second"), by=BY)
    actions.publish(playbook, by=BY, change_note="One more")
    playbook.refresh_from_db()
    assert (playbook.current, playbook.state) == (2, "active")
    assert [len(version.steps) for version in playbook.versions.order_by("number")] == [1, 2]
    play.refresh_from_db()
    assert play.playbook_version.number == 1
    entry = AuditEntry.objects.filter(verb="published").latest("pk")
    assert entry.after == {"version": 2, "note": "One more"}


def test_what_is_not_ready_is_not_published(here):
    playbook = make(published=False, steps=[], success={})
    with pytest.raises(BadDefinition) as refused:
        actions.publish(playbook, by=BY)
    assert len(refused.value.complaints) == 2
    assert Playbook.objects.get().current is None
    with pytest.raises(NotPossible, match="no draft"):
        actions.publish(make("Other"), by=BY)


def test_the_second_who_edits_at_once_is_told(here):
    playbook = make(published=False)
    seen = playbook.version
    editing.add_step(playbook, step("Mine"), by=BY, version=seen)
    for act in (
        lambda: editing.add_step(playbook, step("Theirs"), by=BY, version=seen),
        lambda: editing.set_part(playbook, "audience", {"stages": ["trial"]}, by=BY, version=seen),
        lambda: actions.edit_playbook(playbook, by=BY, version=seen, name="X"),
        lambda: actions.publish(playbook, by=BY, version=seen),
        lambda: actions.discard_draft(playbook, by=BY, version=seen),
    ):
        with pytest.raises(Conflict):
            act()
    assert titles(playbook) == ["Call them", "Mine"]


def test_steps_are_added_moved_copied_edited_and_removed(here):
    playbook = make(published=False)
    first = editing.add_step(playbook, step("B"), by=BY)
    editing.add_step(playbook, step("C"), by=BY, after="s1")
    assert titles(playbook) == ["Call them", "C", "B"]
    editing.move_step(playbook, first, up=True, by=BY)
    editing.copy_step(playbook, "s1", by=BY)
    assert titles(playbook) == ["Call them", "Call them", "B", "C"]
    keys = [one.key for one in read_version(draft_of(playbook)).steps]
    assert (len(set(keys)), keys[0]) == (4, "s1")
    editing.edit_step(playbook, step("A", key="s1"), by=BY)
    editing.remove_step(playbook, first, by=BY)
    assert titles(playbook) == ["A", "Call them", "C"]
    version = playbook.versions.get()
    editing.move_step(playbook, "s1", up=True, by=BY)
    assert Playbook.objects.get().version == Playbook.objects.get(pk=version.playbook_id).version
    with pytest.raises(NotPossible, match="not in the draft any more"):
        editing.remove_step(playbook, "nowhere", by=BY)


def test_ways_to_a_removed_step_lead_on(here):
    steps = [task("s1", then="s3"), branch("s2", OUTCOME, yes="s3", no="end"), task("s3"), task("s4")]
    playbook = make(published=False, steps=steps)
    editing.remove_step(playbook, "s3", by=BY)
    kept = read_version(draft_of(playbook)).steps
    assert [(one.key, one.then, one.params.get("yes"), one.params.get("no")) for one in kept] == [
        ("s1", "", None, None),
        ("s2", "", "", "end"),
        ("s4", "", None, None),
    ]


def test_forty_steps_are_the_most(here):
    playbook = make(published=False, steps=[task(f"k{number}") for number in range(40)])
    for act in (
        lambda: editing.add_step(playbook, step("X"), by=BY),
        lambda: editing.copy_step(playbook, "k1", by=BY),
    ):
        with pytest.raises(BadDefinition, match="at most 40 steps"):
            act()


def test_pause_resume_and_retire(here):
    playbook = make()
    actions.start_draft(playbook, by=BY)
    actions.set_state(playbook, PlaybookState.PAUSED, by=BY)
    actions.set_state(playbook, PlaybookState.ACTIVE, by=BY)
    with pytest.raises(NotPossible, match="Rescue is active and cannot be resumed"):
        actions.set_state(playbook, PlaybookState.ACTIVE, by=BY)
    actions.set_state(playbook, PlaybookState.RETIRED, by=BY)
    assert (draft_of(playbook), Playbook.objects.get().state) == (None, "retired")
    for act in (
        lambda: actions.start_draft(playbook, by=BY),
        lambda: actions.set_state(playbook, PlaybookState.ACTIVE, by=BY),
    ):
        with pytest.raises(NotPossible):
            act()


def test_the_first_version_may_begin_paused(here):
    playbook = make(published=False)
    actions.publish(playbook, by=BY, paused=True)
    assert Playbook.objects.get().state == "paused"


def test_discarding_a_draft_keeps_what_was_published(here):
    fresh, used = make("Fresh", published=False), make("Used")
    actions.start_draft(used, by=BY)
    assert actions.discard_draft(fresh, by=BY) is False
    assert actions.discard_draft(used, by=BY) is True
    assert [(one.playbook.name, one.number) for one in PlaybookVersion.objects.all()] == [("Used", 1)]


def test_a_copy_is_a_draft_of_its_own(here, elsewhere):
    playbook = make(rest_days=5, is_parallel=True)
    elsewhere.open()
    make("Copy of Rescue")
    here.open()
    one, two = actions.copy_playbook(playbook, by=BY), actions.copy_playbook(playbook, by=BY)
    assert (one.name, two.name) == ("Copy of Rescue", "Copy of Rescue 2")
    assert (one.state, one.rest_days, one.is_parallel) == ("draft", 5, True)
    assert read_version(draft_of(one)) == read_version(current_of(playbook))
