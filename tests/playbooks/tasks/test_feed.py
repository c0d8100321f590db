"""The calendar feed: who gets it, what stands in it, and that it is valid."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django.asserts import assertNumQueries

from accounts.accounts.models import Account
from csworkspace.people.actions import deactivate_member
from playbooks.notes.models import Attendee, Note
from playbooks.tasks.feed_events import CalendarEvent
from playbooks.tasks.feed_file import calendar_file
from playbooks.tasks.feed_tokens import hash_token, workspace_in
from playbooks.tasks.feeds import make_feed, revoke_feed
from playbooks.tasks.models import CalendarFeed
from tests.kit import BY, WalledClient, client_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import make_occurrence, make_service
from tests.playbooks.tasks.kit import make_task

HOSTILE = "Ring\r\nATTACH:evil\r\nEND:VEVENT\nBEGIN:VALARM; a,b\\c " + "é" * 90


@pytest.fixture(autouse=True)
def empty(clean_cache):
    """No count of wrong tokens from another test."""


def fetch(token):
    return WalledClient().get(f"/calendar/{token}.ics")


def entries(response):
    calendar = Calendar.from_ical(response.content)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_everything_that_is_mine_stands_in_it(here, elsewhere):
    csm, account = here.members["csm"], here.account
    Account.objects.filter(pk=account.pk).update(renewal_on=TODAY + timedelta(days=30))
    task = make_task(account, done_when="She agrees")
    make_task(account, "Theirs", owner=here.members["manager"])
    make_task(account, "Over", state="done")
    make_task(account, "Undated", due_on=None)
    at = timezone.now().replace(microsecond=0) + timedelta(days=2)
    meeting = Note.objects.create(
        account=account, kind="meeting", title="Review", happened_at=at, minutes=90, actor="x"
    )
    Attendee.objects.create(account=account, note=meeting, member=csm, name="x")
    Attendee.objects.create(account=account, note=meeting, member=csm, name="x twice")
    other = Note.objects.create(account=account, kind="call", title="Without me", happened_at=at, actor="x")
    Attendee.objects.create(account=account, note=other, member=here.members["manager"], name="x")
    owed = make_occurrence(account, make_service())
    elsewhere.open()
    make_task(elsewhere.account, "Foreign")
    here.open()
    response = fetch(make_feed(csm, by=BY))
    found = entries(response)
    space = here.workspace.pk
    assert {uid.split("@")[0] for uid in found} == {
        f"task-{task.pk}.{space}",
        f"note-{meeting.pk}.{space}",
        f"service-{owed.pk}.{space}",
        f"renewal-{account.pk}.{space}",
    }
    one = next(event for uid, event in found.items() if uid.startswith("task-"))
    assert (one["SUMMARY"], one["DTSTART"].dt, one["DTEND"].dt) == (
        "Call Ruth (Acme Industries)",
        TODAY,
        TODAY + timedelta(days=1),
    )
    assert str(one["URL"]).endswith(f"/w/northwind/tasks/{task.pk}/")
    met = next(event for uid, event in found.items() if uid.startswith("note-"))
    assert (met["DTSTART"].dt, met["DTEND"].dt) == (at, at + timedelta(minutes=90))


def test_the_answer_is_kept_nowhere_and_sets_no_cookie(here):
    response = fetch(make_feed(here.members["csm"], by=BY))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


def test_only_the_newest_address_works_until_it_is_revoked(here):
    csm = here.members["csm"]
    first = make_feed(csm, by=BY)
    second = make_feed(csm, by=BY)
    assert [fetch(token).status_code for token in (first, second)] == [404, 200]
    assert revoke_feed(csm, by=BY) is True
    assert revoke_feed(csm, by=BY) is False
    assert fetch(second).status_code == 404
    assert CalendarFeed.objects.filter(token_hash=hash_token(second)).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "viewer"}])
def test_who_left_or_became_a_customer_has_none(here, change):
    csm = here.members["csm"]
    token = make_feed(csm, by=BY)
    type(csm).objects.filter(pk=csm.pk).update(**change)
    assert fetch(token).status_code == 404


def test_a_person_whose_sign_in_is_closed_has_none(here):
    csm = here.members["csm"]
    token = make_feed(csm, by=BY)
    csm.user.is_active = False
    csm.user.save()
    assert fetch(token).status_code == 404


def test_a_token_works_in_its_own_workspace_only(here, elsewhere):
    token = make_feed(here.members["csm"], by=BY)
    moved = token.replace(f"csc_{here.workspace.pk}_", f"csc_{elsewhere.workspace.pk}_")
    assert (workspace_in(moved), fetch(moved).status_code) == (elsewhere.workspace.pk, 404)


@pytest.mark.parametrize(
    "token",
    ["x", "csc_1_short", "csc_9999999999999999999_" + "a" * 43, "csc_1_" + "é" * 43, "csc_99_" + "a" * 43],
)
def test_hostile_tokens_all_answer_the_same(here, token):
    answer = fetch(token)
    assert (answer.status_code, answer.text) == (404, "There is no such calendar.\n")


def test_guessing_is_slowed_down(here):
    csm = here.members["csm"]
    dead, good = make_feed(csm, by=BY), make_feed(csm, by=BY)
    assert [fetch(dead).status_code for _ in range(20)] == [404] * 20
    assert [fetch("x").status_code, fetch(dead).status_code] == [429, 429]
    assert fetch(good).status_code == 200, "dead addresses beside a working one do not lock it out"


def test_it_costs_the_same_for_any_number(here):
    token = make_feed(here.members["csm"], by=BY)
    fetch(token)
    for count in (1, 3):
        for number in range(count):
            make_task(here.account, f"T{number}", due_on=ago(number))
        with assertNumQueries(13):
            fetch(token)


def written(*events):
    return calendar_file(
        "Northwind: Me\r\nX:1",
        events,
        host="cs.example",
        space=7,
        now=datetime(2030, 6, 30, 12, 0, 0, 5, tzinfo=UTC),
        address=lambda event: "https://cs.example/x",
    )


def test_hostile_texts_begin_no_property_and_lines_are_folded():
    content = written(
        CalendarEvent("task-1", HOSTILE, f"One\r\nATTACH:two\n{HOSTILE}", "task", 1, day=date(2030, 7, 1))
    )
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    names = {line.split(b":")[0].split(b";")[0] for line in lines if line and not line.startswith(b" ")}
    assert not names & {b"ATTACH", b"BEGIN:VALARM", b"X"}
    calendar = Calendar.from_ical(content)
    event = calendar.walk("VEVENT")[0]
    assert len(calendar.subcomponents) == 1
    assert event.subcomponents == []
    assert sorted(event) == ["DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "SUMMARY", "TRANSP", "UID", "URL"]
    assert str(event["SUMMARY"]) == " ".join(HOSTILE.split())
    assert (str(event["UID"]), event["DTSTAMP"].dt) == (
        "task-1.7@cs.example",
        datetime(2030, 6, 30, 12, tzinfo=UTC),
    )


def test_an_empty_calendar_is_valid():
    calendar = Calendar.from_ical(written())
    assert (calendar["VERSION"], calendar["PRODID"], str(calendar["X-WR-CALNAME"])) == (
        "2.0",
        "-//CS Workspace//Calendar feed//EN",
        "Northwind: Me X:1",
    )


def test_one_gets_ones_address_once(here, elsewhere):
    csm, url = client_of(here.members["csm"]), here.url("tasks/calendar/")
    assert "Make my address" in csm.get(url).text
    csm.post(here.url("tasks/calendar/addresses/"))
    page = csm.get(url)
    address = page.context["address"]
    assert address.split("/calendar/")[1].startswith(f"csc_{here.workspace.pk}_")
    assert page["Cache-Control"] == "no-store"
    assert fetch(address.split("/calendar/")[1].removesuffix(".ics")).status_code == 200
    again = csm.get(url)
    assert (again.context["address"], again.context["used"] != "not yet") == ("", True)
    csm.post(here.url("tasks/calendar/revocations/"))
    assert "Make my address" in csm.get(url).text
    deactivate_member(here.members["manager"], by=BY)
    assert Client().get(url).status_code == 302
