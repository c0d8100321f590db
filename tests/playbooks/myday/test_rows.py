"""What is done from a row of the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from playbooks.plans.content import add_practice
from playbooks.plans.models import Practice, Side
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, make_metric
from tests.playbooks.myday.makers import ask, follow_plan, listed, owe, reasons


def test_done_from_the_row_without_javascript_and_with(here):
    plan = follow_plan(here.account, make_metric())
    for title in ("One", "Two"):
        add_practice(plan, by=BY, title=title, side=Side.US, due_on=TODAY, reason="x")
    client, day = client_of(here.members["csm"]), here.url("day/")
    one, two = Practice.objects.order_by("id")
    assert (
        client.post(here.url(f"practices/{one.pk}/completions/"), {"done": "yes", "next": day})["Location"]
        == day
    )
    page = client.get(day)
    assert "“One” is marked as done." in page.text
    assert reasons(page) == ["Two is due today (yours)"]
    answer = client.post(
        here.url(f"practices/{two.pk}/completions/"),
        {"done": "yes", "next": day},
        headers={"HX-Request": "true"},
        follow=True,
    )
    assert "<html" not in answer.text
    assert "“Two” is marked as done." in answer.text
    assert listed(answer) == {}


def test_a_service_is_delivered_from_the_row_once(here):
    owed = owe(here.account, -3)
    client, day = client_of(here.members["csm"]), here.url("day/")
    (row,) = client.get(day).context["parts"][0].rows
    sent = {**row.item.step.fields, "next": day}
    assert (row.item.step.label, row.item.step.posts) == ("Mark as done", True)
    assert client.post(row.item.step.url, sent)["Location"] == day
    owed.refresh_from_db()
    assert (owed.delivered_on, owed.deliverer) == (TODAY, "Csm of Northwind")
    page = client.get(day)
    assert "is delivered." in page.text
    assert listed(page) == {}
    again = client.post(row.item.step.url, sent, follow=True)
    assert "delivered this on 30 Jun 2030 already" in again.text
    assert again.redirect_chain == [(day, 302)]


def test_requests_are_late_from_the_promised_hour_on(here):
    now = timezone.now()
    for hours, subject in ((-2, "Export <fails>"), (3, "Log in")):
        owe(
            here.account,
            0,
            "Response time",
            period=f"request {hours}",
            asked_at=now - timedelta(hours=9),
            answer_by=now + timedelta(hours=hours, minutes=1 if hours > 0 else -1),
            subject=subject,
        )
    assert listed(ask(here)) == {
        "Late": [("Acme Industries", "Answer to “Export <fails>” was due 2 hours ago", "Answer it")],
        "Today": [("Acme Industries", "Answer to “Log in” is due in 3 hours", "Answer it")],
    }


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_way_back_stays_on_this_site(here, away):
    plan = follow_plan(here.account, make_metric())
    practice = add_practice(plan, by=BY, title="One", side=Side.US, due_on=TODAY, reason="x")
    url = here.url(f"practices/{practice.pk}/completions/")
    answer = client_of(here.members["csm"]).post(url, {"done": "yes", "next": away})
    assert answer["Location"] == here.url(f"plans/{plan.pk}/#practices")
