"""Each measure against arithmetic in plain Python, on small data, beside a lookalike workspace."""

from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest

from accounts.accounts.models import Account
from accounts.book.actions import note_activity, refresh_book
from accounts.incidents.models import Incident
from accounts.news.models import News
from accounts.tiers.models import Service, Tier
from playbooks.indicators.evaluating import Known
from playbooks.recommendations.models import Recommendation
from playbooks.services.models import ServiceOccurrence
from tests.playbooks.indicators.makers import TODAY, ago, at, judge, make_indicator, said, state, use
from tests.playbooks.kit import make_metric, measure


def test_level_holds_on_the_chosen_side(here, same_there):
    metric = make_metric()
    state(here.account, metric, 5)
    low = make_indicator("metric", {"metric": metric.pk}, when="at_most", begins="5", ends="7")
    high = make_indicator("metric", {"metric": metric.pk}, when="at_least", begins="6", ends="6")
    assert (judge(low).holds, judge(low).value) == (True, Decimal(5))
    assert (judge(high).holds, judge(high).detail) == (False, {})
    assert said(low, here.account) == "Users is 5\u00a0users"


def test_an_old_number_of_people_is_no_data(here):
    metric = make_metric("nps", kind="outcome", aggregation="", unit="")
    state(here.account, metric, 40, ago(60))
    found = judge(make_indicator("metric", {"metric": metric.pk}))
    assert (found.holds, found.value) == (None, Decimal(40))
    assert found.detail == {"why": "The last number was entered too long ago."}


def test_change_is_against_windows_that_do_not_overlap(here, same_there):
    metric = make_metric()
    values = {ago(90): 30, ago(84): 60, ago(56): 50, ago(28): 40, ago(20): 77, ago(0): 19}
    measure(here.account, metric, values)
    indicator = make_indicator("metric_change", {"metric": metric.pk, "direction": "fell"})
    found = judge(indicator)
    past = Decimal(60 + 50 + 40) / 3
    assert (found.value, found.compared, found.holds) == (Decimal(19), past, True)
    assert found.tested == round((past - 19) * 100 / past, 2)
    assert said(indicator, here.account) == "Users fell 62% in 4 weeks against the 12 weeks before"


@pytest.mark.parametrize(("begins", "holds"), [("40", True), ("40.00001", False)])
def test_a_fall_of_exactly_the_threshold_counts(here, begins, holds):
    metric = make_metric()
    # Against 40/3, whose decimals end somewhere: in plain division the fall is 39.99…98 %.
    measure(here.account, metric, {ago(84): 13, ago(56): 13, ago(28): 14, ago(0): 8})
    params = {"metric": metric.pk, "direction": "fell"}
    found = judge(make_indicator("metric_change", params, begins=begins, ends="30"))
    assert (found.tested, found.holds) == (40, holds)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({ago(0): 1}, "There is too little history to compare with."),
        ({ago(84): 2, ago(0): 1}, "The past is too small for a percentage to count."),
        ({}, "The metric has no value for this account."),
    ],
)
def test_change_says_why_it_cannot_be_told(here, values, why):
    metric = make_metric()
    measure(here.account, metric, values)
    found = judge(make_indicator("metric_change", {"metric": metric.pk, "direction": "fell"}))
    assert (found.holds, found.detail) == (None, {"why": why})


def peers_world(metric: Any, values: list[int]) -> list[Account]:
    """Accounts of one tier with these values."""
    tier = Tier.objects.create(name="Top", position=1)
    made = [Account.objects.create(name=f"Peer {n}", tier=tier) for n in range(len(values))]
    for account, value in zip(made, values, strict=True):
        measure(account, metric, {ago(3): value})
    return made


@pytest.mark.parametrize("values", [[3, 10, 20, 20, 40, 80], [5, 1, 9, 7, 30, 2, 2]])
def test_peers_are_the_others_of_the_tier(here, values):
    metric = make_metric()
    accounts = peers_world(metric, values)
    params = {"metric": metric.pk, "peers": "tier"}
    ratio = make_indicator("metric_peers", {**params, "how": "ratio"}, when="at_most")
    rank = make_indicator("metric_peers", {**params, "how": "rank"}, when="at_most", begins="10", ends="20")
    for account, value in zip(accounts, values, strict=True):
        others = list(values)
        others.remove(value)
        middle = Decimal(str(median(others)))
        found = judge(ratio, account)
        assert (found.compared, found.tested) == (middle, round(value * 100 / middle, 2))
        equal = Decimal(sum(v == value for v in others)) / 2
        place = Decimal(sum(v < value for v in others)) + (0 if value < middle else equal)
        assert judge(rank, account).tested == round(100 * place / len(others), 2)
    assert judge(ratio, here.account).detail == {"why": "The metric has no value for this account."}


