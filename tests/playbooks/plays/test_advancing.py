"""Moving on: what a step writes and its state are one; faults are tried again; messages may come twice."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from csworkspace.audit.models import AuditEntry
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.people.models import User
from playbooks.plays.actions import retry_step
from playbooks.plays.advancing import advance_once
from playbooks.plays.models import Play, PlayStep
from playbooks.plays.starting import advance_soon
from playbooks.plays.tasks import start_daily, wake_plays
from tests.kit import BY
from tests.playbooks.plays.kit import NOON, make_playbook, start, states, step, the, told, work


def ended(play, key, **more):
    announce("plays.step_ended", by=BY, step_id=the(play, key).pk, **more)


def test_a_play_runs_to_its_end(here, doing):
    play = start(make_playbook(steps=[step("a", "end"), step("b"), step("c", "end")]), here.account)
    work(here)
    assert states(play) == [("a", "done"), ("b", "active"), ("c", "pending")]
    held = the(play, "b")
    assert (held.note, held.result, held.began_at, held.wake_at) == (
        "Waits for somebody",
        {"thing": 7},
        NOON,
        None,
    )
    ended(play, "b", outcome="agreed", note="They said yes")
    assert work(here) == ["plays.step_ended"]
    play.refresh_from_db()
    assert (play.state, play.ended_at, play.ended_on) == ("done", NOON, NOON.date())
    assert (the(play, "b").outcome, the(play, "b").note) == ("agreed", "They said yes")
    verbs = list(AuditEntry.objects.filter(object_type="play").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["started", "step done", "step waits", "step done", "step done", "finished"]


def test_a_message_that_comes_twice_or_too_late_changes_nothing(here, doing):
    play = start(make_playbook(), here.account)
    work(here)
    ended(play, "one", outcome="first")
    ended(play, "one", outcome="second")
    ended(play, "two", outcome="too early")
    assert work(here) == ["plays.step_ended"] * 3
    # "two" had begun when its message was read.
    assert [(s.outcome) for s in PlayStep.objects.all()] == ["first", "too early"]
    ended(play, "two", outcome="again")
    announce("plays.step_ended", by=BY, step_id=10**9)
    work(here)
    assert [(s.outcome) for s in PlayStep.objects.all()] == ["first", "too early"]
    assert doing.began == ["one", "two"]


def test_a_step_that_has_not_begun_is_not_ended_by_a_message(here, doing):
    play = start(make_playbook(), here.account)
    ended(play, "two")
    Job.objects.filter(kind="plays.advance").delete()
    work(here)
    assert states(play) == [("one", "active"), ("two", "pending")]


def test_a_failed_step_waits_for_a_person_who_is_told(here, doing):
    play = start(make_playbook(steps=[step("a", "fail"), step("b")]), here.account)
    work(here)
    failed = the(play, "a")
    assert (failed.state, failed.error) == ("failed", "The template is gone. Choose another one.")
    assert told("play_failed") == [("csm", "Rescue on Acme Industries cannot go on: Step a")]
    assert not advance_once(play.pk)


def test_a_message_may_tell_of_a_failure(here, doing):
    play = start(make_playbook(), here.account)
    work(here)
    ended(play, "one", error="The e-mail came back.")
    work(here)
    assert (the(play, "one").state, the(play, "one").error) == ("failed", "The e-mail came back.")


def test_code_that_breaks_is_tried_again_later_and_nothing_of_it_is_kept(here, doing, clock):
    doing.breaks = 2
    broken = start(make_playbook(steps=[step("a", "burst")]), here.account)
    other = start(
        make_playbook("Other", steps=[step("x", "end")]), Account.objects.create(name="B"), cause="y"
    )
    Job.objects.all().delete()
    advance_soon([broken.pk, other.pk], by=BY)
    work(here)
    first = the(broken, "a")
    assert (first.state, first.attempts, first.error) == ("active", 1, "RuntimeError: the line is cut")
    assert (first.wake_at, first.began_at) == (NOON + timedelta(seconds=60), None)
    assert Account.objects.get(pk=here.account.pk).reason_bought == ""
    assert Play.objects.get(pk=other.pk).state == "done"
    assert not advance_once(broken.pk)
    clock.moment = NOON + timedelta(seconds=61)
    assert not advance_once(broken.pk)
    assert the(broken, "a").wake_at == clock.moment + timedelta(seconds=300)
    clock.moment += timedelta(seconds=301)
    assert advance_once(broken.pk)
    assert (the(broken, "a").state, the(broken, "a").error, the(broken, "a").attempts) == ("done", "", 2)


def test_after_the_last_attempt_it_has_failed_for_people(here, doing, clock):
    doing.breaks = 9
    play = start(make_playbook(steps=[step("a", "burst")]), here.account)
    for _ in range(4):
        advance_once(play.pk)
        clock.moment += timedelta(hours=1)
    failed = the(play, "a")
    assert (failed.state, failed.attempts) == ("failed", 4)
    assert failed.error == "It failed 4 times, last with RuntimeError: the line is cut"
    assert [title for _, title in told("play_failed")] == ["Rescue on Acme Industries cannot go on: Step a"]


def test_a_kind_that_is_not_known_fails_in_words(here, doing):
    play = start(make_playbook(steps=[step("a", "fax")]), here.account)
    work(here)
    assert the(play, "a").error.startswith("Steps of the kind “fax” are not known here.")


def test_the_way_leads_past_steps_and_to_the_end(here, doing):
    steps = [step("a", "end", "c"), step("b"), step("c", "end", "end"), step("d")]
    play = start(make_playbook(steps=steps), here.account)
    work(here)
    play.refresh_from_db()
    assert states(play) == [("a", "done"), ("b", "cancelled"), ("c", "done"), ("d", "cancelled")]
    assert (play.state, the(play, "b").note) == ("done", "Not on this play’s way")


def test_a_play_without_steps_ends_at_once(here):
    play = start(make_playbook(steps=[]), here.account)
    work(here)
    play.refresh_from_db()
    assert play.state == "done"


def test_two_clocks_start_one_job_for_what_is_due_here(here, elsewhere, doing, clock):
    play = start(make_playbook(steps=[step("w", "wait", until="days", days=1), step("b")]), here.account)
    work(here)
    elsewhere.open()
    start(make_playbook(steps=[step("w", "wait", until="days", days=9)]), elsewhere.account)
    work(elsewhere)
    here.open()
    wake_plays()
    here.open()
    assert not Job.objects.filter(status="queued").exists()
    clock.moment = NOON + timedelta(days=1)
    wake_plays()
    wake_plays()
    here.open()
    queued = Job.objects.filter(status="queued")
    assert [(job.kind, job.key, job.args["play_ids"]) for job in queued] == [
        ("plays.advance", "due 0", [play.pk])
    ]
    work(here)
    wake_plays()
    here.open()
    assert not Job.objects.filter(status="queued").exists()
    assert states(play) == [("w", "done"), ("b", "active")]
    elsewhere.open()
    assert not Job.objects.filter(status="queued").exists()


def test_what_is_due_comes_in_parts(here, monkeypatch):
    monkeypatch.setattr("playbooks.plays.starting.TOGETHER", 2)
    advance_soon([1, 2, 3, 4, 5], by=BY, key="due")
    advance_soon([1, 2, 3, 4, 5], by=BY, key="due")
    assert [(job.key, job.args["play_ids"]) for job in Job.objects.order_by("pk")] == [
        ("due 0", [1, 2]),
        ("due 1", [3, 4]),
        ("due 2", [5]),
    ]


def test_the_day_is_started_once_in_each_workspace(here, elsewhere):
    start_daily()
    start_daily()
    for world in (here, elsewhere):
        world.open()
        assert [job.kind for job in Job.objects.all()] == ["plays.daily"]


@pytest.mark.parametrize("count", [1, 3])
def test_one_play_costs_the_same_beside_others(here, doing, count, django_assert_num_queries):
    playbook = make_playbook(is_parallel=True)
    plays = [start(playbook, here.account, cause=f"c{number}") for number in range(count)]
    with django_assert_num_queries(8):
        advance_once(plays[0].pk)


def test_a_leader_whom_no_mail_reaches_keeps_no_step(here, doing):
    User.objects.filter(pk=here.account.owner.user_id).update(email="bob@intranet\n")
    play = start(make_playbook(steps=[step("a", "fail")]), here.account)
    work(here)
    assert (states(play), len(told("play_failed"))) == ([("a", "failed")], 1)


def test_the_day_finds_a_play_whose_job_was_lost(here, doing, clock):
    play = start(make_playbook(), here.account)
    Job.objects.all().delete()
    clock.moment = NOON + timedelta(days=1)
    start_job("plays.daily", "x", by=BY)
    work(here)
    assert states(play) == [("one", "active"), ("two", "pending")]


def test_an_old_error_told_again_does_not_fail_the_next_attempt(here, doing):
    play = start(make_playbook(steps=[step("a"), step("b")]), here.account)
    work(here)
    ended(play, "a", error="It bounced.")
    work(here)
    retry_step(play, the(play, "a").pk, by=BY)
    work(here)
    Job.objects.filter(kind="plays.step_ended").update(status="queued", attempts=0)
    work(here)
    assert states(play) == [("a", "active"), ("b", "pending")]
    ended(play, "a", error="It bounced again.")
    work(here)
    assert states(play) == [("a", "failed"), ("b", "pending")]
