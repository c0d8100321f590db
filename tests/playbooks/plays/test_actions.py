"""What people do with a play: pause, resume, stop, reassign, skip, try again."""

from datetime import timedelta

import pytest

from csworkspace.audit.models import AuditEntry
from csworkspace.events.registry import announce
from csworkspace.web.versions import Conflict
from playbooks.plays import actions
from playbooks.plays.advancing import end_step
from playbooks.plays.models import Play
from playbooks.plays.refusals import PlayRefused
from playbooks.plays.starting import advance_soon
from tests.kit import BY
from tests.playbooks.plays.kit import NOON, make_playbook, start, states, step, the, work


@pytest.fixture
def play(here, doing):
    """A play that waits in its first step."""
    made = start(make_playbook(), here.account)
    work(here)
    return made


def again(play):
    return Play.objects.get(pk=play.pk)


def verbs(play):
    found = AuditEntry.objects.filter(object_type="play", object_id=play.pk).order_by("pk")
    return [entry.verb for entry in found]


def test_a_paused_play_takes_notes_and_goes_on_when_resumed(here, play):
    actions.pause_play(play, by=BY)
    announce("plays.step_ended", by=BY, step_id=the(play, "one").pk)
    work(here)
    assert (again(play).state, again(play).paused_at, states(play)) == (
        "paused",
        NOON,
        [("one", "done"), ("two", "pending")],
    )
    actions.resume_play(play, by=BY)
    work(here)
    assert (again(play).state, again(play).paused_at) == ("running", None)
    assert states(play) == [("one", "done"), ("two", "active")]
    assert verbs(play) == ["started", "step waits", "paused", "step done", "resumed", "step waits"]


def test_a_wait_that_passed_during_a_pause_ends_on_resuming(here, doing, clock):
    play = start(make_playbook(steps=[step("w", "wait", until="days", days=2)]), here.account)
    work(here)
    actions.pause_play(play, by=BY)
    clock.moment = NOON + timedelta(days=5)
    actions.resume_play(play, by=BY)
    work(here)
    assert again(play).state == "done"


def test_stopping_calls_off_what_waits_and_keeps_the_reason(here, play, doing):
    actions.stop_play(play, by=BY, reason=" They left. ")
    assert doing.cancelled == ["one"]
    assert states(play) == [("one", "cancelled"), ("two", "cancelled")]
    stopped = again(play)
    assert (stopped.state, stopped.end_reason, stopped.ended_on) == ("stopped", "They left.", NOON.date())
    entry = AuditEntry.objects.get(verb="stopped")
    assert entry.after == {"reason": "They left."}
    announce("plays.step_ended", by=BY, step_id=the(play, "one").pk)
    work(here)
    assert states(play) == [("one", "cancelled"), ("two", "cancelled")]


def test_stopping_works_although_calling_off_breaks(here, play, doing, monkeypatch):
    def burst(run):
        raise RuntimeError("no")

    monkeypatch.setattr("playbooks.plays.actions.run_of", burst)
    actions.stop_play(play, by=BY, reason="x")
    assert again(play).state == "stopped"


def test_what_is_over_stays_over(here, play):
    actions.stop_play(play, by=BY, reason="x")
    for act in (
        lambda: actions.pause_play(play, by=BY),
        lambda: actions.resume_play(play, by=BY),
        lambda: actions.stop_play(play, by=BY, reason="y"),
        lambda: actions.reassign_play(play, by=BY, owner_id=None),
        lambda: actions.skip_step(play, the(play, "one").pk, by=BY),
        lambda: actions.retry_step(play, the(play, "one").pk, by=BY),
    ):
        with pytest.raises(PlayRefused, match="This play is stopped: that cannot be done now"):
            act()


def test_the_second_of_two_who_looked_at_the_same_play_is_told(here, play):
    seen = again(play).version
    actions.pause_play(play, by=BY, version=seen)
    with pytest.raises(Conflict):
        actions.stop_play(play, by=BY, reason="x", version=seen)
    assert again(play).state == "paused"


