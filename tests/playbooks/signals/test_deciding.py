"""What follows from readings: plain values, no database."""

from datetime import date, timedelta

import pytest

from playbooks.indicators.measures_people import EVER_SEEN
from playbooks.indicators.models import Indicator, Reading
from playbooks.signals.deciding import PAUSED, Last, Situation, decide, quiet_until
from playbooks.signals.models import Signal

DAY = date(2030, 6, 30)


def indicator(pk=1, **fields):
    return Indicator(
        **{"pk": pk, "name": f"I{pk}", "kind": "risk", "severity": 2, "cool_down_days": 14, **fields}
    )


def reading(account_id=1, pk=1, holds=True, **fields):
    return Reading(account_id=account_id, indicator_id=pk, holds=holds, day=DAY, **fields)


def signal(pk=1, account_id=1, indicator_id=1, **fields):
    usual = {"source": "indicator", "cause": f"indicator {indicator_id}", "kind": "risk", "state": "open"}
    return Signal(pk=pk, account_id=account_id, indicator_id=indicator_id, **{**usual, **fields})


def situation(**fields):
    readings = {(one.account_id, one.indicator_id): one for one in fields.pop("readings", [])}
    indicators = {one.pk: one for one in fields.pop("indicators", [indicator()])}
    usual = {"stages": {1: "established"}, "unresolved": [], "last": {}, "raised": {}, "most": 5, "day": DAY}
    return Situation(readings=readings, indicators=indicators, **{**usual, **fields})


def raised(**fields):
    return [(account_id, one.pk) for account_id, one, _ in decide(situation(**fields)).raise_]


def ends(**fields):
    return [(one.pk, outcome.value, note) for one, outcome, note in decide(situation(**fields)).resolve]


def test_what_holds_and_has_no_signal_raises_one():
    assert raised(readings=[reading()]) == [(1, 1)]
    assert raised(readings=[reading()], unresolved=[signal()]) == []
    assert raised(readings=[reading(holds=False)]) == []
    assert raised(readings=[reading(holds=None)]) == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"retired_at": DAY}])
def test_a_paused_or_retired_indicator_raises_nothing_and_its_signals_are_over(fields):
    paused = [indicator(**fields)]
    assert raised(readings=[reading()], indicators=paused) == []
    assert ends(readings=[reading()], indicators=paused, unresolved=[signal()]) == [(1, "not_needed", PAUSED)]


def test_an_indicator_that_is_gone_ends_its_signals():
    assert ends(indicators=[], unresolved=[signal(indicator_id=None)]) == [(1, "not_needed", PAUSED)]


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("open", "It does not hold any more since 30 Jun 2030."),
        ("acknowledged", "It does not hold any more since 30 Jun 2030. It was acknowledged by then."),
        ("snoozed", "It does not hold any more since 30 Jun 2030. It was snoozed by then."),
    ],
)
def test_what_does_not_hold_any_more_has_recovered(state, note):
    found = ends(readings=[reading(holds=False)], unresolved=[signal(state=state)])
    assert found == [(1, "recovered", note)]


@pytest.mark.parametrize("measure", ["news", "contact_left", "incident_exposure", "feature_use"])
def test_what_only_has_become_too_old_has_not_recovered(measure):
    found = ends(
        readings=[reading(holds=False)], indicators=[indicator(measure=measure)], unresolved=[signal()]
    )
    assert found == [(1, "expired", "What it told of does not count any more since 30 Jun 2030.")]


def test_an_account_that_is_not_asked_any_more_has_not_recovered():
    outside = [reading(holds=False, detail={"outside": "stage"})]
    said = "The account is not one that the indicator asks any more since 30 Jun 2030."
    assert ends(readings=outside, unresolved=[signal()]) == [(1, "not_needed", said)]


def test_what_a_person_reopened_is_not_ended_by_the_same_reading():
    kept = signal(is_kept=True)
    assert ends(readings=[reading(holds=False)], unresolved=[kept]) == []
    assert ends(readings=[reading(holds=False)], indicators=[], unresolved=[kept]) == []


