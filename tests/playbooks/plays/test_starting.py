"""Starting a playbook: whom it may be started on, and one play for one cause."""

from dataclasses import replace

import pytest

from accounts.accounts.models import Account, Stage
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.people.actions import deactivate_member
from csworkspace.people.models import Membership, Role, User
from csworkspace.tenancy.database import open_workspace
from playbooks.playbooks.actions import edit_playbook
from playbooks.playbooks.models import PlaybookState
from playbooks.playbooks.steps import register_step, step_kind
from playbooks.plays.lists import plays_where
from playbooks.plays.models import Play, PlayStep
from playbooks.plays.owners import gap_of, leader_of, manager_ids, works_here
from playbooks.plays.refusals import LoopRefused, StartRefused
from playbooks.plays.starting import Wanted, lock_startable, start_many, start_play
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import make_playbook, start, states, step, told, work


def test_a_play_has_its_steps_its_history_and_a_job(here, doing):
    play = start(make_playbook(), here.account)
    assert states(play) == [("one", "pending"), ("two", "pending")]
    assert (play.started_on, play.cause, play.depth, str(play.owner)) == (TODAY, "by hand 1", 0, "None")
    entry = AuditEntry.objects.get(object_type="play")
    assert (entry.verb, entry.object_id, entry.after["cause"]) == ("started", play.pk, "By hand")
    assert [(job.kind, job.args["play_ids"]) for job in Job.objects.all()] == [("plays.advance", [play.pk])]
    assert told("play_started") == [("csm", "Rescue was started on Acme Industries")]
    assert work(here) == ["plays.advance"]
    assert states(play) == [("one", "active"), ("two", "pending")]


def test_who_starts_it_for_their_own_account_is_not_told(here, doing):
    by = replace(BY, membership_id=here.members["csm"].pk)
    start_play(make_playbook(), here.account, by=by, cause="x", cause_words="x")
    assert told("play_started") == []


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (PlaybookState.DRAFT, "Rescue is a draft. Publish it first."),
        (PlaybookState.PAUSED, "Rescue is paused: it starts no plays until somebody resumes it."),
        (PlaybookState.RETIRED, "Rescue is retired and starts no plays any more."),
    ],
)
def test_only_an_active_playbook_starts(here, state, text):
    with pytest.raises(StartRefused, match=text):
        start(make_playbook(state=state), here.account)
    assert not Play.objects.exists()


def test_churned_accounts_only_where_the_audience_names_them(here):
    Account.objects.update(stage=Stage.CHURNED)
    here.account.refresh_from_db()
    with pytest.raises(StartRefused, match="Acme Industries has churned"):
        start(make_playbook(), here.account)
    back = make_playbook("Win back", audience={"stages": ["churned"]})
    assert start(back, here.account).state == "running"


def test_one_play_at_a_time_and_one_for_a_cause_for_ever(here):
    playbook = make_playbook()
    first = start(playbook, here.account)
    with pytest.raises(StartRefused, match="runs on Acme Industries already") as refused:
        start(playbook, here.account, cause="by hand 2")
    assert refused.value.is_again
    Play.objects.filter(pk=first.pk).update(state="done")
    with pytest.raises(StartRefused, match="was started on Acme Industries for this cause before"):
        start(playbook, here.account)
    assert start(playbook, here.account, cause="by hand 2").pk
    assert PlayStep.objects.count() == 4


def test_a_parallel_playbook_runs_more_than_once(here):
    playbook = make_playbook(is_parallel=True)
    assert start(playbook, here.account).pk != start(playbook, here.account, cause="by hand 2").pk


def test_an_owner_must_work_here(here):
    gone = here.members["manager"]
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(StartRefused, match="does not work here any more"):
        start(make_playbook(), here.account, owner_id=gone.pk)
    viewer = here.members[Role.VIEWER]
    with pytest.raises(StartRefused, match="does not work here any more"):
        start(make_playbook("Other"), here.account, owner_id=viewer.pk)


def test_whoever_leads_it_and_what_is_said_when_nobody_does(here):
    csm, manager = here.members["csm"], here.members["manager"]
    play = start(make_playbook(), here.account, owner_id=manager.pk)
    assert (leader_of(play), gap_of(play)) == (manager, "")
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)
    play = Play.objects.get(pk=play.pk)
    assert leader_of(play) == csm
    assert gap_of(play).endswith("Csm of Northwind, who owns the account, leads it now.")
    type(csm).objects.filter(pk=csm.pk).update(is_active=False)
    play = Play.objects.get(pk=play.pk)
    assert leader_of(play) is None
    assert "Nobody leads this play" in gap_of(play)


