"""Promised services in a report, from due dates to words; reports of before stay as they were."""

import copy
from datetime import UTC, date, datetime

import pytest

from accounts.tiers.models import Service
from playbooks.services.models import ServiceOccurrence
from reports.reports.document import document, render_html
from reports.reports.periods import parse_period
from reports.reports.services import (
    delivered_besides,
    kept_sentence,
    service_rows,
    services_due,
    services_summary,
)
from reports.reports.snapshot import build_snapshot
from tests.reports.kit import NOW, TODAY, make_snapshot

Q3 = parse_period("2026-Q3", TODAY)
# How the part began before reports told of services, to the last space.
BEFORE = '<h2>What was delivered</h2>\n  \n  <table class="list"><caption>Practices adopted</caption>'

# The same with services, before reports told of those that were due at another time.
WITH_SERVICES = (
    '<h2>What was delivered</h2>\n  \n  <p class="services-kept">Kept.</p>\n  '
    '<table class="list services"><caption>Services promised for this period</caption>\n    '
    '<thead><tr><th scope="col">Service</th><th scope="col">Period</th><th scope="col" class="date">Due</th>'
    '<th scope="col" class="date">Delivered</th><th scope="col" class="standing">Standing</th></tr>'
    "</thead>\n    "
    '<tbody><tr><th scope="row" dir="auto">QBR</th><td>Q3 2026</td><td class="date">30 Sep 2026</td>'
    '<td class="date">8 Oct 2026</td><td class="standing"><span class="mark mark-on_track">On time</span>'
    '</td></tr></tbody>\n  </table>\n  <table class="list"><caption>Practices adopted</caption>'
)


def owe(account, service, period, due_on, **fields):
    """Owed by a day of 2026."""
    return ServiceOccurrence.objects.create(
        account=account, service=service, period=period, starts_on=date(2026, 7, 1), due_on=due_on,
        grace_days=14, missed_after=date(2026, 12, 31), hours=1, delivered_by="person", **fields,
    )  # fmt: skip


@pytest.fixture
def quarter(here):
    """A QBR within its grace, a late call, a missed one, two requests, and what does not belong in."""
    qbr, call = Service.objects.create(name="QBR", kind="qbr"), Service.objects.create(name="Call")
    answer = Service.objects.create(name="Response time", kind="response")
    owe(here.account, qbr, "2026-Q3", date(2026, 9, 30), delivered_on=date(2026, 10, 8))
    owe(here.account, call, "2026-07", date(2026, 7, 31), delivered_on=date(2026, 8, 20))
    owe(here.account, call, "2026-08", date(2026, 8, 31))
    for number, hour in enumerate((10, 14), 1):
        at = datetime(2026, 8, 3, hour, tzinfo=UTC)
        noon = datetime(2026, 8, 3, 12, tzinfo=UTC)
        owe(
            here.account, answer, f"request {number}", at.date(), asked_at=noon, answer_by=noon,
            answered_at=at, delivered_on=at.date(),
        )  # fmt: skip
    owe(here.account, call, "2026-09", date(2026, 9, 30), waived_at=NOW, waived_reason="x")
    owe(here.account, call, "2026-10", date(2026, 10, 31), delivered_on=date(2026, 9, 30))
    owe(here.account, qbr, "2026-Q4", date(2026, 12, 31))


def test_a_quarter_tells_what_was_due_in_it(here, elsewhere, quarter):
    found = services_due(here.account.pk, Q3, TODAY, NOW)
    rows = [
        (row["service"], row["period"], row["due_text"], row["done_text"], row["status_label"])
        for row in service_rows(found)
    ]
    assert rows == [
        ("Call", "Jul 2026", "31 Jul 2026", "20 Aug 2026", "Delivered late"),
        ("Call", "Aug 2026", "31 Aug 2026", "–", "Late"),
        ("QBR", "Q3 2026", "30 Sep 2026", "8 Oct 2026", "On time"),
        ("Response time", "2 requests", "–", "–", "1 of 2 on time"),
    ]
    assert services_summary(found) == {
        "owed": 5,
        "on_time": 2,
        "sentence": "2 of 5 promised services were delivered on time.",
    }
    elsewhere.open()
    assert list(services_due(here.account.pk, Q3, TODAY, NOW)) == []


def test_all_is_counted_where_not_all_is_listed(here, monkeypatch):
    monkeypatch.setattr("reports.reports.services.MOST", 2)
    call = Service.objects.create(name="Call")
    for number in range(1, 5):
        day = date(2026, 7, number)
        owe(here.account, call, f"2026-0{number}", day, delivered_on=day if number > 2 else None)
    found = services_due(here.account.pk, Q3, TODAY, NOW)
    assert [row["status"] for row in service_rows(found)] == ["late", "late"]
    assert services_summary(found) == {
        "owed": 4,
        "on_time": 2,
        "sentence": "2 of 4 promised services were delivered on time. The first 2 by their dates are listed.",
    }


