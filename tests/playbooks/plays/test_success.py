"""Whether plays did what they were for, by the version that they began with."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account, Stage
from csworkspace.jobs.actions import start_job
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.models import Play
from playbooks.plays.success import judge, measured_versions, unjudged
from playbooks.scores.actions import keep_default_model
from playbooks.scores.models import Score
from tests.kit import BY
from tests.playbooks.plays.kit import NOON, make_playbook, start, work

ESTABLISHED = {
    "condition": {"kind": "stage", "in": ["established"]},
    "window_days": 30,
    "words": "They are established",
}


@pytest.fixture(autouse=True)
def judges(monkeypatch, clock):
    """The judges look at the day by themselves."""
    monkeypatch.setattr("playbooks.playbooks.judging.today_of", lambda workspace: clock.moment.date())


@pytest.fixture
def play(here, doing):
    """A play that is to lead to an established account within 30 days."""
    return start(make_playbook(success=ESTABLISHED), here.account)


def verdict(here, play):
    start_job("plays.daily", "x", by=BY)
    work(here)
    play.refresh_from_db()
    return play.succeeded, play.success_words


def test_unknown_until_it_is_met(here, play, clock):
    assert verdict(here, play) == (None, "")
    clock.moment = NOON + timedelta(days=9)
    Account.objects.update(stage=Stage.ESTABLISHED)
    assert verdict(here, play) == (True, "On 9 Jul 2030: They are established")
    assert play.judged_at == clock.moment
    Account.objects.update(stage=Stage.CHURNED)
    clock.moment = NOON + timedelta(days=40)
    assert verdict(here, play)[0] is True


def test_missed_when_the_window_has_passed(here, play, clock):
    clock.moment = NOON + timedelta(days=30)
    assert verdict(here, play) == (None, "")
    clock.moment = NOON + timedelta(days=31)
    Account.objects.update(stage=Stage.ESTABLISHED)
    assert verdict(here, play) == (False, "Not within 30 days: They are established")


def test_a_stopped_play_is_judged_as_well(here, play, clock):
    Play.objects.update(state="stopped")
    Account.objects.update(stage=Stage.ESTABLISHED)
    clock.moment = NOON + timedelta(days=1)
    assert verdict(here, play)[0] is True


def test_never_by_another_version(here, play):
    other = {"condition": {"kind": "stage", "in": ["onboarding"]}, "window_days": 30, "words": "x"}
    newer = PlaybookVersion.objects.create(
        playbook=play.playbook, number=2, success=other, published_at=NOON, actor="Test"
    )
    Playbook.objects.update(current=2)
    assert verdict(here, play) == (None, "")
    assert judge(newer, [play.pk]) == 0


def test_without_a_measure_or_when_it_cannot_be_told_it_stays_unknown(here, doing, clock):
    plain = start(make_playbook(), here.account)
    gone = {"condition": {"kind": "metric", "metric": 999, "op": "gte", "value": "1"}, "window_days": 9}
    lost = start(make_playbook("B", success=gone), here.account)
    bad = start(make_playbook("C", success={"condition": {"kind": "moon"}}), here.account)
    for play in (plain, lost, bad):
        assert verdict(here, play) == (None, "")
    clock.moment = NOON + timedelta(days=10)
    assert verdict(here, lost)[0] is None
    assert lost.success_words.startswith("Cannot be told: The metric")
    assert [version.playbook.name for version in measured_versions()] == []


@pytest.mark.parametrize("count", [1, 3])
def test_many_are_judged_in_a_few_queries(here, doing, clock, count, django_assert_num_queries):
    playbook = make_playbook(success=ESTABLISHED)
    for number in range(count):
        start(playbook, Account.objects.create(name=f"A{number}", stage="established"))
    version = playbook.versions.get()
    ids = unjudged(version)
    clock.moment = NOON + timedelta(days=1)
    with django_assert_num_queries(10):
        assert judge(version, ids) == count


def scored(account, day, stage):
    Score.objects.create(
        account=account,
        day=day,
        stage=stage,
        score=None,
        confidence=0,
        model=keep_default_model(),
        recorded_at=NOON,
    )


def test_what_held_at_the_start_has_to_hold_at_the_end(here, play, clock):
    Account.objects.update(stage=Stage.ESTABLISHED)
    scored(here.account, NOON.date(), "established")
    assert verdict(here, play) == (None, "")
    clock.moment = NOON + timedelta(days=3)
    assert verdict(here, play) == (None, ""), "nothing was reached"
    clock.moment = NOON + timedelta(days=30)
    assert verdict(here, play) == (True, "On 30 Jul 2030: They are established")


def test_without_a_signal_its_end_cannot_be_told(here, doing, clock):
    resolved = {"condition": {"kind": "signal", "is": "resolved"}, "window_days": 5, "words": "It is over"}
    play = start(make_playbook(success=resolved), here.account)
    clock.moment = NOON + timedelta(days=6)
    assert verdict(here, play) == (None, "Cannot be told: the play was started without a signal.")
