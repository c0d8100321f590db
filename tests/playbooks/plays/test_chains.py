"""Plays that lead to plays, and where a chain of them ends."""

from dataclasses import replace
from datetime import timedelta

from accounts.accounts.models import Account, Stage
from accounts.tiers.models import Tier
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.actions import start_job
from playbooks.plays.chain import who_advised
from playbooks.plays.models import Launch, Play
from playbooks.plays.starting import Wanted
from playbooks.plays.triggering import without_circles
from playbooks.recommendations.models import Recommendation
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.plays.kit import (
    NOON,
    causes,
    change,
    make_playbook,
    new_day,
    raise_signal,
    start,
    step,
    told,
    work,
)


def test_a_circle_that_was_cut_stays_cut(here, doing, clock):
    tag = [step("c", "change", field="add_tag", tag="x")]
    make_playbook(trigger={"kind": "signal"}, steps=tag, rest_days=0)
    raise_signal(here.account)
    new_day(here)
    clock.moment = NOON + timedelta(minutes=10)
    raise_signal(here.account, cause="b", title="Its consequence")
    new_day(here)
    clock.moment = NOON + timedelta(days=2)
    new_day(here)
    assert causes() == [("Rescue", "Signal: Nobody answers")]
    assert AuditEntry.objects.filter(verb="did not start: circle").count() == 1


def test_a_chain_is_known_after_it_was_put_off(here, doing, clock, ticking):
    back = [step("c", "change", field="stage", stage="established")]
    make_playbook("Back", trigger={"kind": "stage", "to": ["renewing"]}, steps=back, rest_days=0)
    forth = make_playbook("Forth", trigger={"kind": "stage", "to": ["established"]}, daily_limit=1)
    other = Account.objects.create(name="Other", stage=Stage.ESTABLISHED)
    change(here)
    start_job("plays.daily", "x", by=BY)
    work(here)
    Play.objects.create(
        account=other,
        playbook=forth,
        playbook_version=forth.versions.get(),
        cause="stage x",
        started_at=NOON,
        started_on=TODAY,
        state="done",
    )
    change(here, stage=Stage.RENEWING)
    assert Launch.objects.get().playbook == forth
    clock.moment = NOON + timedelta(days=2)
    new_day(here)
    play = Play.objects.get(playbook=forth, account=here.account)
    assert (play.depth, play.parent.playbook.name) == (1, "Back")
    assert play.cause.startswith("stage established ")
    assert play.cause_words == "The stage changed from Renewing to Established"


def test_a_tier_after_a_change_counts_as_its_consequence(here, doing):
    tier = Tier.objects.create(name="Top", position=1)
    first = make_playbook("First", steps=[step("c", "change", field="add_tag", tag="x")])
    make_playbook("Second", trigger={"kind": "tier", "to": []})
    change(here)
    play = start(first, here.account)
    work(here)
    change(here, tier=tier)
    assert Play.objects.get(playbook__name="Second").parent == play


def test_two_playbooks_that_start_each_other_are_cut(here, doing, ticking):
    back = [step("c", "change", field="stage", stage="established")]
    forth = [step("c", "change", field="stage", stage="renewing")]
    calm = {"rest_days": 0, "is_parallel": True}
    make_playbook("Back", trigger={"kind": "stage", "to": ["renewing"]}, steps=back, **calm)
    make_playbook("Forth", trigger={"kind": "stage", "to": ["established"]}, steps=forth, **calm)
    change(here)
    change(here, stage=Stage.RENEWING)
    plays = list(Play.objects.order_by("pk"))
    assert [(play.playbook.name, play.depth, play.parent_id) for play in plays] == [
        ("Back", 0, None),
        ("Forth", 1, plays[0].pk),
    ]
    entry = AuditEntry.objects.get(verb="did not start: circle")
    assert (entry.object_label, entry.after["account"]) == ("Back", "Acme Industries")
    assert told("play_loop") == [("manager", "Back was not started on Acme Industries")]


def test_a_circle_is_written_down_once_however_often_it_is_looked_at(here):
    back = make_playbook("Back")
    parent = start(back, here.account)
    wanted = Wanted(here.account.pk, "signal 7", "A signal", parent_id=parent.pk)
    again = replace(wanted, cause="signal 8")
    assert [without_circles(back, [one]) for one in (wanted, wanted, again)] == [[], [], []]
    assert AuditEntry.objects.filter(verb="did not start: circle").count() == 2
    assert len(told("play_loop")) == 2


def test_signals_after_a_change_count_as_its_consequence(here, doing):
    first = make_playbook("First", steps=[step("c", "change", field="add_tag", tag="x")])
    make_playbook("Second", trigger={"kind": "signal"})
    play = start(first, here.account)
    work(here)
    raise_signal(here.account)
    new_day(here)
    assert Play.objects.get(playbook__name="Second").parent == play


def test_what_was_there_before_a_play_acted_does_not_come_from_it(here, doing, clock):
    tag = [step("c", "change", field="add_tag", tag="x")]
    make_playbook(trigger={"kind": "signal"}, steps=tag, rest_days=0)
    raise_signal(here.account)
    before = {"cause": "b", "title": "Raised before", "raised_at": NOON - timedelta(hours=1)}
    raise_signal(here.account, severity=1, **before)
    new_day(here)
    clock.moment = NOON + timedelta(minutes=10)
    new_day(here)
    assert causes() == [("Rescue", "Signal: Nobody answers"), ("Rescue", "Signal: Raised before")]


def test_a_signal_about_advice_comes_from_the_play_that_gave_it(here, elsewhere, doing, clock):
    """A month later: the playbook that advises is not to start once more because nobody took its advice."""
    advise = [step("a", "recommendation", title="Turn it on")]
    make_playbook(trigger={"kind": "signal"}, steps=advise, rest_days=0)
    raise_signal(here.account)
    new_day(here)
    [advice] = Recommendation.objects.all()
    clock.moment = NOON + timedelta(days=40)
    evidence = [{"label": "The oldest", "value": "x", "page": "recommendation", "args": [advice.pk]}]
    ignored = raise_signal(here.account, cause="b", evidence=evidence, raised_at=clock.moment)
    raise_signal(here.account, cause="c", title="Another", evidence=[{"args": "x"}], raised_at=clock.moment)
    assert who_advised({ignored.pk: evidence, 1: None, 2: [{"page": "recommendation", "args": [0]}]}) == {
        ignored.pk: Play.objects.get().pk
    }
    new_day(here)
    new_day(here)
    assert causes() == [("Rescue", "Signal: Nobody answers"), ("Rescue", "Signal: Another")]
    assert [title for _, title in told("play_loop")] == ["Rescue was not started on Acme Industries"]