def test_a_report_does_not_call_the_review_late_that_it_is(here, monkeypatch):
    monkeypatch.setattr("reports.reports.snapshot.today_of", lambda workspace: TODAY)
    qbr = Service.objects.create(name="QBR", kind="qbr")
    progress = Service.objects.create(name="Progress", kind="report")
    owe(here.account, qbr, "2026-Q2", date(2026, 8, 1))
    ServiceOccurrence.objects.update(missed_after=date(2026, 11, 1))
    owe(here.account, qbr, "2026-Q3", date(2026, 9, 30))
    owe(here.account, progress, "2026-Q3", date(2026, 9, 30))

    def late(kind):
        found = services_due(here.account.pk, Q3, TODAY, NOW, kind)
        return [(row["service"], row["period"]) for row in service_rows(found)]

    first, own, other = ("QBR", "Q2 2026"), ("QBR", "Q3 2026"), ("Progress", "Q3 2026")
    assert (late("qbr"), late("progress"), late("other")) == (
        [first, other],
        [first, own],
        [first, other, own],
    )
    rows = build_snapshot(here.account, "qbr", Q3)["delivered"]["services"]
    assert own not in [(row["service"], row["period"]) for row in rows]


def test_what_was_delivered_in_a_quarter_and_due_in_another_is_told_once(here, elsewhere, quarter):
    training = Service.objects.create(name="Training")
    owe(here.account, training, "2026-H1", date(2026, 6, 30), delivered_on=date(2026, 9, 29))
    owe(here.account, training, "2026-Q2", date(2026, 6, 30), delivered_on=date(2026, 7, 1))
    owe(here.account, training, "2026-06", date(2026, 6, 30), delivered_on=date(2026, 6, 30))
    owe(here.account, training, "2026-12", date(2026, 12, 31), delivered_on=date(2026, 10, 1))
    asked = datetime(2026, 6, 29, 12, tzinfo=UTC)
    answered = datetime(2026, 7, 2, 12, tzinfo=UTC)
    owe(
        here.account, Service.objects.get(kind="response"), "request 3", date(2026, 6, 30), asked_at=asked,
        answer_by=datetime(2026, 6, 30, 12, tzinfo=UTC), answered_at=answered, delivered_on=answered.date(),
    )  # fmt: skip
    told = build_snapshot(here.account, "qbr", Q3)["delivered"]
    rows = [
        (row["service"], row["period"], row["due_text"], row["done_text"], row["status_label"])
        for row in told["other_services"]
    ]
    assert rows == [
        ("Training", "Q2 2026", "30 Jun 2026", "1 Jul 2026", "On time"),
        ("Training", "H1 2026", "30 Jun 2026", "29 Sep 2026", "Delivered late"),
        ("Call", "Oct 2026", "31 Oct 2026", "30 Sep 2026", "On time"),
        ("Response time", "1 request", "–", "–", "0 of 1 on time"),
    ]
    assert [row["service"] for row in told["services"]] == ["Call", "Call", "QBR", "Response time"]
    due = services_due(here.account.pk, Q3, TODAY, NOW)
    assert services_summary(due)["sentence"] == "2 of 5 promised services were delivered on time."
    elsewhere.open()
    assert list(delivered_besides(here.account.pk, Q3, TODAY, NOW)) == []


def test_a_quarter_that_owed_nothing_still_tells_what_was_done_in_it(here):
    training = Service.objects.create(name="Training")
    owe(here.account, training, "2026-H1", date(2026, 6, 30), delivered_on=date(2026, 9, 29))
    snapshot = build_snapshot(here.account, "qbr", Q3)
    assert (snapshot["services"]["sentence"], snapshot["delivered"]["services"]) == ("", [])
    part = render_html(snapshot, {}).split("What was delivered")[1].split("</section>")[0]
    assert part.count("<caption>") == 1
    assert "<caption>Delivered in this period, due before or after it</caption>" in part
    assert "No practice was finished" not in part


@pytest.mark.parametrize(
    ("kept", "owed", "sentence"),
    [
        (0, 0, ""),
        (1, 1, "The one promised service was delivered on time."),
        (0, 1, "The one promised service was not delivered on time."),
        (5, 6, "5 of 6 promised services were delivered on time."),
        (1, 6, "1 of 6 promised services was delivered on time."),
        (0, 6, "None of 6 promised services were delivered on time."),
        (6, 6, "All 6 promised services were delivered on time."),
    ],
)
def test_the_sentence(kept, owed, sentence):
    assert kept_sentence(kept, owed) == sentence


def test_the_document_prints_services_safely(here, quarter):
    Service.objects.filter(name="QBR").update(name="QBR <b>")
    html = render_html(build_snapshot(here.account, "qbr", Q3), {})
    part = html.split("What was delivered")[1].split("</section>")[0]
    assert "2 of 5 promised services were delivered on time." in part
    assert "QBR &lt;b&gt;" in part
    assert "No practice was finished" not in part


def test_reports_of_before_are_rendered_as_they_were():
    snapshot = make_snapshot()
    assert ("services" in snapshot, "services" in snapshot["delivered"]) == (False, False)
    html = render_html(copy.deepcopy(snapshot), {})
    assert html.count(BEFORE) == 1
    assert document(snapshot, {})["services"] is None


def test_reports_with_services_are_rendered_as_they_were():
    snapshot = make_snapshot()
    kept = {
        "due_text": "30 Sep 2026",
        "done_text": "8 Oct 2026",
        "status": "on_time",
        "status_label": "On time",
    }
    snapshot["delivered"]["services"] = [{"service": "QBR", "period": "Q3 2026", **kept}]
    snapshot["services"] = {"owed": 1, "on_time": 1, "sentence": "Kept."}
    assert render_html(snapshot, {}).count(WITH_SERVICES) == 1
