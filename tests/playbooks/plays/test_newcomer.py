"""What a newcomer stumbled over: ends of plays, their words, and what follows a task."""

from datetime import timedelta

import pytest

from playbooks.playbooks.definition import read_definition
from playbooks.playbooks.judging import Span, first_days
from playbooks.plays.actions import skip_step, stop_play
from playbooks.plays.advancing import advance_once
from playbooks.plays.faces import progress_words
from playbooks.plays.flow import earlier_of, with_titles
from playbooks.plays.foretelling import what_follows
from playbooks.plays.forms import SkipForm
from playbooks.plays.models import PlayStep, StepState
from playbooks.plays.story import play_story
from playbooks.tasks.actions import complete_task, reopen_task
from playbooks.tasks.models import Task
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import make_playbook, raise_signal, start, step, the, work
from tests.playbooks.signals.kit import make_indicator, read


def task_step(key: str, title: str, **params):
    return {"key": key, "kind": "task", "title": title, "params": {"title": title, **params}, "then": ""}


SUCCESS = {"condition": {"kind": "signal", "is": "resolved"}, "window_days": 60, "words": ""}


def recovered(signal):
    definition = read_definition(
        {"trigger": {"kind": "manual"}, "audience": {}, "steps": [], "success": SUCCESS}
    )
    span = Span(signal.account_id, TODAY - timedelta(days=9), TODAY, signal.pk)
    return first_days(definition.success.condition, [span])


@pytest.mark.parametrize(("outcome", "day"), [("addressed", None), ("recovered", TODAY), ("won", TODAY)])
def test_a_click_on_addressed_is_no_success(here, outcome, day):
    signal = raise_signal(here.account, state="resolved", resolved_on=TODAY, outcome=outcome)
    assert recovered(signal) == [day]


def test_a_signal_has_recovered_when_its_indicator_holds_no_more(here):
    indicator = make_indicator()
    raised = TODAY - timedelta(days=5)
    signal = raise_signal(here.account, indicator=indicator, raised_on=raised)
    for day, holds in ((raised, False), (raised + timedelta(days=1), True)):
        read(here.account, indicator, holds, day=day)
    assert recovered(signal) == [None]
    read(here.account, indicator, False, day=TODAY)
    assert recovered(signal) == [TODAY]


def test_progress_says_what_was_done():
    states = [StepState.DONE, StepState.SKIPPED, StepState.CANCELLED, StepState.CANCELLED]
    assert progress_words([PlayStep(state=one) for one in states]) == "1 done, 1 skipped, 2 left out"
    assert progress_words([PlayStep(state=StepState.CANCELLED)]) == "0 done, 1 left out"
    assert progress_words([PlayStep(state=StepState.DONE), PlayStep(state="pending")]) == "1 of 2 steps"


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_play_that_ends_leaves_no_open_tasks(here, is_stopped):
    play = start(make_playbook(steps=[task_step("one", "Call"), task_step("two", "Write")]), here.account)
    advance_once(play.pk)
    complete_task(Task.objects.get(), by=BY)
    work(here)
    reopen_task(Task.objects.get(title="Call"), by=BY)
    if is_stopped:
        play.refresh_from_db()
        stop_play(play, by=BY, reason="Not needed")
    else:
        complete_task(Task.objects.get(title="Write"), by=BY)
        work(here)
    states = dict(Task.objects.values_list("title", "state"))
    assert states == {"Call": "cancelled", "Write": "cancelled" if is_stopped else "done"}
    assert Task.objects.get(title="Call").result_note == "The play does not need it any more"


def test_a_skip_needs_a_reason_and_names_who_did_it(here, rf):
    play = start(
        make_playbook(steps=[{**step("one", "wait", until="days", days=3)}, task_step("two", "Call")]),
        here.account,
    )
    assert not SkipForm({"version": play.version, "step": 1, "reason": ""}, play=play).is_valid()
    advance_once(play.pk)
    skip_step(play, the(play, "one").pk, by=BY, reason="They answered")
    request = rf.get("/")
    request.workspace = here.workspace
    told = [(one.title, one.text, one.by) for one in play_story(request, here.account.pk, None, 9)]
    assert told[0] == ("Skipped: Step one", "They answered", BY.label)


def test_a_day_of_steps_is_one_entry(here, rf):
    play = start(make_playbook(steps=[step("one"), step("two")]), here.account)
    PlayStep.objects.filter(play=play).update(state="done", kind="wait", began_at=play.started_at)
    request = rf.get("/")
    request.workspace = here.workspace
    told = [(one.title, one.text) for one in play_story(request, here.account.pk, None, 9)]
    assert ("2 steps of Rescue", "Done: Step one; Done: Step two") in told
    assert len(told) == 2


def test_titles_stand_for_keys():
    steps = [task_step("cause", "Find the cause", outcomes=["Explained"])]
    assert earlier_of(steps)["cause"][0] == "Find the cause"
    text = with_titles("If “cause” ended with “Explained”", {"cause": "Find the cause"})
    assert text == "If “Find the cause” ended with “Explained”"


def test_what_follows_a_task_is_said(here):
    mail = {"template": "x", "to_role": "all"}
    steps = [
        task_step("one", "Call"),
        {"key": "tell", "kind": "notice", "title": "Tell", "params": {}},
        {"key": "mail", "kind": "email", "title": "Write", "params": mail},
    ]
    here.account.contacts.create(name="Ruth Kessler", email="ruth@customer.example", role="champion")
    play = start(make_playbook(steps=steps), here.account)
    other = start(make_playbook("Other", [task_step("one", "Call")]), here.account, "by hand 2")
    ended = {the(play, "one").pk: "done", the(other, "one").pk: "done"}
    assert what_follows(ended) == "2 plays go on; 1 waits for your look at 1 e-mail; 1 ends with it."
    assert what_follows({}) == ""
