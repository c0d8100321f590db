"""Each measure against arithmetic in plain Python, on small data, beside a lookalike workspace."""

from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from accounts.accounts.models import Account, PortalViewer, ShareLink
from accounts.book.actions import note_activity, refresh_book
from accounts.contacts.models import Contact, ContactIdentity
from accounts.incidents.models import Incident
from accounts.metrics.models import MetricState
from accounts.news.models import News
from accounts.tiers.models import Service, Tier
from accounts.visits.models import PortalVisit
from csworkspace.people.models import Membership
from csworkspace.tenancy.database import open_workspace
from playbooks.frameworks.models import Assessment, Behaviour
from playbooks.indicators.evaluating import Judged, Known, evaluate
from playbooks.indicators.explaining import explain
from playbooks.indicators.models import Indicator
from playbooks.plans.models import Objective, Plan, Target
from playbooks.recommendations.models import Recommendation
from playbooks.services.models import ServiceOccurrence
from tests.playbooks.indicators.makers import TODAY, ago, at, make_indicator, use
from tests.playbooks.kit import make_framework, make_metric, measure


def judge(
    indicator: Indicator, account: Account | None = None, day: Any = TODAY, known: Any = Known.NOW
) -> Judged:
    """How it comes out for one account."""
    found = evaluate([indicator], None if account is None else [account.pk], day, known)
    assert len(found) == 1
    return found[0]


def said(indicator: Indicator, account: Account) -> str:
    """The explanation for an account."""
    return explain(indicator, judge(indicator, account), TODAY)


def state(account: Account, metric: Any, value: Any, day: Any = TODAY) -> None:
    """The latest value, as measuring leaves it."""
    measure(account, metric, {day: value})
    MetricState.objects.create(account=account, metric=metric, day=day, value=value)


@pytest.fixture
def same_there(elsewhere):
    """The lookalike has a louder account of every kind; nothing of it may be seen here."""
    with open_workspace(elsewhere.workspace.pk):
        metric = make_metric()
        measure(elsewhere.account, metric, {ago(n): 9999 for n in range(0, 140, 7)})
        Contact.objects.create(account=elsewhere.account, name="Ann", role="champion", left_on=ago(3))
        News.objects.create(account=elsewhere.account, kind="funding", title="Theirs", happened_on=ago(1))
    return elsewhere


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


def make_plan(account: Account, metric: Any, **target: Any) -> Plan:
    """An active plan with one target from 10 to 50 over 100 days, half of them gone."""
    plan = Plan.objects.create(
        account=account, title="Plan", state="active", starts_on=ago(50), ends_on=TODAY + timedelta(50)
    )
    objective = Objective.objects.create(account=account, plan=plan, position=1, words="More")
    values = {"baseline": 10, "value": 50, "starts_on": ago(50), "due_on": TODAY + timedelta(50), **target}
    Target.objects.create(account=account, objective=objective, metric=metric, **values)
    return plan


@pytest.mark.parametrize(
    ("checkpoints", "expected"),
    [
        ([], 30),
        ([{"on": TODAY.isoformat(), "value": "22"}], 22),
        ([{"on": ago(10).isoformat(), "value": "14"}], 20),
    ],
)
def test_plan_target_follows_the_path_of_the_plan(here, checkpoints, expected):
    metric = make_metric()
    make_plan(here.account, metric, checkpoints=checkpoints)
    measure(here.account, metric, {ago(40): 12})
    indicator = make_indicator("plan_target")
    found = judge(indicator)
    target = Target.objects.get()
    from playbooks.plans.progress import expected as path

    agreed = path(target.baseline, target.value, target.starts_on, target.due_on, TODAY, target.stops)
    assert found.compared == round(agreed, 6) == expected
    assert found.tested == round((agreed - 12) * 100 / 40, 2)
    assert found.holds is True
    assert said(indicator, here.account).startswith("Users is 12\u00a0users where the plan expected")


def test_plan_target_for_days_takes_the_best_of_the_weekly_looks(here):
    metric = make_metric()
    make_plan(here.account, metric)
    measure(here.account, metric, {ago(40): 10, ago(14): 24, ago(7): 10})
    # 14 days ago 24.4 were expected, and 24 were there: one point behind.
    indicator = make_indicator("plan_target", {"days": 14}, begins="1", ends="1")
    assert judge(indicator).tested == 1
    # What is said is of today, as the values beside it.
    assert said(indicator, here.account).endswith("where the plan expected 30\u00a0users by now")
    assert judge(make_indicator("plan_target", {"days": 7})).tested == Decimal("43.00")
    assert judge(make_indicator("plan_target", {"days": 0})).tested == 50


@pytest.mark.parametrize(("direction", "value", "behind"), [("down", 0, 0), ("down", 1, 100), ("up", 1, 0)])
def test_a_target_to_hold_at_nothing_is_held_or_not(here, direction, value, behind):
    metric = make_metric(direction=direction)
    make_plan(here.account, metric, baseline=0, value=0)
    measure(here.account, metric, {ago(1): value})
    found = judge(make_indicator("plan_target"))
    assert (found.tested, found.holds) == (behind, behind == 100)


def assess(account: Account, framework: Any, holds: bool, since: int, until: int | None) -> None:
    """An assessment whose first behaviour holds or does not."""
    behaviour = Behaviour.objects.get(name="Has 5 users")
    Assessment.objects.create(
        account=account,
        framework=framework,
        level=int(holds),
        evidence=[{"lineage": str(behaviour.lineage), "name": behaviour.name, "holds": holds}],
        assessed_at=at(ago(since)),
        superseded_at=None if until is None else at(ago(until)),
    )


