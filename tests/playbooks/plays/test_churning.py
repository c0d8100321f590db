"""Plays on accounts that churn stop where they are, and whoever leads them is told."""

from csworkspace.tenancy.database import open_workspace
from playbooks.plays.actions import resume_play
from playbooks.plays.models import Play, PlayState
from tests.kit import BY
from tests.playbooks.plays.kit import change, make_playbook, new_day, start, states, step, told, work


def test_what_runs_on_an_account_that_churns_is_paused_once(here, elsewhere, doing):
    play = start(make_playbook(), here.account)
    meant = start(make_playbook("Win-back", audience={"stages": ["churned"]}), here.account)
    with open_workspace(elsewhere.workspace.pk):
        theirs = start(make_playbook(), elsewhere.account)
    new_day(here)
    change(here, stage="churned")
    new_day(here)
    play.refresh_from_db()
    meant.refresh_from_db()
    assert (play.state, meant.state) == (PlayState.PAUSED, PlayState.RUNNING)
    title = "Rescue on Acme Industries is paused: the account has churned"
    assert told("play_paused") == [("csm", title)]
    with open_workspace(elsewhere.workspace.pk):
        assert Play.objects.get(pk=theirs.pk).state == PlayState.RUNNING


def test_whoever_resumes_it_means_it(here, doing):
    play = start(make_playbook(), here.account)
    new_day(here)
    change(here, stage="churned")
    play.refresh_from_db()
    resume_play(play, by=BY)
    new_day(here)
    play.refresh_from_db()
    assert play.state == PlayState.RUNNING


def test_the_play_that_sets_the_stage_goes_on(here, doing):
    new_day(here)
    steps = [step("lost", "change", field="stage", stage="churned"), step("ask")]
    play = start(make_playbook(steps=steps), here.account)
    other = start(make_playbook("Other"), here.account)
    work(here)
    new_day(here)
    new_day(here)
    play.refresh_from_db()
    other.refresh_from_db()
    assert other.state == PlayState.PAUSED
    assert (play.state, states(play)) == (PlayState.RUNNING, [("lost", "done"), ("ask", "active")])
