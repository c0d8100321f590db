"""The arithmetic of effects against published figures, and what the page counts."""

from datetime import timedelta

import pytest

from accounts.accounts.models import Account
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.effect import difference, share
from playbooks.playbooks.effect_queries import Comparison, figures_of
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.queries import counts_of, current_of
from tests.kit import client_of
from tests.playbooks.kit import TODAY
from tests.playbooks.playbooks.kit import at, make, make_indicator, make_play, make_reading, make_signal


@pytest.mark.parametrize(
    ("met", "of", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (score, no correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_of_shares_are_the_published_ones(met, of, low, high):
    found = share(met, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_intervals_of_differences_are_the_published_ones(one, other, low, high):
    found = difference(share(*one), share(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.is_clear


def test_below_five_on_either_side_nothing_is_told():
    assert difference(share(4, 4), share(0, 50)) is None
    assert difference(share(4, 50), share(0, 4)) is None
    assert share(0, 0).rate is None


@pytest.fixture
def indicator(here):
    return make_indicator()


@pytest.fixture
def playbook(indicator):
    measure = {"kind": "indicator", "indicator": indicator.pk, "holds": False}
    trigger = {"kind": "signal", "indicators": [indicator.pk]}
    return make(trigger=trigger, success={"condition": measure, "window_days": 30})


def accounts(count, name):
    return [Account.objects.create(name=f"{name} {number}") for number in range(count)]


def start(playbook, indicator, account, days_ago, **fields):
    signal = make_signal(account, indicator, days_ago)
    return make_play(playbook, account, days_ago, signal=signal, **fields)


def test_plays_are_counted_by_version_and_in_all(here, elsewhere, playbook, indicator):
    met = {"state": "done", "succeeded": True}
    one, two, three, four = accounts(4, "A")
    start(playbook, indicator, one, 60, judged_at=at(TODAY - timedelta(days=50)), **met)
    start(playbook, indicator, two, 50, judged_at=at(TODAY - timedelta(days=30)), **met)
    start(playbook, indicator, three, 40, state="stopped", succeeded=False)
    start(playbook, indicator, four, 10)
    elsewhere.open()
    make_play(make(), elsewhere.account, 60, state="done", succeeded=True)
    here.open()
    total, first = figures_of(playbook, TODAY, "UTC")
    assert (total.number, first.number) == (None, 1)
    assert (total.started, total.running, total.finished, total.stopped) == (4, 1, 2, 1)
    assert (total.success.met, total.success.of, total.median_days) == (2, 3, 15.0)
    assert total.success == first.success


def compared(playbook):
    return Comparison(playbook, read_version(current_of(playbook)), TODAY)


def test_similar_accounts_without_a_play_are_judged_by_the_same_measure(here, elsewhere, playbook, indicator):
    for number, account in enumerate(accounts(6, "With")):
        start(playbook, indicator, account, 60 + number, succeeded=number < 5)
    for number, account in enumerate(accounts(8, "Without")):
        make_signal(account, indicator, 62)
        make_reading(account, indicator, 70, True)
        make_reading(account, indicator, 50 if number < 2 else 20, False)
    late, other = accounts(2, "Out")
    make_signal(late, indicator, 5)
    make_signal(other, make_indicator("other", "Other"), 62)
    found = compared(playbook)
    one, without = found.shares
    assert ((one.met, one.of), (without.met, without.of)) == ((5, 6), (2, 8))
    assert [case.met_on for case in found.without_play][:3] == [
        TODAY - timedelta(days=50),
        TODAY - timedelta(days=50),
        None,
    ]
    assert (round(found.difference.value, 3), found.difference.is_clear, found.reason) == (0.583, True, "")
    stranger = client_of(elsewhere.members["admin"])
    assert stranger.get(elsewhere.url(f"playbooks/{playbook.pk}/effect/")).status_code == 404


def test_before_the_measure_was_recorded_nothing_is_told(here, playbook, indicator):
    start(playbook, indicator, here.account, 60, succeeded=True)
    early, known = accounts(2, "Without")
    make_signal(early, indicator, 60)
    assert compared_reason(playbook).startswith("Nothing was ever recorded of what the measure looks at")
    make_reading(known, indicator, 40, False)
    found = compared(playbook)
    assert (found.without_play, found.left_out) == ([], 1)


def test_a_measure_that_looks_at_the_play_cannot_be_compared(here, indicator):
    measure = {"condition": {"kind": "outcome", "step": "s1", "is": "done"}, "window_days": 30}
    playbook = make(success=measure)
    start(playbook, indicator, here.account, 60, succeeded=True)
    assert compared(playbook).without_play == []
    assert "it looks at the play" in compared_reason(playbook)


def compared_reason(playbook):
    found = compared(playbook)
    assert found.difference is None
    return found.reason


def test_the_page_says_how_much_can_be_told_and_lists_what_is_behind(here, playbook, indicator):
    client = client_of(here.members["csm"])
    url = here.url(f"playbooks/{playbook.pk}/effect/")
    assert "No play yet" in client.get(url).text
    start(playbook, indicator, here.account, 60, succeeded=True, judged_at=at(TODAY), state="done")
    page = client.get(url)
    total = page.context["total"]
    assert (total["rate"], total["share"]) == ("100% (21–100%)", "100%")
    assert total["share_note"] == "1 of 1 plays whose window has passed; 95% interval 21–100%"
    assert page.context["comparison"]["verdict"] == "Too few to tell: at least 5 are needed on either side."
    assert "This is not an experiment" in page.text
    rows = client.get(f"{url}list/?show=met&version=1").context["rows"]
    assert [(row["account"], row["met"]) for row in rows] == [("Acme Industries", "Met")]
    for show in ("started", "running", "finished", "stopped", "met", "missed", "compared", "without"):
        assert client.get(f"{url}list/?show={show}&page=x").status_code == 200
    assert client.get(f"{url}list/?show=everything").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_constant_number_of_queries(
    here, playbook, indicator, django_assert_num_queries, count
):
    for number, account in enumerate(accounts(count, "With")):
        start(playbook, indicator, account, 60 + number, succeeded=True)
    for account in accounts(count, "Without"):
        make_signal(account, indicator, 60)
        make_reading(account, indicator, 70, True)
    client = client_of(here.members["csm"])
    client.get(here.url("playbooks/"))
    with django_assert_num_queries(EFFECT):
        client.get(here.url(f"playbooks/{Playbook.objects.get().pk}/effect/"))


EFFECT = 25


def test_early_successes_do_not_flatter_the_rate(here, playbook, indicator):
    early, late, unknown = accounts(3, "A")
    start(playbook, indicator, early, 5, succeeded=True)
    start(playbook, indicator, late, 40, succeeded=False)
    start(playbook, indicator, unknown, 40)
    counts = counts_of([playbook.pk])[playbook.pk]
    assert (counts.started, counts.judged, counts.succeeded) == (3, 1, 0)
    assert (figures_of(playbook, TODAY, "UTC")[0].success.of, len(compared(playbook).with_play)) == (1, 1)


def test_accounts_that_were_so_already_reached_nothing(here, playbook, indicator):
    start(playbook, indicator, here.account, 60, succeeded=True)
    was, came = accounts(2, "Without")
    for account in (was, came):
        make_signal(account, indicator, 60)
    make_reading(was, indicator, 70, False)
    make_reading(was, indicator, 50, True)
    make_reading(came, indicator, 70, True)
    make_reading(came, indicator, 50, False)
    assert [case.met for case in compared(playbook).without_play] == [False, True]
