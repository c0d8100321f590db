"""Starts on many accounts: they ask first, go on day by day, and can be stopped."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account, Stage
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.web.versions import Conflict
from playbooks.playbooks.actions import start_draft
from playbooks.playbooks.models import Playbook
from playbooks.plays.launching import approve_launch, open_launch, refuse_launch, start_day, stop_launch
from playbooks.plays.models import Launch, Play
from playbooks.plays.refusals import PlayRefused
from playbooks.signals.models import Signal
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import NOON, make_playbook, raise_signal, start, step, told, work


def many(count):
    return [Account.objects.create(name=f"Account {number:04}") for number in range(count)]


def new_day(here):
    start_job("plays.daily", "x", by=BY)
    work(here)


def counts(launch):
    launch.refresh_from_db()
    return launch.state, launch.started, launch.passed_over, len(launch.account_ids)


@pytest.fixture
def asking(here, elsewhere, doing):
    """A playbook whose trigger means 30 accounts at once."""
    make_playbook(trigger={"kind": "signal"})
    for account in many(30):
        raise_signal(account)
    new_day(here)
    return Launch.objects.get()


def test_twenty_five_are_started_at_once(here, doing):
    make_playbook(trigger={"kind": "signal"})
    for account in many(25):
        raise_signal(account)
    new_day(here)
    assert (Play.objects.count(), Launch.objects.count()) == (25, 0)
    raise_signal(here.account)
    new_day(here)
    assert (Play.objects.count(), Launch.objects.get().asked) == (25, 1), "one more within the hour asks"


def test_more_ask_the_managers_and_start_nothing(here, asking):
    assert counts(asking) == ("asking", 0, 0, 30)
    assert told("launch_asks") == [("manager", "Start Rescue on 30 accounts?")]
    assert not Play.objects.exists()
    new_day(here)
    assert (Launch.objects.count(), counts(asking)) == (1, ("asking", 0, 0, 30))
    more = Account.objects.create(name="Late")
    for account in (more, here.account):
        raise_signal(account, raised_at=NOON)
    new_day(here)
    # Not more than 25 by themselves.
    assert (Launch.objects.count(), Play.objects.count()) == (1, 2)


def test_what_is_asked_says_how_many_it_has_become(here, asking):
    for number in range(26):
        raise_signal(Account.objects.create(name=f"More {number}"))
    new_day(here)
    assert counts(asking) == ("asking", 0, 0, 56)
    assert told("launch_asks") == [("manager", "Start Rescue on 56 accounts?")]


def test_an_approved_launch_goes_on_day_by_day(here, asking, clock):
    approve_launch(asking, by=BY, per_day=12, asked=30)
    assert start_day(asking, TODAY, by=BY) is None, "once a day"
    work(here)
    assert counts(asking) == ("running", 12, 0, 18)
    new_day(here)
    assert counts(asking) == ("running", 12, 0, 18)
    clock.moment = NOON + timedelta(days=1)
    gone = asking.account_ids[:2]
    Account.objects.filter(pk=gone[0]).update(stage=Stage.CHURNED)
    Signal.objects.filter(account_id=gone[1]).update(state="resolved")
    new_day(here)
    assert counts(asking)[0] == "running"
    clock.moment = NOON + timedelta(days=2)
    new_day(here)
    assert counts(asking) == ("done", 28, 2, 0)
    assert asking.passed == {
        "not in the playbook’s audience any more": [gone[0]],
        "what was to start it is over": [gone[1]],
    }
    play = Play.objects.order_by("pk").first()
    assert (play.cause, play.actor) == (f"signal {play.signal_id}", "Test")
    entry = AuditEntry.objects.get(verb="done", object_type="launch")
    assert entry.after == {"started": 28, "passed over": 2}


def test_the_days_job_done_again_starts_no_more(here, asking):
    approve_launch(asking, by=BY, per_day=12)
    work(here)
    again = Job.objects.get(kind="plays.launch")
    start_job("plays.launch", "x", by=BY, **again.args)
    work(here)
    assert counts(asking) == ("running", 12, 0, 18)


def test_who_saw_fewer_accounts_is_told(here, asking):
    with pytest.raises(Conflict):
        approve_launch(asking, by=BY, per_day=10, asked=29)


def test_a_refused_launch_does_not_ask_again(here, asking, clock):
    refuse_launch(asking, by=BY, reason="Not now")
    clock.moment = NOON + timedelta(days=1)
    new_day(here)
    assert (Launch.objects.count(), Play.objects.count()) == (1, 0)
    with pytest.raises(PlayRefused):
        approve_launch(asking, by=BY, per_day=10)
    raise_signal(Account.objects.get(pk=asking.account_ids[0]), cause="new", raised_at=clock.moment)
    new_day(here)
    assert Play.objects.count() == 1, "a new cause"


def test_a_launch_is_stopped_half_way(here, asking, clock):
    approve_launch(asking, by=BY, per_day=12)
    work(here)
    stop_launch(asking, by=BY, reason="Enough")
    clock.moment = NOON + timedelta(days=1)
    new_day(here)
    assert (counts(asking), Play.objects.count()) == (("stopped", 12, 0, 18), 12)


def test_a_paused_playbook_lets_its_launch_wait(here, asking, clock):
    approve_launch(asking, by=BY, per_day=30)
    Playbook.objects.update(state="paused")
    work(here)
    assert counts(asking) == ("running", 0, 0, 30)
    Playbook.objects.update(state="active")
    clock.moment = NOON + timedelta(days=1)
    new_day(here)
    assert counts(asking) == ("done", 30, 0, 0)


def test_a_launch_by_hand_passes_over_where_one_runs(here, doing):
    accounts = many(3)
    playbook = make_playbook()
    start(playbook, accounts[1])
    launch = open_launch(
        playbook,
        playbook.versions.get(),
        [account.pk for account in accounts],
        by=BY,
        cause="by hand x",
        words="Started by hand",
        asks=True,
    )
    approve_launch(launch, by=BY, per_day=100)
    work(here)
    assert counts(launch) == ("done", 2, 1, 0)


def test_the_lookalike_has_no_launch(here, elsewhere, asking):
    elsewhere.open()
    assert not Launch.objects.exists()


def test_a_launch_passes_over_who_has_another_stage_by_now(here, doing, clock):
    playbook = make_playbook(trigger={"kind": "stage", "to": ["established"]})
    stays, goes = (Account.objects.create(name=name, stage="established") for name in ("Stays", "Goes"))
    causes = {str(one.pk): {"cause": f"stage {one.pk}", "words": "Established"} for one in (stays, goes)}
    launch = open_launch(
        playbook, playbook.versions.get(), [stays.pk, goes.pk], by=BY, cause="trigger 1", words="x",
        asks=True, causes=causes,
    )  # fmt: skip
    Account.objects.filter(pk=goes.pk).update(stage="renewing")
    approve_launch(launch, by=BY, per_day=10)
    work(here)
    launch.refresh_from_db()
    assert list(Play.objects.values_list("account__name", flat=True)) == ["Stays"]
    assert launch.passed == {"what was to start it is over": [goes.pk]}


def test_what_was_corrected_since_it_was_asked_for_reaches_the_rest(here, asking, clock):
    approve_launch(asking, by=BY, per_day=2)
    work(here)
    playbook = Playbook.objects.get()
    draft = start_draft(playbook, by=BY)
    draft.steps = [step("better")]
    draft.published_at = NOON
    draft.save()
    Playbook.objects.update(current=draft.number)
    clock.moment = NOON + timedelta(days=1)
    new_day(here)
    numbers = Play.objects.order_by("pk").values_list("playbook_version__number", flat=True)
    assert list(numbers) == [1, 1, 2, 2]