def test_without_data_or_reading_a_signal_stays():
    assert ends(readings=[reading(holds=None)], unresolved=[signal()]) == []
    assert ends(unresolved=[signal()]) == []


@pytest.mark.parametrize("state", ["open", "acknowledged"])
def test_a_signal_about_somebody_who_is_gone_is_not_needed_any_more(state):
    def found(why):
        readings = [reading(holds=None, detail={"why": why})]
        return ends(
            readings=readings,
            indicators=[indicator(measure="contact_silent")],
            unresolved=[signal(state=state)],
        )

    said = "Whom it names is not one to look for any more since 30 Jun 2030."
    assert found(EVER_SEEN) == [(1, "not_needed", said)]
    assert found("The contact was edited.") == []


def test_signals_of_people_and_programs_stay_whatever_indicators_say():
    by_hand = signal(source="person", cause="indicator 1", indicator_id=None)
    assert ends(readings=[reading(holds=False)], unresolved=[by_hand]) == []


def test_a_churned_account_has_no_risks_to_come_but_other_signals():
    churned = {"stages": {1: "churned"}}
    assert raised(readings=[reading()], **churned) == []
    assert ends(readings=[reading()], unresolved=[signal()], **churned) == [
        (1, "lost", "The account has churned.")
    ]
    buying = [indicator(kind="buying")]
    assert raised(readings=[reading()], indicators=buying, **churned) == [(1, 1)]


@pytest.mark.parametrize(
    ("last", "days", "until"),
    [
        (Last(DAY, "addressed", ""), 14, DAY + timedelta(14)),
        (Last(DAY, "false_alarm", ""), 14, DAY + timedelta(28)),
        (Last(DAY, "not_needed", "Nothing to do"), 14, DAY + timedelta(14)),
        (Last(DAY, "recovered", ""), 0, DAY),
    ],
)
def test_how_long_an_indicator_keeps_quiet(last, days, until):
    assert quiet_until(last, days) == until


def test_cool_down_ends_on_its_day():
    def last(days):
        return {(1, 1): Last(DAY - timedelta(days), "addressed", "")}

    assert raised(readings=[reading()], last=last(13)) == []
    assert raised(readings=[reading()], last=last(14)) == [(1, 1)]


def test_the_cap_takes_the_most_severe_then_what_has_held_longest():
    indicators = [indicator(1, severity=1), indicator(2), indicator(3, severity=3), indicator(4)]
    readings = [reading(pk=n, held_since=DAY - timedelta(10 * (n == 4))) for n in (1, 2, 3, 4)]
    made = decide(situation(indicators=indicators, readings=readings, most=3, raised={1: 1}))
    assert [one.pk for _, one, _ in made.raise_] == [3, 4]
    assert made.held_back == {1: [2, 1]}


def test_accounts_have_a_cap_of_their_own():
    made = decide(
        situation(
            indicators=[indicator(1), indicator(2)],
            readings=[reading(account_id, pk) for account_id in (1, 2) for pk in (1, 2)],
            stages={1: "established", 2: "established"},
            most=1,
        )
    )
    assert [(account_id, one.pk) for account_id, one, _ in made.raise_] == [(1, 1), (2, 1)]
    assert made.held_back == {1: [2], 2: [2]}


@pytest.mark.parametrize(("days", "woken"), [(1, []), (0, [1]), (-3, [1])])
def test_a_snooze_ends_on_its_day_whoever_raised_the_signal(days, woken):
    until = DAY + timedelta(days)
    one = signal(source="person", indicator_id=None, state="snoozed", snoozed_until=until)
    assert [found.pk for found in decide(situation(unresolved=[one])).wake] == woken


def test_a_snoozed_signal_that_has_recovered_is_not_woken():
    one = signal(state="snoozed", snoozed_until=DAY)
    made = decide(situation(unresolved=[one], readings=[reading(holds=False)]))
    assert (made.wake, len(made.resolve), made.touch) == ([], 1, [])
