"""Waits, branches and changes: what they do when their turn comes, and what their forms store."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.accounts.models import Account, Stage
from accounts.changes.models import ChangeSet
from csworkspace.audit.models import AuditEntry
from csworkspace.calendar.models import Holiday
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import Workspace
from playbooks.playbooks.steps import Around
from playbooks.plays.actions import skip_step
from playbooks.plays.advancing import advance_once
from playbooks.plays.faces import foresee
from playbooks.plays.kinds.branching import BranchForm, branch_words, check_branch
from playbooks.plays.kinds.changing import ChangeForm, change_words, check_change
from playbooks.plays.kinds.waiting import WaitForm, check_wait, wait_outcomes, wait_words
from playbooks.plays.models import Play
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import NOON, make_playbook, start, states, step, the, work

RENEWING = {"kind": "stage", "in": ["renewing"]}


def waiting(here, **params):
    """A play that has come to its wait."""
    play = start(make_playbook(steps=[step("w", "wait", **params), step("b")]), here.account)
    work(here)
    return play


def zone(name):
    Workspace.objects.update(timezone=name)


def at(clock, *parts):
    clock.moment = datetime(*parts, tzinfo=UTC)


def test_calendar_days_end_in_the_morning_of_the_workspaces_day(here, doing):
    zone("Europe/Oslo")
    wait = the(waiting(here, until="days", days=3), "w")
    assert wait.wake_at == datetime(2030, 7, 3, 7, tzinfo=UTC)
    assert (wait.note, wait.result) == ("Until 3 Jul 2030", {"day": "2030-07-03"})


def test_working_days_leave_out_weekends_and_holidays(here, doing):
    Holiday.objects.create(day=date(2030, 7, 2), name="Holiday")
    # The 30 June 2030 is a Sunday: counting begins on Monday.
    assert the(waiting(here, until="workdays", days=2), "w").wake_at == datetime(2030, 7, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begun", "day"),
    [
        # Clocks go forward on 29 March 2026 and back on 25 October 2026; 9 o'clock is 9 o'clock.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)),
        (datetime(2026, 3, 25, 12, tzinfo=UTC), datetime(2026, 3, 28, 8, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (datetime(2026, 10, 21, 12, tzinfo=UTC), datetime(2026, 10, 24, 7, tzinfo=UTC)),
    ],
)
def test_waits_over_a_change_of_clocks_end_at_the_same_hour(here, doing, clock, begun, day):
    zone("Europe/Oslo")
    clock.moment = begun
    play = waiting(here, until="days", days=3)
    assert the(play, "w").wake_at == day
    clock.moment = day - timedelta(seconds=1)
    assert not advance_once(play.pk)
    clock.moment = day
    assert advance_once(play.pk)


def test_a_clock_that_goes_back_does_no_harm(here, doing, clock):
    play = waiting(here, until="days", days=1)
    clock.moment = NOON + timedelta(days=1)
    assert advance_once(play.pk)
    clock.moment = NOON - timedelta(days=3)
    assert not advance_once(play.pk, look=False) or states(play)[0] == ("w", "done")
    assert states(play) == [("w", "done"), ("b", "active")]
    assert doing.began == ["b"]


def test_a_zone_that_changes_lets_a_wait_go_on_to_its_day(here, doing, clock):
    play = waiting(here, until="days", days=1)
    zone("America/Los_Angeles")
    # The morning of the old zone has come, but the play's day (as the tests' clock has it) has too.
    at(clock, 2030, 7, 1, 9, 0)
    assert advance_once(play.pk)


def test_until_a_day_before_the_renewal_and_on_when_it_moves(here, doing, clock):
    Account.objects.update(renewal_on=date(2030, 9, 28))
    play = waiting(here, until="renewal", days=-60)
    assert the(play, "w").wake_at == datetime(2030, 7, 30, 9, tzinfo=UTC)
    Account.objects.update(renewal_on=date(2030, 10, 28))
    assert not advance_once(play.pk, look=True)
    assert the(play, "w").wake_at == datetime(2030, 8, 29, 9, tzinfo=UTC)
    Account.objects.update(renewal_on=date(2030, 7, 28))
    assert advance_once(play.pk, look=True)


def test_a_renewal_that_moves_by_a_year_is_another_one(here, doing):
    Account.objects.update(renewal_on=date(2030, 9, 28))
    here.account.refresh_from_db()
    play = waiting(here, until="renewal", days=-60)
    Account.objects.update(renewal_on=date(2031, 9, 28))
    assert not advance_once(play.pk, look=True)
    assert states(play) == [("w", "failed"), ("b", "pending")]
    assert the(play, "w").error.startswith("The renewal date moved from 28 Sep 2030 to 28 Sep 2031")


def test_a_renewal_that_is_missing_or_near(here, doing):
    play = waiting(here, until="renewal", days=-60)
    assert the(play, "w").error.startswith("The account has no renewal date.")
    Account.objects.update(renewal_on=date(2030, 7, 28))
    skip_step(play, the(play, "w").pk, by=BY)
    other = start(make_playbook("B", steps=[step("w", "wait", until="renewal", days=-60)]), here.account)
    work(here)
    assert (Play.objects.get(pk=other.pk).state, the(other, "w").note) == ("done", "The day has passed")


def test_a_condition_is_looked_at_daily_and_met(here, doing, clock):
    play = waiting(here, until="condition", days=30, condition=RENEWING)
    wait = the(play, "w")
    assert (wait.wake_at, wait.result) == (
        datetime(2030, 7, 1, 9, tzinfo=UTC),
        {"deadline": "2030-07-30", "watch": True},
    )
    at(clock, 2030, 7, 1, 9, 0)
    assert not advance_once(play.pk)
    assert the(play, "w").wake_at == datetime(2030, 7, 2, 9, tzinfo=UTC)
    Account.objects.update(stage=Stage.RENEWING)
    assert advance_once(play.pk, look=True)
    assert (the(play, "w").outcome, the(play, "w").note) == ("met", "On 1 Jul 2030: the stage is renewing")


def test_a_condition_that_does_not_come_times_out(here, doing, clock):
    play = waiting(here, until="condition", days=30, condition=RENEWING)
    at(clock, 2030, 7, 30, 9, 0)
    assert advance_once(play.pk)
    assert the(play, "w").outcome == "timed_out"


def test_a_condition_that_holds_is_met_at_once_and_one_that_cannot_be_told_fails(here, doing):
    Account.objects.update(stage=Stage.RENEWING)
    play = waiting(here, until="condition", days=30, condition=RENEWING)
    assert the(play, "w").outcome == "met"
    gone = {"kind": "segment", "segment": 999, "inside": True}
    other = start(
        make_playbook("B", steps=[step("w", "wait", until="condition", days=3, condition=gone)]), here.account
    )
    work(here)
    assert "is gone" in the(other, "w").error


@pytest.mark.parametrize(("stage", "key"), [("renewing", "y"), ("adopting", "n")])
def test_a_branch_takes_one_way(here, doing, stage, key):
    Account.objects.update(stage=stage)
    steps = [step("b", "branch", condition=RENEWING, yes="y", no="n"), step("x"), step("n", "hold", "end")]
    play = start(make_playbook(steps=[*steps, step("y")]), here.account)
    work(here)
    assert the(play, key).state == "active"
    assert (the(play, "x").state, the(play, "b").outcome) == ("cancelled", "yes" if key == "y" else "no")


def test_a_branch_looks_at_how_a_step_ended(here, doing):
    asks = {"kind": "outcome", "step": "a", "is": "agreed"}
    steps = [step("a", "end", outcome="agreed"), step("b", "branch", condition=asks, yes="end", no="")]
    play = start(make_playbook(steps=[*steps, step("c")]), here.account)
    work(here)
    assert (Play.objects.get(pk=play.pk).state, the(play, "c").state) == ("done", "cancelled")


def change(here, **params):
    play = start(make_playbook(steps=[step("c", "change", **params)]), here.account)
    work(here)
    return the(play, "c")


def test_a_stage_is_changed_with_a_reason_and_can_be_undone(here, doing):
    done = change(here, field="stage", stage="renewing")
    assert Account.objects.get(pk=here.account.pk).stage == "renewing"
    made = ChangeSet.objects.get()
    assert done.result == {"change_set": made.pk, "field": "stage", "after": "renewing"}
    assert (done.outcome, done.note) == ("done", "Onboarding → Renewing")
    assert (made.kind, made.title, made.reason, made.actor) == (
        "play",
        "Rescue: Set the stage to Renewing",
        "Step “Step c”",
        "Playbook Rescue",
    )
    entry = AuditEntry.objects.get(object_type="account", verb="changed stage")
    assert entry.origin == f"play {done.play_id}"


def test_owner_a_member_or_a_manager(here, doing):
    manager = here.members["manager"]
    assert change(here, field="owner", owner="manager").outcome == "done"
    assert Account.objects.get(pk=here.account.pk).owner == manager


def test_a_value_that_is_gone_fails_in_a_sentence(here, doing):
    Membership.objects.filter(pk=here.members["admin"].pk).update(is_active=False)
    failed = change(here, field="owner", owner=str(here.members["admin"].pk))
    assert failed.error.startswith("The colleague who is to own the account does not work here any more.")


def test_tags_are_added_once_and_removed(here, doing):
    assert change(here, field="add_tag", tag="At risk").outcome == "done"
    assert Account.objects.get(pk=here.account.pk).tags == ["At risk"]
    for name, field, outcome, tags in (
        ("B", "add_tag", "unchanged", ["At risk"]),
        ("C", "remove_tag", "done", []),
    ):
        play = start(
            make_playbook(name, steps=[step("c", "change", field=field, tag="AT RISK")]), here.account
        )
        work(here)
        assert (the(play, "c").outcome, Account.objects.get(pk=here.account.pk).tags) == (outcome, tags)


def test_forms_store_what_steps_read(here):
    around = Around(later=[("", "Next"), ("end", "End"), ("z", "Z")])
    wait = WaitForm({"until": "condition", "days": "9", "look_at": "stage", "look_stages": ["renewing"]})
    assert wait.is_valid(), wait.errors
    assert wait.params() == {"until": "condition", "days": 9, "condition": RENEWING}
    assert WaitForm(WaitForm.raw(wait.params())).is_valid()
    plain = WaitForm({"until": "workdays", "days": "2"})
    assert plain.is_valid()
    assert plain.params() == {"until": "workdays", "days": 2}
    branch = BranchForm(
        {"look_at": "stage", "look_stages": ["renewing"], "yes": "z", "no": "end"}, around=around
    )
    assert branch.is_valid(), branch.errors
    assert branch.params() == {"condition": RENEWING, "yes": "z", "no": "end"}
    changes = ChangeForm({"field": "add_tag", "tag": "x", "stage": "renewing"})
    assert changes.is_valid()
    assert changes.params() == {"field": "add_tag", "tag": "x"}


def test_forms_say_what_is_missing(here):
    assert WaitForm({"until": "days", "days": "0"}).errors == {"days": ["Write at least 1."]}
    assert WaitForm({"until": "condition", "days": "3"}).errors == {"look_at": ["Choose what is waited for."]}
    assert BranchForm({}).errors == {"look_at": ["Choose what is looked at."]}
    assert ChangeForm({"field": "owner"}).errors == {"owner": ["Choose what it changes to."]}


def test_words(here):
    csm = here.members["csm"]
    assert [
        wait_words({"until": "days", "days": 1}),
        wait_words({"until": "workdays", "days": 5}),
        wait_words({"until": "renewal", "days": -60}),
        wait_words({"until": "renewal", "days": 0}),
        wait_words({"until": "condition", "days": 14, "condition": RENEWING}),
        branch_words({"condition": RENEWING}),
        change_words({"field": "stage", "stage": "churned"}),
        change_words({"field": "owner", "owner": str(csm.pk)}),
        change_words({"field": "owner", "owner": "999"}),
        change_words({"field": "remove_tag", "tag": "x"}),
    ] == [
        "Wait 1 day",
        "Wait 5 working days",
        "Wait until 60 days before the renewal",
        "Wait until the renewal",
        "Wait until the stage is renewing, at most 14 days",
        "If the stage is renewing",
        "Set the stage to Churned",
        "Make Csm of Northwind the owner",
        "Make somebody who does not work here any more the owner",
        "Remove the tag “x”",
    ]


def test_checks_complain_about_what_is_gone(here):
    gone = {"kind": "segment", "segment": 999, "inside": True}
    assert check_wait({"until": "days", "days": 3}) == ()
    assert len(check_wait({"until": "condition", "days": 3, "condition": gone})) == 1
    assert len(check_wait({"until": "moon", "days": 3})) == 1
    assert len(check_branch({"condition": gone})) == 1
    assert check_change({"field": "owner", "owner": "manager"}) == ()
    assert len(check_change({"field": "owner", "owner": "999"})) == 1
    assert len(check_change({"field": "stage", "stage": "moon"})) == 1
    assert len(check_change({})) == 1
    assert [value for value, _ in wait_outcomes({"until": "condition"})] == ["met", "timed_out"]
    assert [value for value, _ in wait_outcomes({"until": "days"})] == ["done"]


def test_until_a_date_that_is_the_same_for_all(here, doing, clock):
    play = waiting(here, until="date", days=1, on="2030-07-03")
    assert (the(play, "w").note, the(play, "w").wake_at) == (
        "Until 3 Jul 2030",
        datetime(2030, 7, 3, 9, tzinfo=UTC),
    )
    at(clock, 2030, 7, 3, 10)
    assert advance_once(play.pk)
    assert the(play, "w").state == "done"
    assert wait_words({"until": "date", "on": "2030-07-03"}) == "Wait until 3 Jul 2030"
    assert check_wait({"until": "date", "days": 1, "on": "soon"}) == ("Choose the date that is waited for.",)
    assert WaitForm({"until": "date", "days": 1, "on": ""}).errors == {"on": ["Choose the date."]}
    form = WaitForm({"until": "date", "days": 1, "on": "2030-07-03"})
    assert form.is_valid(), form.errors
    assert form.params() == {"until": "date", "days": 1, "on": "2030-07-03"}


def test_the_preview_counts_the_days_of_one_way_only(here):
    steps = [
        step("part", "branch", condition={"kind": "stage", "in": ["established"]}, yes="", no="short"),
        step("long", "wait", until="days", days=60, then="end"),
        step("short", "wait", until="days", days=5),
        step("last", "wait", until="days", days=1),
    ]
    version = make_playbook(steps=steps).versions.get()
    seen = foresee(version, here.account, TODAY, lambda day, number: day)
    assert [one.when for one in seen] == [
        "30 Jun 2030",
        "30 Jun 2030 to 29 Aug 2030",
        "30 Jun 2030 to 5 Jul 2030",
        "5 Jul 2030 to 6 Jul 2030 at the earliest",
    ]