def test_who_stands_at_nothing_with_many_is_last_among_the_living(here):
    metric = make_metric()
    accounts = peers_world(metric, [0, 0, 0, 0, 5, 6, 7, 8, 9])
    params = {"metric": metric.pk, "peers": "tier", "how": "rank"}
    last = make_indicator("metric_peers", params, when="at_most", begins="10", ends="15")
    assert [(judge(last, one).tested, judge(last, one).holds) for one in (accounts[0], accounts[4])] == [
        (0, True),
        (50, False),
    ]
    # Most have nothing: then that is neither the lowest nor the highest.
    gone = [one.pk for one in accounts[6:]]
    Account.objects.filter(pk__in=gone).update(stage="churned")
    found = judge(last, accounts[0])
    assert (found.tested, found.holds, found.detail["others"]) == (30, False, 5)


def test_of_loaded_history_who_left_is_a_peer_for_90_days_after_the_last_activity(here):
    metric, day = make_metric(aggregation="users"), ago(1)
    accounts = peers_world(metric, [1] * 8)
    for account in accounts:
        use(account, ago(3))
    left = accounts[6:]
    Account.objects.filter(pk__in=[one.pk for one in left]).update(stage="churned")
    refresh_book()
    note_activity({left[0].pk: ago(91), left[1].pk: ago(92)})
    among = make_indicator("metric_peers", {"metric": metric.pk, "peers": "all", "how": "rank"})
    assert judge(among, accounts[0], day, Known.RECEIVED).detail["others"] == 6


def test_who_has_churned_is_nobodys_peer(here):
    metric = make_metric()
    accounts = peers_world(metric, [1, 10, 20, 30, 40, 50, 60])
    Account.objects.filter(pk=accounts[0].pk).update(stage="churned")
    indicator = make_indicator("metric_peers", {"metric": metric.pk, "peers": "tier", "how": "ratio"})
    assert (judge(indicator, accounts[1]).compared, judge(indicator, accounts[1]).detail["others"]) == (40, 5)


def test_fewer_than_five_peers_say_nothing(here):
    metric = make_metric()
    accounts = peers_world(metric, [1, 2, 3, 4, 5])
    found = judge(make_indicator("metric_peers", {"metric": metric.pk, "peers": "tier"}), accounts[0])
    assert (found.holds, found.compared) == (None, None)
    assert found.detail == {"why": "Fewer than 5 peers have a value."}


def test_share_of_an_attribute_and_of_a_metric(here):
    metric, other = make_metric(), make_metric("licences")
    measure(here.account, metric, {ago(2): 46})
    measure(here.account, other, {ago(2): 50})
    here.account.attributes = {"seats": " 50 "}
    here.account.save()
    by_attribute = make_indicator(
        "metric_share", {"metric": metric.pk, "attribute": "seats", "of_metric": None}
    )
    by_metric = make_indicator("metric_share", {"metric": metric.pk, "of_metric": other.pk, "attribute": ""})
    for indicator in (by_attribute, by_metric):
        found = judge(indicator)
        assert (found.value, found.compared, found.tested, found.holds) == (46, 50, 92, True)
    here.account.attributes = {"seats": "many"}
    here.account.save()
    assert judge(by_attribute).holds is None


def test_breadth_counts_windows_without_use_as_zero(here, same_there):
    for feature in ("a", "b", "c", "d", "e", "f"):
        use(here.account, ago(90), feature)
    for feature in ("a", "b", "c"):
        use(here.account, ago(40), feature)
    use(here.account, ago(1), "a")
    use(here.account, ago(1), "a")
    found = judge(make_indicator("features"))
    # 6 + 0 + 3 features in the three windows before.
    assert (found.value, found.compared, found.holds) == (1, 3, True)
    assert found.tested == round(Decimal(200) / 3, 2)


def test_breadth_counts_windows_from_the_time_as_a_customer_on(here):
    for feature in ("a", "b", "c", "d", "e", "f"):
        use(here.account, ago(30), feature)
    use(here.account, ago(1), "a")
    indicator = make_indicator("features", {"base": 2, "past": 3})
    Account.objects.update(customer_since=ago(10))
    assert judge(indicator).detail["why"] == "There is too little history to compare with."
    Account.objects.update(customer_since=ago(70))
    # 6 + 0 features: the third window before began before they were a customer.
    assert judge(indicator).compared == 3
    Account.objects.update(customer_since=ago(400))
    assert judge(indicator).compared == 2


def test_use_of_features_counts_uses_and_people(here, elsewhere):
    use(here.account, ago(3), "paywall.export", "a@acme.example")
    use(here.account, ago(2), "paywall.sso", "b@acme.example")
    use(here.account, ago(1), "paywalls", "b@acme.example")
    use(here.account, ago(20), "paywall.sso", "c@acme.example")
    indicator = make_indicator("feature_use")
    found = judge(indicator)
    assert (found.value, found.detail["people"], found.detail["feature"]) == (2, 2, "paywall.sso")
    assert said(indicator, here.account) == "2 people used paywall.sso or the like 2 times in 2 weeks"