def test_behaviour_lost_within_days(here):
    framework = make_framework(make_metric())
    Account.objects.update(created_at=at(ago(200)))
    assess(here.account, framework, True, 100, 20)
    assess(here.account, framework, False, 20, None)
    indicator = make_indicator("behaviour_lost")
    found = judge(indicator)
    assert (found.value, found.holds, found.detail) == (1, True, {"names": ["Has 5 users"]})
    assert said(indicator, here.account) == "They no longer do “Has 5 users”"
    assert judge(make_indicator("behaviour_lost", {"days": 14})).holds is False
    assert judge(indicator, day=ago(30), known=Known.RECORDED).holds is False
    assert judge(indicator, day=ago(120), known=Known.RECORDED).detail == {
        "why": "The account had not been assessed."
    }


def test_behaviour_not_reached_by_a_day(here):
    framework = make_framework(make_metric())
    Account.objects.update(customer_since=ago(70))
    assess(here.account, framework, False, 20, None)
    lineage = str(Behaviour.objects.get(name="Has 5 users").lineage)
    found = judge(make_indicator("behaviour_by_day", {"behaviour": lineage}))
    assert (found.value, found.holds) == (70, True)
    Assessment.objects.update(evidence=[{"lineage": lineage, "name": "Has 5 users", "holds": True}])
    assert judge(make_indicator("behaviour_by_day", {"behaviour": lineage})).value == 0


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


def person(account: Account, name: str, role: str = "champion", **fields: Any) -> Contact:
    """A contact with one identity."""
    contact = Contact.objects.create(account=account, name=name, role=role, **fields)
    value = f"{name.lower()}@acme.example"
    ContactIdentity.objects.create(account=account, contact=contact, value=value)
    return contact


def test_the_most_silent_contact_is_named(here, same_there):
    ann, bo = person(here.account, "Ann"), person(here.account, "Bo", "sponsor")
    person(here.account, "Cy", "user")
    person(here.account, "Di", "admin", left_on=ago(3))
    for who, last in (("ann", 12), ("bo", 45), ("cy", 90), ("di", 60)):
        for n in range(5):
            use(here.account, ago(last + n), who=f"{who}@acme.example")
    indicator = make_indicator("contact_silent")
    found = judge(indicator)
    assert (found.value, found.detail["contact"], found.holds) == (45, bo.pk, True)
    assert said(indicator, here.account).startswith("Bo (executive sponsor) has not been seen for 45 days")
    hardly = make_indicator("contact_silent", {"active_days": 6})
    assert judge(hardly).detail == {"why": "No such contact has been seen in usage often enough so far."}
    assert judge(make_indicator("contact_silent", {"roles": ["champion"]})).detail["contact"] == ann.pk


def test_silence_of_a_contact_does_not_end_by_lasting(here):
    ann = person(here.account, "Ann")
    for day in (400, 405, 410, 415, 420):
        use(here.account, ago(day), who="ann@acme.example")
    indicator = make_indicator("contact_silent")
    found = judge(indicator)
    assert (found.value, found.detail["contact"], found.holds) == (400, ann.pk, True)
    use(here.account, ago(40), who="ann@acme.example")
    assert judge(indicator).holds is None, "one day within a year is hardly there"


def test_contacts_who_left_and_no_champion(here, same_there):
    person(here.account, "Ann", left_on=ago(10))
    person(here.account, "Bo", "user", left_on=ago(1))
    left, none = make_indicator("contact_left"), make_indicator("no_champion")
    found = judge(left)
    assert (found.value, found.detail["name"], found.holds) == (1, "Ann", True)
    assert judge(left, day=ago(11)).holds is False
    assert (judge(none).value, judge(none).holds) == (0, True)
    assert judge(none, day=ago(11)).holds is False
    person(here.account, "Cy")
    assert judge(none).holds is False


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


def test_who_never_looked_in_counts_from_the_day_they_could(here, elsewhere):
    indicator = make_indicator("portal_unread", {"what": "portal"})
    Indicator.objects.update(created_at=at(ago(300)))
    assert judge(indicator).holds is None
    link = ShareLink.objects.create(
        account=here.account,
        label="Ann",
        token_hash="x",
        created_by=here.members["csm"],
        expires_at=at(TODAY),
    )
    ShareLink.objects.update(created_at=at(ago(50)))
    assert (judge(indicator).value, judge(indicator).holds) == (50, True)
    Indicator.objects.update(created_at=at(ago(20)))
    assert judge(indicator).value == 20, "before, nobody noted who looked in"
    assert judge(indicator, day=ago(30)).holds is None
    link.delete()
    PortalViewer.objects.create(account=here.account, membership=here.members["viewer"])
    Membership.objects.update(created_at=at(ago(10)))
    assert judge(indicator).value == 10
    PortalVisit.objects.create(
        account=here.account, visitor="member 1", visitor_name="Ruth", page="portal", day=ago(3),
        first_at=timezone.now(), last_at=timezone.now(),
    )  # fmt: skip
    assert judge(indicator).value == 3


def test_portal_unread(here):
    indicator = make_indicator("portal_unread", {"what": "portal"})
    assert judge(indicator).holds is None
    moment = timezone.now()
    for days in (80, 50):
        PortalVisit.objects.create(
            account=here.account, visitor="member 1", visitor_name="Ruth", page="portal", day=ago(days),
            first_at=moment, last_at=moment,
        )  # fmt: skip
    assert (judge(indicator).value, judge(indicator).holds) == (50, True)
    assert judge(indicator, day=ago(60)).value == 20


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
