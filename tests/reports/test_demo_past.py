"""The demo's past: signals where its usage fell and came back, and plays that are judged by it."""

from accounts.accounts.models import Account
from csworkspace.notifications.models import Notification
from playbooks.indicators.days import days_between
from playbooks.indicators.models import Indicator
from playbooks.indicators.readymade import add
from playbooks.indicators.replay import Change
from playbooks.plays.models import Play
from playbooks.signals.models import Signal
from reports.demo import past
from reports.demo.past import Spell, tell_past
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.plays.kit import make_playbook, step


def test_every_other_spell_had_a_play_that_is_judged_by_its_end(here, elsewhere, monkeypatch):
    add(None, by=BY)
    make_playbook(
        "Drop",
        [step("w", "wait", until="days", days=5)],
        library_key="adoption-drop",
        success={"condition": {"kind": "signal", "is": "resolved"}, "window_days": 30, "words": "Back."},
    )
    indicator = Indicator.objects.get(key="activity-fell")
    accounts = [here.account, *(Account.objects.create(name=name) for name in "BCD")]
    found = [Spell(indicator, one.pk, ago(200), ago(200 - 15 * at)) for at, one in enumerate(accounts, 1)]
    monkeypatch.setattr(past, "spells", lambda: iter(found))
    for _ in range(2):
        tell_past()
    signals = Signal.objects.filter(outcome="recovered").order_by("pk")
    assert [(one.account, one.raised_on, one.resolved_on) for one in signals] == [
        (one, ago(200), ago(200 - 15 * at)) for at, one in enumerate(accounts, 1)
    ]
    plays = Play.objects.order_by("pk").values_list("account__name", "state", "started_on", "succeeded")
    assert list(plays) == [(here.account.name, "done", ago(200), True), ("C", "done", ago(200), False)]
    assert not Notification.objects.filter(read_at=None).exists()
    elsewhere.open()
    assert (Signal.objects.count(), Play.objects.count()) == (0, 0)


def test_a_spell_begins_long_enough_ago_and_is_over(here, monkeypatch):
    add(None, by=BY)
    told = {
        days_between(ago(330), TODAY, "monday")[week]: [
            Change(TODAY, "users-fell", pk, verb, None, None, None) for pk, verb in changes
        ]
        for week, changes in {2: [(1, "began"), (2, "began")], 5: [(1, "ended")], 44: [(3, "began")],
                              45: [(3, "ended")]}.items()
    }  # fmt: skip
    monkeypatch.setattr(past, "today", lambda: TODAY)
    monkeypatch.setattr(past, "replay", lambda tallies, day, known, names: told.get(day, []))
    days = days_between(ago(330), TODAY, "monday")
    found = [(one.indicator.key, one.account_id, one.began, one.ended) for one in past.spells()]
    assert found == [("users-fell", 1, days[2], days[5])]