def test_without_a_leader_the_managers_are_told(here):
    Account.objects.update(owner=None)
    here.account.refresh_from_db()
    start(make_playbook(), here.account)
    assert told("play_started") == [("manager", "Rescue was started on Acme Industries")]


def test_many_are_started_together_and_refusals_pass_over(here):
    accounts = [Account.objects.create(name=f"A{number}") for number in range(3)]
    playbook = make_playbook()
    start(playbook, accounts[1])
    locked, version = lock_startable(playbook.pk)
    wanted = [Wanted(account.pk, "x", "X") for account in accounts]
    plays, passed = start_many(locked, version, [*wanted, Wanted(10**9, "x", "X")], by=BY)
    assert ([play.account.name for play in plays], passed) == (
        ["A0", "A2"],
        {accounts[1].pk: "it runs there already", 10**9: "the account is not there any more"},
    )
    assert Job.objects.filter(kind="plays.advance").count() == 2


def test_a_circle_is_refused_by_depth_and_by_name(here):
    names = [make_playbook(f"P{number}", is_parallel=True) for number in range(5)]
    parent = None
    for number, playbook in enumerate(names[:4]):
        parent = start(playbook, here.account, cause=f"c{number}", parent=parent)
        assert parent.depth == number
    with pytest.raises(LoopRefused, match="4 plays would have led to each other"):
        start(names[4], here.account, parent=parent)
    below = Play.objects.get(depth=1)
    with pytest.raises(LoopRefused, match="the playbooks start each other"):
        start(names[0], here.account, cause="again", parent=below)


def test_the_lookalike_neither_sees_nor_hinders(here, elsewhere):
    start(make_playbook(), here.account)
    elsewhere.open()
    assert not Play.objects.exists()
    start(make_playbook(steps=[step("one", "end")]), elsewhere.account)
    assert Play.objects.count() == 1


def test_when_its_leader_leaves_the_next_one_is_told_and_lists_it(here):
    csm, manager = here.members["csm"], here.members["manager"]
    start(make_playbook(), here.account, owner_id=here.members["executive"].pk)
    start(make_playbook("Own"), here.account)
    deactivate_member(here.members["executive"], by=BY)
    work(here)
    assert told("play_handed") == [("csm", "Rescue on Acme Industries has lost its leader")]
    assert [play.playbook.name for play in plays_where("active", csm.pk).order_by("pk")] == ["Rescue", "Own"]
    deactivate_member(csm, by=BY)
    work(here)
    assert {role for role, _ in told("play_handed")} == {"csm", "manager"}
    assert not works_here(Membership(role="csm", user=User(is_active=False)))
    User.objects.filter(pk=manager.user_id).update(is_active=False)
    assert manager_ids() == [here.members["admin"].pk]


def test_a_first_step_that_tells_whoever_leads_is_news_enough(here, doing):
    playbook = make_playbook()
    kind = step_kind(playbook.versions.get().steps[0]["kind"])
    register_step(replace(kind, tells_leader=lambda params: True))
    start(playbook, here.account)
    assert told("play_started") == []
    Account.objects.update(owner=None)
    here.account.refresh_from_db()
    start(make_playbook("Other"), here.account)
    assert told("play_started") == [("manager", "Other was started on Acme Industries")], "nobody leads it"


def test_one_runs_at_a_time_from_the_moment_on_that_the_playbook_says_so(here, elsewhere, doing):
    """A play that began while several might run does not make room for a second one."""
    playbook = make_playbook(is_parallel=True)
    start(playbook, here.account, "by hand 1")
    start(playbook, here.account, "by hand 2")
    edit_playbook(playbook, by=BY, is_parallel=False)
    with pytest.raises(StartRefused, match="Rescue runs on Acme Industries already"):
        start(playbook, here.account, "by hand 3")
    edit_playbook(playbook, by=BY, is_parallel=True)
    start(playbook, here.account, "by hand 3")
    assert Play.objects.count() == 3
    with open_workspace(elsewhere.workspace.pk):
        start(make_playbook(), elsewhere.account)
