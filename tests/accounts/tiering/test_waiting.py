"""What waits on the page of suggested tiers: planned days and pins, and cancelling a day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account
from accounts.tiering.actions import Move, cancel_moves, plan_moves
from accounts.tiering.models import TierPlacement
from accounts.tiering.queries import pinned_accounts, planned_days, planned_on, waiting_moves
from csworkspace.audit.models import AuditEntry
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from tests.accounts.tiering.makers import make_tiers, pays
from tests.kit import BY, client_of

SOON, LATER = timedelta(days=10), timedelta(days=20)


@pytest.fixture
def tiers(here, elsewhere):
    elsewhere.open()
    plan(pays("Theirs", 5, tier_pinned=True), make_tiers()["Top"], SOON)
    here.open()
    return make_tiers()


def plan(account, tier, on):
    plan_moves([Move(account.pk, None, tier.pk, "Why")], today() + on, by=BY)


def plan_many(count, tier, on, prefix="Many"):
    accounts = Account.objects.bulk_create(Account(name=f"{prefix} {n:03}") for n in range(count))
    plan_moves([Move(one.pk, None, tier.pk, "Why") for one in accounts], today() + on, by=BY)


def test_a_day_names_twelve_moves_and_counts_the_rest(here, tiers, django_assert_num_queries):
    plan_many(15, tiers["Top"], SOON)
    plan(pays("Alone", 5), tiers["Scalable"], LATER)
    with CaptureQueriesContext(connection) as queries:
        first, second = planned_days()
    assert (first.day, first.count, first.more) == (times.day(today() + SOON), "15 moves", "and 3 more")
    assert first.moves == [f"Many {n:03} to Top" for n in range(12)]
    assert (second.count, second.moves, second.more) == ("1 move", ["Alone to Scalable"], "")
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute(queries[0]["sql"])
        assert len(cursor.fetchall()) == 13


def test_nothing_waits(here):
    assert (planned_days(), pinned_accounts().lines, pinned_accounts().more) == ([], [], "")


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_is_cancelled_in_a_fixed_number_of_queries(here, tiers, count, django_assert_num_queries):
    plan_many(count, tiers["Top"], SOON)
    plan_many(2, tiers["Top"], LATER, "Other")
    day = (today() + SOON).isoformat()
    with django_assert_num_queries(6):
        assert cancel_moves(planned_on(day), by=BY) == count
    assert TierPlacement.objects.filter(is_planned=True).count() == 2
    entries = AuditEntry.objects.filter(verb="cancelled a move").order_by("object_label")
    assert [entry.object_label for entry in entries] == [f"Many {n:03}" for n in range(count)]
    assert entries[0].before == {"tier": "Top", "from": times.day(today() + SOON)}


def test_only_this_workspace_s_day_is_cancelled(here, elsewhere, tiers):
    plan_many(1, tiers["Top"], SOON)
    client = client_of(here.members["manager"])
    values = {"day": (today() + SOON).isoformat()}
    answer = client.post(here.url("settings/tiers/suggestions/cancellations/"), values, follow=True)
    assert "1 planned move cancelled." in answer.content.decode()
    elsewhere.open()
    assert waiting_moves().count() == 1


@pytest.mark.parametrize("day", ["", "x", "2020-01-01", "9999-99-99", "\x00"])
def test_days_that_are_none(here, tiers, day):
    plan_many(1, tiers["Top"], SOON)
    assert cancel_moves(planned_on(day), by=BY) == 0
    assert waiting_moves().count() == 1


def test_pins_beyond_the_page_are_counted(here, tiers):
    Account.objects.bulk_create(Account(name=f"Pin {n:03}", tier_pinned=True) for n in range(203))
    found = pinned_accounts()
    assert (len(found.lines), found.lines[0].name, found.more) == (200, "Pin 000", "and 3 more")
    html = client_of(here.members["manager"]).get(here.url("settings/tiers/suggestions/")).content.decode()
    assert '<p class="muted">and 3 more</p>' in html
    Account.objects.filter(name__gte="Pin 200").delete()
    assert pinned_accounts().more == ""