def test_silence_is_counted_from_the_last_active_day(here):
    refresh_book()
    indicator = make_indicator("silence")
    assert judge(indicator).detail == {"why": "Nobody has ever been active."}
    Account.objects.update(created_at=at(ago(200)))
    use(here.account, ago(30))
    use(here.account, ago(25), received=at(ago(10)), recorded=at(ago(5)))
    note_activity({here.account.pk: ago(25)})
    assert (judge(indicator).value, judge(indicator).holds) == (25, True)
    assert judge(indicator, day=ago(20), known=Known.NOW).value == 5
    assert judge(indicator, day=ago(20), known=Known.RECEIVED).value == 10
    assert judge(indicator, day=ago(8), known=Known.RECEIVED).value == 17
    assert judge(indicator, day=ago(8), known=Known.RECORDED).value == 22


def test_ignored_recommendation_is_the_oldest_open_one(here):
    def advise(days: int, **fields: Any) -> None:
        Recommendation.objects.create(
            account=here.account, title=f"Advice {days}", shared_at=at(ago(days)), actor="T", **fields
        )

    advise(90, state="declined", answered_at=at(ago(80)), closed_at=at(ago(80)))
    advise(40, state="accepted", answered_at=at(ago(20)))
    advise(10)
    assert judge(make_indicator("recommendation_ignored")).value == 40
    only_open = make_indicator("recommendation_ignored", {"accepted": False})
    assert (judge(only_open).value, judge(only_open).holds) == (10, False)
    assert judge(only_open, day=ago(30)).value == 10
    assert judge(only_open, day=ago(85)).value == 5


def test_incident_exposure_counts_people_while_it_lasted(here, elsewhere):
    Incident.objects.create(
        title="Slow",
        impact="major",
        features=["core.*"],
        started_at=at(ago(3), 10),
        ended_at=at(ago(3), 14),
        actor="T",
    )
    Incident.objects.create(title="Blip", impact="minor", started_at=at(ago(3), 0), actor="T")
    for who, feature, hour in (
        ("a", "core.x", 10),
        ("b", "core.y", 13),
        ("c", "other", 12),
        ("d", "core.x", 14),
    ):
        use(here.account, ago(3), feature, who, occurred=at(ago(3), hour))
    indicator = make_indicator("incident_exposure")
    found = judge(indicator)
    assert (found.value, found.detail["title"], found.holds) == (2, "Slow", True)
    assert said(indicator, here.account).startswith("2 people at work during “Slow” on")
    assert judge(make_indicator("incident_exposure", {"impacts": ["minor"]})).value == 4


def test_a_long_incident_that_still_runs_counts(here):
    made = Incident.objects.create(title="Slow", impact="major", started_at=at(ago(70)), actor="T")
    use(here.account, ago(60), who="early")
    use(here.account, ago(2), who="late")
    indicator = make_indicator("incident_exposure", {"days": 30})
    assert judge(indicator).value == 1
    Incident.objects.filter(pk=made.pk).update(ended_at=at(ago(40)))
    assert judge(indicator).value == 0


def test_services_missed_and_news_and_renewal(here, same_there):
    service = Service.objects.create(name="Review")
    for period, missed, extra in (("1", 10, {}), ("2", 90, {}), ("3", 5, {"waived_at": at(ago(6))})):
        ServiceOccurrence.objects.create(
            account=here.account, service=service, period=period, starts_on=ago(120), due_on=ago(100),
            grace_days=0, missed_after=ago(missed), hours=1, delivered_by="person", **extra,
        )  # fmt: skip
    News.objects.create(account=here.account, kind="funding", title="Series B", happened_on=ago(4))
    News.objects.create(account=here.account, kind="cuts", title="Layoffs", happened_on=ago(2))
    Account.objects.update(renewal_on=TODAY + timedelta(80))
    missed, news = judge(make_indicator("service_missed")), judge(make_indicator("news"))
    assert (missed.value, missed.holds) == (1, True)
    assert (news.value, news.detail["title"]) == (1, "Series B")
    assert (judge(make_indicator("renewal")).value, judge(make_indicator("renewal")).holds) == (80, True)


def test_one_old_number_does_not_stand_for_all_the_windows_since(here):
    nps = make_metric("nps", kind="outcome", aggregation="", window_days=28)
    measure(here.account, nps, {ago(500): 50, ago(470): 50, ago(440): 50, ago(412): 20})
    indicator = make_indicator(
        "metric_change", {"metric": nps.pk, "direction": "fell", "past": 3, "base": "5"}
    )
    assert judge(indicator, day=ago(412)).holds is True
    for later in (340, 320, 0):
        assert judge(indicator, day=ago(later)).holds is None, later
    users = make_metric("seats")
    measure(here.account, users, {TODAY: 8})
    share = make_indicator("metric_share", {"metric": users.pk, "of_metric": nps.pk})
    found = judge(share)
    assert (found.holds, found.detail["why"]) == (None, "The last number was entered too long ago.")


def test_breadth_of_an_account_of_unknown_age_counts_from_its_first_use(here):
    Account.objects.update(customer_since=None)
    for number in range(20):
        use(here.account, ago(40), feature=f"f.{number}")
    for number in range(8):
        use(here.account, ago(3), feature=f"f.{number}")
    found = judge(make_indicator("features"))
    assert (found.holds, found.detail["why"]) == (None, "There is too little history to compare with.")
