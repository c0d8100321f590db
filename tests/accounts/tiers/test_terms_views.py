"""The form of a tier's service levels."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.tiers import actions
from accounts.tiers.models import Service, ServiceLevel, Tier, TierVersion
from accounts.tiers.queries import levels_of, newest_version
from accounts.tiers.terms import next_quarter
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from tests.kit import BY, client_of

QBR = {"times": "1", "per": "quarter", "hours": "8", "delivered_by": "person", "grace_days": "14"}


@pytest.fixture
def client(here):
    return client_of(here.members["manager"])


@pytest.fixture
def top(here):
    return actions.add_tier(by=BY, name="Top")


@pytest.fixture
def qbr(here):
    return actions.ensure_service("QBR", "qbr", by=BY)


@pytest.fixture
def url(here, top):
    return here.url(f"settings/tiers/{top.pk}/terms/")


def posted(*rows, starts_on=None, **other):
    data = {
        "rows-TOTAL_FORMS": len(rows),
        "rows-INITIAL_FORMS": 0,
        "starts_on": today() if starts_on is None else starts_on,
    }
    for at, row in enumerate(rows):
        data |= {f"rows-{at}-{name}": value for name, value in row.items()}
    return {**data, **other}


def text_of(response):
    return response.content.decode()


def promised(tier):
    return [(one.service, one.times, one.per, one.hours) for one in levels_of(newest_version(tier))]


def test_the_first_version_begins_today_unless_told_otherwise(here, client, top, qbr, url):
    page = text_of(client.get(url))
    assert f'value="{today()}"' in page
    assert page.count("Remove<span") == 1
    row = {**QBR, "service": qbr.pk}
    answer = client.post(url, posted(row, version=1), follow=True)
    assert f"Top promises this from {times.day(today())} on." in text_of(answer)
    assert promised(top) == [("QBR", 1, "quarter", 8)]


def test_the_next_one_begins_with_the_next_quarter_and_a_planned_one_goes_on(here, client, top, qbr, url):
    client.post(url, posted({**QBR, "service": qbr.pk}, starts_on=today() - timedelta(days=90)))
    assert f'value="{next_quarter(today())}"' in text_of(client.get(url))
    day = next_quarter(today()) + timedelta(days=5)
    client.post(url, posted({**QBR, "service": qbr.pk, "hours": "6.5"}, starts_on=day, note="Shorter."))
    page = text_of(client.get(url))
    assert f'value="{day}"' in page
    assert "replaces the planned version 2" in page
    assert 'value="6.5"' in page
    assert "6.5\u00a0h" in page


def test_rows_are_added_and_removed_without_saving_or_losing_what_was_typed(here, client, top, qbr, url):
    typed = posted({**QBR, "service": qbr.pk}, {"hours": "not yet"}, note="kept", version=1)
    more = text_of(client.post(url, {**typed, "add": "1"}))
    assert more.count("Remove<span") == 3
    assert 'value="not yet"' in more
    assert 'value="kept"' in more
    assert "error-summary" not in more
    fewer = text_of(client.post(url, {**typed, "remove": "0"}))
    assert fewer.count("Remove<span") == 1
    assert 'value="not yet"' in fewer
    assert TierVersion.objects.count() == 0


def test_the_hours_are_counted_as_the_form_stands(here, client, top, qbr, url):
    here.account.tier = top
    here.account.save()
    rows = [
        {**QBR, "service": qbr.pk, "hours": "1.5", "times": "2", "per": "month"},
        {**QBR, "hours": "20", "per": "onboarding"},
        {**QBR, "hours": "x"},
    ]
    answer = client.post(url, posted(*rows, count="1"))
    assert answer.status_code == 200
    assert text_of(answer).count("9\u00a0h") == 2


def test_blank_rows_are_passed_over(here, client, top, qbr, url):
    blank = {"times": "1", "per": "quarter", "hours": "", "delivered_by": "person", "grace_days": "14"}
    client.post(url, posted({**QBR, "service": qbr.pk}, {**blank, "service": ""}))
    assert promised(top) == [("QBR", 1, "quarter", 8)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"times": "0"}, "A cadence is 1 to 100 times."),
        ({"times": "-3"}, "A cadence is 1 to 100 times."),
        ({"times": "9" * 40}, "A cadence is 1 to 100 times."),
        ({"times": "1.5"}, "Write a whole number."),
        ({"times": "2", "per": "onboarding"}, "At onboarding means once; write 1."),
        ({"hours": "-1"}, "Hours are from 0 to 1,000."),
        ({"hours": "NaN"}, "Write a number like 12.5."),
        ({"hours": "1e999"}, "Write hours from 0 to 1,000, with at most two decimals."),
        ({"hours": "99999"}, "Write hours from 0 to 1,000, with at most two decimals."),
        ({"hours": "1.005"}, "Write hours from 0 to 1,000, with at most two decimals."),
        ({"response_hours": "99999"}, "Write hours from 0 to 1,000, with at most two decimals."),
        ({"grace_days": "400"}, "Grace is from 0 to 365 days."),
        ({"per": "<script>"}, "&lt;script&gt; is not one of the available choices"),
        ({"service": "999999999999"}, "999999999999 is not one of the available choices"),
        ({"service": ""}, "Choose a service, or remove the row."),
        ({"service": "\x00"}, "is not one of the available choices"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(here, client, top, qbr, url, typed, said):
    answer = client.post(url, posted({**QBR, "service": qbr.pk, "hours": "7", **typed}, note="kept"))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="kept"' in text_of(answer)
    assert TierVersion.objects.count() == 0


def test_a_service_twice_and_a_response_without_hours_are_refused(here, client, top, qbr, url):
    row = {**QBR, "service": qbr.pk}
    assert "This service is there twice." in text_of(client.post(url, posted(row, row)))
    response = Service.objects.create(name="Response", kind="response")
    answer = client.post(url, posted({**QBR, "service": response.pk}))
    assert "Say within how many hours." in text_of(answer)
    client.post(url, posted({**QBR, "service": response.pk, "response_hours": "4"}))
    assert ServiceLevel.objects.get().response_hours == Decimal(4)


@pytest.mark.parametrize("total", ["", "x", "-1", "41", "99999999999"])
def test_a_number_of_rows_that_cannot_be_is_refused(here, client, top, url, total):
    assert client.post(url, posted(**{"rows-TOTAL_FORMS": total})).status_code == 422
    assert client.post(url, posted(**{"rows-TOTAL_FORMS": total, "add": "1"})).status_code == 200
    assert client.post(url, posted(remove="99999999999")).status_code in (200, 422)
    assert TierVersion.objects.count() == 0


def test_a_day_out_of_reach_is_named_as_people_write_it(here, client, top, qbr, url):
    row = {**QBR, "service": qbr.pk}
    furthest = today() + timedelta(days=5 * 365)
    late = text_of(client.post(url, posted(row, starts_on="9999-12-31")))
    early = text_of(client.post(url, posted(row, starts_on="1999-12-31")))
    assert f"Choose a day up to {times.day(furthest)}." in late
    assert "31 Dec 1999 is too long ago. Choose a later day." in early


def test_the_form_says_what_a_past_start_means_and_the_page_who_wrote_it_when(here, client, top, qbr, url):
    assert "services are owed back to it" in text_of(client.get(url))
    client.post(url, posted({**QBR, "service": qbr.pk}, starts_on="2019-01-01"))
    page = text_of(client.get(here.url(f"settings/tiers/{top.pk}/")))
    author = TierVersion.objects.get().actor
    assert "since 1 Jan 2019" in page
    assert f"Written by {author} on {times.day(today())}" in page
    assert f"{author}, 1 Jan 2019" not in page


def test_a_version_that_is_replaced_is_signed_anew(here, client, top, qbr, url):
    row = {**QBR, "service": qbr.pk}
    client.post(url, posted(row, starts_on=today()))
    TierVersion.objects.update(created_at=datetime(2020, 5, 1, 12, tzinfo=UTC))
    client.post(url, posted({**row, "times": "2"}, starts_on=today()))
    page = text_of(client.get(here.url(f"settings/tiers/{top.pk}/")))
    assert (f"on {times.day(today())}" in page, "1 May 2020" in page) == (True, False)


@pytest.mark.parametrize("day", ["", "tomorrow", "1999-12-31", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(here, client, top, qbr, url, day):
    assert client.post(url, posted({**QBR, "service": qbr.pk}, starts_on=day)).status_code == 422
    assert TierVersion.objects.count() == 0


def test_the_past_is_not_rewritten(here, client, top, qbr, url):
    client.post(url, posted({**QBR, "service": qbr.pk}, starts_on=today() - timedelta(days=90)))
    late = client.post(
        url, posted({**QBR, "service": qbr.pk, "times": "2"}, starts_on=today() - timedelta(days=1))
    )
    assert late.status_code == 422
    assert "what was owed before stays as it was" in text_of(late)


def test_the_second_of_two_managers_gets_a_conflict(here, client, top, qbr, url):
    row = {**QBR, "service": qbr.pk}
    assert client.post(url, posted(row, version=1)).status_code == 302
    answer = client.post(url, posted({**row, "hours": "99"}, version=1, starts_on=next_quarter(today())))
    assert answer.status_code == 409
    assert "Somebody else changed this" in text_of(answer)
    assert 'value="99"' in text_of(answer)
    assert promised(top) == [("QBR", 1, "quarter", 8)]


def test_terms_that_differ_in_nothing_are_not_saved_again(here, client, top, qbr, url):
    row = {**QBR, "service": qbr.pk}
    client.post(url, posted(row, starts_on=today() - timedelta(days=9)))
    answer = client.post(url, posted(row, starts_on=next_quarter(today())), follow=True)
    assert "Nothing differs from version 1, so nothing was saved." in text_of(answer)
    assert (TierVersion.objects.count(), Tier.objects.get().version) == (1, 2)


def test_the_form_takes_as_many_queries_for_one_row_as_for_many(
    here, elsewhere, client, top, qbr, url, django_assert_num_queries
):
    elsewhere.open()
    actions.add_service(by=BY, name="Theirs", kind="other")
    here.open()
    for names in (["QBR"], ["QBR", "Call", "Visit"]):
        services = [actions.ensure_service(name, "other") for name in names]
        day = today() if len(names) == 1 else next_quarter(today())
        client.post(url, posted(*({**QBR, "service": one.pk} for one in services), starts_on=day))
        with django_assert_num_queries(17):
            page = text_of(client.get(url))
        assert page.count("Remove<span") == len(names)
    assert "Theirs" not in page
