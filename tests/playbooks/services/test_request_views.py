"""Requests from question to answer, on the pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.book.actions import refresh_book
from playbooks.services.models import ServiceOccurrence
from playbooks.services.requests import log_request
from tests.kit import BY
from tests.playbooks.services.kit import make_occurrence, make_service, make_tier, place, promise


def test_a_request_is_logged_and_answered(here, csm):
    here.workspace.timezone = "Europe/Oslo"
    here.workspace.save()
    url = here.url(f"accounts/{here.account.pk}/requests/new/")
    assert "Nothing to log it for" in csm.get(url).text
    service, tier = make_service("Answer", "response"), make_tier()
    promise(tier, date(2020, 1, 1), [(service, 10, "month")], response_hours=4)
    place(here.account, tier, date(2020, 1, 1))
    typed = {"service": service.pk, "asked_at": "2026-06-01T09:30", "subject": "=1+1 <b>"}
    assert csm.post(url, typed).status_code == 302
    one = ServiceOccurrence.objects.get()
    assert (one.asked_at, one.answer_by) == (
        datetime(2026, 6, 1, 7, 30, tzinfo=UTC),
        datetime(2026, 6, 1, 11, 30, tzinfo=UTC),
    )
    page = csm.get(here.url(f"occurrences/{one.pk}/"))
    assert "=1+1 &lt;b&gt;" in page.text
    answer = here.url(f"occurrences/{one.pk}/answers/")
    for wrong in ("2026-06-01T09:29", "2999-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59"):
        refused = csm.post(answer, {"answered_at": wrong})
        assert (refused.status_code, list(refused.context["forms"]["done"].errors)) == (422, ["answered_at"])
    csm.post(answer, {"answered_at": "2026-06-01T13:30", "note": "Two"})
    one.refresh_from_db()
    assert (one.answered_at, one.delivered_on) == (one.answer_by, date(2026, 6, 1))


@pytest.mark.parametrize("asked", ["0001-01-01T00:00", "9999-12-31T23:59", "2999-01-01T00:00", "x"])
def test_moments_that_cannot_be_are_refused(here, csm, asked):
    here.workspace.timezone = "Pacific/Auckland"
    here.workspace.save()
    service, tier = make_service("Answer", "response"), make_tier()
    promise(tier, date(1, 1, 1), [(service, 10, "month")], response_hours=4)
    place(here.account, tier, date(1, 1, 1))
    typed = {"service": service.pk, "asked_at": asked, "subject": "x"}
    refused = csm.post(here.url(f"accounts/{here.account.pk}/requests/new/"), typed)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["asked_at"])


def test_a_logged_request_shows_on_the_tab(here, csm):
    service, tier = make_service("Answer", "response"), make_tier()
    promise(tier, date(2020, 1, 1), [(service, 10, "month")], response_hours=4)
    place(here.account, tier, date(2020, 1, 1))
    log_request(
        here.account, service, by=BY, asked_at=datetime(2026, 6, 1, tzinfo=UTC), subject="Where is it?"
    )
    rows = csm.get(here.url(f"accounts/{here.account.pk}/services/")).context["over"]
    assert [(row.period, row.about, row.status) for row in rows] == [("Request 1", "Where is it?", "missed")]


def ask(here, service, answer_by, **fields):
    """A request to answer by a moment, asked a day before it."""
    day = answer_by.astimezone(UTC).date()
    return make_occurrence(
        here.account, service, starts_on=day - timedelta(days=1), due_on=day, grace_days=0, subject="Why?",
        period=f"request {ServiceOccurrence.objects.count()}", asked_at=answer_by - timedelta(days=1),
        answer_by=answer_by, missed_after=date(2030, 9, 29), **fields,
    )  # fmt: skip


def test_a_request_is_due_at_an_hour_wherever_it_is_listed(here, csm):
    service, now = make_service("Answer", "response"), timezone.now().replace(second=59)
    soon = now + timedelta(hours=3, minutes=5)
    ask(here, service, soon)
    tab = csm.get(here.url(f"accounts/{here.account.pk}/services/"))
    (row,) = tab.context["to_do"]
    assert (row.due, row.when) == (f"{soon.day} {soon:%b %Y, %H:%M}", "in 3 hours")
    assert tab.context["figures"][-1]["value"] == f"{soon.day} {soon:%b, %H:%M}"
    span = "window=custom&since=2020-01-01&until=2040-01-01"
    listed = csm.get(here.url(f"services/?state=open&{span}")).context["rows"]
    assert [(one.due, one.when) for one in listed] == [(row.due, row.when)]
    overview = csm.get(here.url(f"accounts/{here.account.pk}/"))
    assert "due in 3 hours" in overview.text


def test_the_account_and_my_day_count_the_same_days(here, csm):
    refresh_book()
    service = make_service("Answer", "response")
    ask(here, service, timezone.now() - timedelta(days=4, hours=23, minutes=59))
    (row,) = csm.get(here.url(f"accounts/{here.account.pk}/services/")).context["to_do"]
    (part,) = csm.get(here.url("day/")).context["parts"]
    assert part.rows[0].item.reason == f"Answer to “Why?” was due {row.when}"


def test_an_answer_shows_its_hour(here, csm):
    at = datetime(2026, 6, 1, 11, 30, tzinfo=UTC)
    ask(here, make_service("Answer", "response"), at, answered_at=at, delivered_on=at.date())
    (row,) = csm.get(here.url(f"accounts/{here.account.pk}/services/")).context["over"]
    assert (row.due, row.delivered, row.status) == ("1 Jun 2026, 11:30", "1 Jun 2026, 11:30", "on_time")
