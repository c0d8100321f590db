"""Behind a number: what was counted, its events, its corrections, and entering what no event carries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.accounts.models import Account
from accounts.contacts.models import Contact, ContactIdentity
from accounts.metrics.actions import enter_measurement
from accounts.metrics.counting import count_each, count_parts
from accounts.metrics.models import Measurement, Metric
from accounts.metrics.queries import value_on
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.database import open_workspace
from tests.accounts.metrics.makers import event, give_domain, measure_all, send, users
from tests.kit import BY, client_of

HOSTILE = "<img src=x onerror=alert(1)>"
QUERIES = 20


@pytest.fixture
def today(here):
    return today_of(here.workspace)


@pytest.fixture
def acme(here):
    give_domain(here.account)
    return here.account


def page(client, here, key="users", **query):
    return client.get(here.url(f"accounts/{here.account.pk}/evidence/{key}/"), query)


def test_the_parts_make_up_the_value(here, acme, csm, today):
    users()
    batch = send(
        event(1, today, "ann", user_name=HOSTILE),
        event(2, today, "ann", feature=HOSTILE),
        event(3, today - timedelta(days=27), "bob"),
        event(4, today - timedelta(days=28), "too-early"),
    )
    measure_all()
    text = page(csm, here).content.decode()
    assert "2 different people used any feature, in 3 events" in text
    assert "with the measured value, counted anew" in text
    assert "2\xa0people" in text
    assert HOSTILE not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "too-early@" not in text
    assert here.url(f"sources/{batch.pk}/") in text
    yesterday = page(csm, here, day=today - timedelta(days=1)).content.decode()
    assert "2 different people" in yesterday
    assert "too-early@" in yesterday


def test_identities_of_one_contact_are_one_person(here, acme, csm, today):
    metric = users()
    contact = Contact.objects.create(account=acme, name="Ann Lee")
    for value in ("ann@acme.example", "al@acme.example"):
        ContactIdentity.objects.create(account=acme, contact=contact, value=value)
    send(event(1, today, "ann"), event(2, today, "al"), event(3, today, "bob"))
    measure_all()
    counted = count_parts(metric, acme.pk, today, "UTC")
    assert (counted.value, counted.events, counted.parts_total) == (2, 3, 2)
    assert counted.parts[0].label == "Ann Lee"
    assert here.url(f"accounts/{acme.pk}/people/") in page(csm, here).content.decode()


@pytest.mark.parametrize(
    ("aggregation", "value", "sentence"),
    [
        ("count", 4, "Any feature of “jobs” was used 4 times (1"),
        ("sum", Decimal("7.5"), "The quantities of 4 events add up to 7.5"),
        ("users", 2, "2 different people used any feature of “jobs”, in 4 events"),
        ("features", 2, "2 different features in use, in 4 events"),
        ("days", 3, "Any feature of “jobs” was used on 3 days, in 4 events"),
    ],
)
def test_counting_anew_gives_what_was_measured(here, acme, csm, aggregation, value, sentence):
    day = date(2026, 3, 7)
    metric = users(aggregation=aggregation, features=["jobs.*"], window_days=7)
    send(
        event(1, day, "ann", quantity=2),
        event(2, day - timedelta(days=3), "bob", quantity="3.5"),
        event(3, day - timedelta(days=6), "bob", feature="jobs.x"),
        event(4, day, "bob", feature="jobs.plan"),
        event(5, day - timedelta(days=7), "old"),
        event(6, day + timedelta(days=1), "new"),
        event(7, day, "ann", feature="jobsx"),
    )
    measure_all()
    assert value_on(acme.pk, metric.pk, day).value == value
    assert count_parts(metric, acme.pk, day, "UTC").value == value
    assert count_each(aggregation, ["jobs.*"], 7, [acme.pk], day, "UTC") == {acme.pk: value}
    text = page(csm, here, day=day).content.decode()
    assert sentence in text
    assert "with the measured value, counted anew" in text


def test_days_begin_where_the_workspace_is(here, acme, csm):
    here.workspace.timezone = "Asia/Tokyo"
    here.workspace.save()
    users(aggregation="days", window_days=1)
    send({**event(1, date(2026, 3, 6)), "occurred_at": "2026-03-06T15:30:00Z"})
    measure_all()
    assert "on 1 day, in 1 event" in page(csm, here, day="2026-03-07").content.decode()
    assert "on 0 days, in 0 events" in page(csm, here, day="2026-03-06").content.decode()


def test_what_is_not_measured_yet_is_said(here, acme, csm, today):
    users()
    send(event(1, today))
    text = page(csm, here).content.decode()
    assert "The events give another value by now" in text
    assert "Counted anew it is 1\xa0person" in text
    assert "This metric is being measured" in text


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("2026-02-31", "not a day of the calendar"),
        ("'; drop table", "not a day of the calendar"),
        ("\x00", "not a day of the calendar"),
        ("9999-12-31", "Choose a day from"),
        ("0001-01-01", "Choose a day from"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(here, acme, csm, day, error):
    users()
    response = page(csm, here, day=day)
    assert response.status_code == 422
    assert error in response.content.decode()


def test_late_events_show_as_corrections(here, acme, csm, today):
    users()
    day = today - timedelta(days=3)
    send(event(1, day, "ann"))
    measure_all()
    send(event(2, day, "bob"))
    measure_all()
    text = page(csm, here).content.decode()
    assert "1\xa0person, recorded" in text
    assert Measurement.objects.filter(day=day).count() == 2


def test_a_withdrawn_measurement_stays_to_be_seen(here, acme, csm, today):
    metric = users()
    send(event(1, today))
    measure_all()
    Measurement.objects.filter(metric=metric).update(superseded_at="2026-01-01T00:00:00Z")
    text = page(csm, here).content.decode()
    assert "No change on this day" in text
    assert "1\xa0person, recorded" in text


def test_events_come_in_pages_without_gap_or_repetition(here, acme, csm, today):
    users()
    send(*(event(number, today - timedelta(days=number % 5), f"p{number}") for number in range(205)))
    seen, query, pages = [], {}, 0
    while pages < 5:
        response = page(csm, here, **query)
        seen += [line.who for line in response.context["events"]]
        pages += 1
        if not response.context["next_url"]:
            break
        query = {"from": response.context["next_url"].partition("from=")[2].partition("#")[0]}
    assert (pages, len(seen), len(set(seen))) == (3, 205, 205)


@pytest.mark.parametrize(
    "place", ["x", "2026-01-01_1", "9999-12-31T23:59:59-23:00_1", "_", "Z_99999999999999999999"]
)
def test_a_forged_place_begins_at_the_first_page(here, acme, csm, today, place):
    users()
    send(event(1, today))
    response = page(csm, here, **{"from": place})
    assert response.status_code == 200
    assert len(response.context["events"]) == 1


def test_queries_do_not_depend_on_how_much_there_is(here, acme, csm, today, django_assert_num_queries):
    users()
    send(event(1, today))
    measure_all()
    page(csm, here)
    with django_assert_num_queries(QUERIES):
        page(csm, here)
    send(*(event(number, today - timedelta(days=number), f"p{number}") for number in range(2, 5)))
    measure_all()
    with django_assert_num_queries(QUERIES):
        page(csm, here)


def test_the_lookalike_sees_nothing_of_it(here, elsewhere, acme, today):
    users()
    send(event(1, today, "ann"))
    measure_all()
    theirs = client_of(elsewhere.members["csm"])
    assert theirs.get(elsewhere.url(f"accounts/{acme.pk}/evidence/users/")).status_code == 404
    assert theirs.get(here.url(f"accounts/{acme.pk}/evidence/users/")).status_code == 404
    with open_workspace(elsewhere.workspace.pk):
        users()
    text = theirs.get(elsewhere.url(f"accounts/{elsewhere.account.pk}/evidence/users/")).content.decode()
    assert "ann@" not in text
    assert "Nothing has been measured" in text


@pytest.fixture
def hours(here):
    return Metric.objects.create(
        key="hours", name="Planning hours", unit="h", kind="outcome", direction="down"
    )


def enter(client, here, key="hours", **data):
    return client.post(here.url(f"accounts/{here.account.pk}/evidence/{key}/values/"), data)


def test_a_person_enters_and_corrects_a_value(here, hours, csm, today):
    assert "Enter the first value" in page(csm, here, "hours").content.decode()
    response = enter(csm, here, day=today, value="12.5", note=HOSTILE)
    assert response.status_code == 302
    enter(csm, here, day=today, value="11")
    text = csm.get(response["Location"]).content.decode()
    assert "11\xa0h" in text
    assert "12.5\xa0h, recorded" in text
    assert "Csm of Northwind" in text
    assert HOSTILE not in text
    assert AuditEntry.objects.filter(verb="entered a value of").count() == 2


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"day": "2026-03-01", "value": "many"}, "Write a number like 12.5"),
        ({"day": "2999-03-01", "value": "1"}, "Choose a day from the year 2000 until today."),
        ({"day": "2026-13-01", "value": "1"}, "not a day of the calendar"),
        ({"day": "2026-03-01", "value": "99999999999999999"}, "Ensure that there are no more than"),
        ({"day": "2026-03-01", "value": "NaN"}, "Write a number like 12.5"),
        ({}, "This field is required"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(here, hours, csm, data, error):
    response = enter(csm, here, note="kept", **data)
    assert response.status_code == 422
    text = response.content.decode()
    assert error in text
    assert 'value="kept"' in text
    assert not Measurement.objects.exists()


def test_nobody_enters_what_events_carry(here, acme, csm, today):
    users()
    response = enter(csm, here, "users", day=today, value="3")
    assert response.status_code == 422
    assert not Measurement.objects.exists()


def test_who_may_look_and_who_may_enter(here, hours, today):
    executive = client_of(here.members["executive"])
    assert "Enter the value" not in page(executive, here, "hours").content.decode()
    assert enter(executive, here, day=today, value="1").status_code == 403
    viewer = client_of(here.members["viewer"])
    assert page(viewer, here, "hours").status_code == 404


def test_an_entered_value_is_that_of_its_account_alone(here, hours, csm, today):
    other = Account.objects.create(name="Acme Industrial")
    enter_measurement(other, hours, today, Decimal("99"), by=BY)
    assert "99\xa0h" not in page(csm, here, "hours").content.decode()
