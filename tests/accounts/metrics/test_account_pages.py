"""The account's tab "Usage" and the panel of its overview."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.contacts.models import Contact, ContactIdentity
from accounts.metrics.models import Measurement, Metric
from accounts.metrics.words import change_between
from csworkspace.tenancy.clock import today_of
from tests.accounts.metrics.makers import event, give_domain, measure_all, send, users
from tests.kit import client_of

HOSTILE = "<svg onload=alert(1)>"
# 7 of them are the test client's own and the transaction.
TAB_QUERIES = 19
MOST_QUERIES = 20 + 7


@pytest.fixture
def today(here):
    return today_of(here.workspace)


def tab(client, here):
    return client.get(here.url(f"accounts/{here.account.pk}/usage/"))


def test_without_events_it_says_how_to_bring_them(here, csm):
    text = tab(csm, here).content.decode()
    assert "No usage event has arrived" in text
    assert here.url("imports/new/") + "?kind=events" in text
    assert here.url("waiting/") in text


def test_metrics_features_people_and_events(here, csm, today):
    give_domain(here.account)
    users()
    contact = Contact.objects.create(account=here.account, name="Bob Stone")
    ContactIdentity.objects.create(account=here.account, contact=contact, value="bob@acme.example")
    send(
        event(1, today, "ann", feature="jobs.plan", user_name=HOSTILE),
        event(2, today - timedelta(days=27), "bob", feature="jobs.plan"),
        event(3, today - timedelta(days=28), "bob", feature="jobs.plan"),
        event(4, today - timedelta(days=40), "bob", feature="old.board"),
        event(5, today, "bob", feature=HOSTILE),
        event(6, today - timedelta(days=57), "far", feature="far.away"),
    )
    measure_all()
    response = tab(csm, here)
    activity = response.context["activity"]
    assert [(line.name, line.uses, line.before, line.people, line.news) for line in activity.features] == [
        ("jobs.plan", "2", "1", "2", ""),
        (HOSTILE, "1", "0", "1", "new"),
        ("old.board", "0", "1", "0", "lost"),
    ]
    assert (activity.features_used, activity.features_new, activity.features_lost) == (2, 1, 1)
    assert [(one.name, one.days, one.events, one.contact) for one in activity.people] == [
        ("Bob Stone", "2", "2", True),
        (HOSTILE, "1", "1", False),
    ]
    text = response.content.decode()
    assert HOSTILE not in text
    assert here.url(f"accounts/{here.account.pk}/evidence/users/") in text
    line = response.context["usage_metrics"][0]
    assert (line.value, line.change.text, line.change.tone) == ("2\xa0people", "+100%", "good")


def test_an_account_that_went_quiet_shows_when(here, csm, today):
    give_domain(here.account)
    last = today - timedelta(days=100)
    send(event(1, last))
    measure_all()
    text = tab(csm, here).content.decode()
    assert "Nobody was active in the last 28 days" in text
    assert "Nothing was used in the last eight weeks" in text
    assert "jobs.plan" in text


def test_outcomes_can_be_entered_by_those_who_work(here, csm):
    Metric.objects.create(key="hours", name="Planning hours", kind="outcome", description="As they say")
    link = here.url(f"accounts/{here.account.pk}/evidence/hours/")
    text = tab(csm, here).content.decode()
    assert link in text
    assert "Enter a value" in text
    assert "As they say" in text
    assert "Enter a value" not in tab(client_of(here.members["executive"]), here).content.decode()


def test_queries_do_not_depend_on_how_much_there_is(here, csm, today, django_assert_num_queries):
    give_domain(here.account)
    users()
    send(event(1, today))
    measure_all()
    tab(csm, here)
    with django_assert_num_queries(TAB_QUERIES):
        tab(csm, here)
    for number in (2, 3):
        users(key=f"users-{number}", is_headline=False)
    send(*(event(n, today - timedelta(days=n), f"p{n}", feature=f"f{n}") for n in range(2, 5)))
    measure_all()
    with django_assert_num_queries(TAB_QUERIES):
        tab(csm, here)


def test_the_overview_shows_the_headline_metric(here, csm, today, django_assert_max_num_queries):
    url = here.url(f"accounts/{here.account.pk}/")
    assert "No metric is marked as the headline" in csm.get(url).content.decode()
    give_domain(here.account)
    users()
    send(event(1, today), event(2, today, "bob"), event(3, today - timedelta(days=30), "bob"))
    measure_all()
    with django_assert_max_num_queries(MOST_QUERIES):
        text = csm.get(url).content.decode()
    assert "2\xa0people" in text
    assert "+100%" in text
    assert "last active" in text


def test_the_lookalike_sees_nothing_of_it(here, elsewhere, today):
    give_domain(here.account)
    send(event(1, today))
    theirs = client_of(elsewhere.members["csm"])
    assert theirs.get(elsewhere.url(f"accounts/{here.account.pk}/usage/")).status_code == 404
    assert "jobs.plan" not in tab(theirs, elsewhere).content.decode()
    assert tab(client_of(here.members["viewer"]), here).status_code == 404


def test_a_measurement_of_an_earlier_time_holds_for_the_whole_course(here, csm, today):
    metric = users()
    Measurement.objects.create(
        account=here.account,
        metric=metric,
        day=today - timedelta(days=300),
        value=7,
        source="events",
        recorded_at="2026-01-01T00:00:00Z",
    )
    line = tab(csm, here).context["usage_metrics"][0]
    assert (line.value, line.change.text) == ("7\xa0people", "no change")


@pytest.mark.parametrize(
    ("direction", "unit", "before", "now", "text", "tone"),
    [
        ("up", "", 100, 112, "+12%", "good"),
        ("up", "", 100, 88, "−12%", "bad"),
        ("down", "", 100, 88, "−12%", "good"),
        ("down", "", 0, 3, "+3", "bad"),
        ("up", "%", Decimal("79.6"), Decimal("80.3"), "+0.7 points", "good"),
        ("up", "", -4, 4, "+200%", "good"),
        ("up", "", 5, 5, "no change", ""),
        ("up", "", None, 5, "", ""),
    ],
)
def test_changes_in_words(direction, unit, before, now, text, tone):
    metric = Metric(direction=direction, unit=unit)
    decimals = [None if value is None else Decimal(value) for value in (before, now)]
    assert (change_between(metric, *decimals).text, change_between(metric, *decimals).tone) == (text, tone)