def test_it_is_handed_to_a_colleague_and_back(here, play):
    manager = here.members["manager"]
    actions.reassign_play(play, by=BY, owner_id=manager.pk)
    assert again(play).owner == manager
    actions.reassign_play(play, by=BY, owner_id=None)
    assert again(play).owner is None
    with pytest.raises(PlayRefused, match="does not work here any more"):
        actions.reassign_play(play, by=BY, owner_id=here.members["viewer"].pk)


def test_the_waiting_step_is_skipped_and_the_next_begins(here, play, doing):
    actions.skip_step(play, the(play, "one").pk, by=BY, reason="Not needed")
    work(here)
    skipped = the(play, "one")
    assert (skipped.state, skipped.outcome, skipped.note) == ("skipped", "skipped", "Not needed")
    assert (doing.cancelled, states(play)[1]) == (["one"], ("two", "active"))


def test_a_step_to_come_is_skipped_ahead(here, play):
    actions.skip_step(play, the(play, "two").pk, by=BY)
    announce("plays.step_ended", by=BY, step_id=the(play, "one").pk)
    work(here)
    assert (again(play).state, states(play)) == ("done", [("one", "done"), ("two", "skipped")])
    with pytest.raises(PlayRefused):
        actions.skip_step(play, the(play, "two").pk, by=BY)


def test_a_skipped_step_still_leads_where_it_leads(here, doing):
    play = start(make_playbook(steps=[step("a", then="c"), step("b"), step("c")]), here.account)
    work(here)
    actions.skip_step(play, the(play, "a").pk, by=BY)
    work(here)
    assert states(play) == [("a", "skipped"), ("b", "cancelled"), ("c", "active")]


def test_a_failed_step_is_tried_again(here, doing):
    play = start(make_playbook(steps=[step("a", "fail"), step("b")]), here.account)
    work(here)
    with pytest.raises(PlayRefused, match="“Step b” is to come: it cannot be tried again"):
        actions.retry_step(play, the(play, "b").pk, by=BY)
    actions.retry_step(play, the(play, "a").pk, by=BY)
    assert states(play) == [("a", "pending"), ("b", "pending")]
    work(here)
    assert states(play) == [("a", "failed"), ("b", "pending")]
    actions.skip_step(play, the(play, "a").pk, by=BY)
    work(here)
    assert states(play) == [("a", "skipped"), ("b", "active")]


def test_a_step_of_another_play_is_refused(here, play):
    other = start(make_playbook("Other"), here.account)
    with pytest.raises(PlayRefused, match="does not belong"):
        actions.skip_step(play, the(other, "one").pk, by=BY)


def parting(here, *keys):
    """A play that parts after its first step: `y` ends it, else `n` follows; some skipped ahead."""
    condition = {"kind": "stage", "in": ["onboarding"]}
    steps = [
        step("h"),
        step("b", "branch", condition=condition, yes="y", no="n"),
        step("y", then="end"),
        step("n"),
    ]
    play = start(make_playbook(steps=steps), here.account)
    work(here)
    for key in keys:
        actions.skip_step(play, the(play, key).pk, by=BY)
    end_step(the(play, "h").pk)
    advance_soon([play.pk], by=BY)
    work(here)
    return play


def test_a_step_skipped_ahead_leads_where_it_leads_once_it_is_reached(here, doing):
    play = parting(here, "y")
    assert states(play) == [("h", "done"), ("b", "done"), ("y", "skipped"), ("n", "cancelled")]
    assert again(play).state == "done"


def test_the_first_step_skipped_before_it_began_leads_on(here, doing):
    play = start(make_playbook(steps=[step("a", then="c"), step("b"), step("c")]), here.account)
    actions.skip_step(play, the(play, "a").pk, by=BY)
    work(here)
    assert states(play) == [("a", "skipped"), ("b", "cancelled"), ("c", "active")]
