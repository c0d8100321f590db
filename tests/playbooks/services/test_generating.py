"""What is owed by promise: made once, changed before it begins, kept afterwards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account, Stage
from accounts.book.models import NEVER, BookRow
from accounts.tiering.models import TierPlacement
from csworkspace.audit.models import AuditEntry
from playbooks.services.generating import CHURNED, MOVED
from playbooks.services.models import ServiceOccurrence
from playbooks.services.periods import ONCE_LENGTH_DAYS, missed_after
from playbooks.services.wanted import BACKFILL_DAYS
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import (
    generate,
    make_occurrence,
    make_service,
    make_tier,
    onboarding_part,
    override,
    periods,
    place,
    promise,
    renewal_part,
)

LONG_BEFORE = date(2020, 1, 1)


@pytest.fixture
def top(here):
    """The account of `here` in a tier that promises a QBR a quarter, for long."""
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service(), 1, "quarter")])
    place(here.account, tier, LONG_BEFORE)
    return tier


def test_one_occurrence_per_account_service_and_period(here, elsewhere, top):
    assert generate() == 6
    assert periods() == ["2029-Q2", "2029-Q3", "2029-Q4", "2030-Q1", "2030-Q2", "2030-Q3"]
    one = ServiceOccurrence.objects.get(period="2030-Q2")
    assert (one.starts_on, one.due_on, one.grace_days, one.missed_after, one.hours, one.tier, one.owner) == (
        date(2030, 4, 1),
        TODAY,
        14,
        date(2030, 9, 29),
        Decimal(2),
        top,
        here.members["csm"],
    )
    assert (generate(), generate(here.account)) == (0, 0)
    elsewhere.open()
    assert ServiceOccurrence.objects.count() == 0


def test_another_workspaces_accounts_are_not_touched_by_their_ids(here, elsewhere, top):
    assert generate(elsewhere.account) == 0
    elsewhere.open()
    assert generate(here.account) == 0


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2030-01-01", "2030-Q1"),
        ("2030-02-14", "2030-Q1"),  # the middle of 90 days is the 45th
        ("2030-02-15", "2030-Q2"),
        ("2030-05-16", "2030-Q2"),  # the middle of 91 days is the 46th
        ("2030-05-17", "2030-Q3"),
    ],
)
def test_who_comes_in_during_the_first_half_owes_it_later_ones_begin_with_the_next(here, since, first):
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service(), 1, "quarter")])
    place(here.account, tier, date.fromisoformat(since))
    generate()
    assert periods()[0] == first


def test_each_part_of_a_split_period_has_its_own_first_half(here):
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service(), 3, "quarter")])
    place(here.account, tier, date(2030, 5, 10))
    generate(until=TODAY)
    # Parts of Q2: 1 to 30 April, 1 to 30 May (middle 15 May), 31 May to 30 June.
    assert periods() == ["2030-Q2/2", "2030-Q2/3"]


def test_nothing_is_owed_before_the_tiers_first_version(here):
    tier = make_tier()
    promise(tier, date(2030, 4, 1), [(make_service(), 1, "quarter")])
    place(here.account, tier, LONG_BEFORE)
    generate()
    assert periods() == ["2030-Q2", "2030-Q3"]


def test_filling_in_goes_back_so_far_and_no_further(here, top):
    generate()
    first = ServiceOccurrence.objects.order_by("due_on").first()
    assert first.due_on >= TODAY - timedelta(days=BACKFILL_DAYS) > first.starts_on - timedelta(days=92)


def test_a_change_in_mid_period_leaves_what_was_owed(here, top):
    qbr, weekly = top.versions.get().levels.get().service, make_service("Call", "other")
    generate()
    promise(top, ago(20), [(weekly, 1, "week")], number=2)
    generate()
    assert periods(service=qbr)[-1] == "2030-Q2"  # Q3 had not begun and is not promised any more
    assert periods(service=weekly)[0] == "2030-W24"  # began 10 June, the day of the version
    assert ago(20) == date(2030, 6, 10)


def test_terms_that_change_before_a_period_begins_change_what_is_owed(here, top):
    service = top.versions.get().levels.get().service
    generate()
    promise(top, date(2030, 7, 1), [(service, 1, "quarter")], number=2, hours=Decimal(5), grace_days=3)
    assert generate() == 1
    terms = ServiceOccurrence.objects.order_by("due_on").values_list("period", "hours", "grace_days")
    assert list(terms)[-2:] == [("2030-Q2", Decimal(2), 14), ("2030-Q3", Decimal(5), 3)]


def test_another_tier_in_mid_period_counts_from_the_next_period(here, top):
    lower = make_tier("Scalable", 2)
    promise(lower, LONG_BEFORE, [(make_service("Webinar", "training"), 1, "month")])
    generate()
    place(here.account, lower, ago(20))
    generate()
    # June was half over on the tenth: the 15th, its middle, finds the new promise.
    assert periods(service__name="Webinar") == ["2030-06", "2030-07"]
    assert periods(service__name="QBR")[-1] == "2030-Q2"
    assert ServiceOccurrence.objects.get(period="2030-Q2").tier == top


def test_planned_move_counts_for_periods_that_begin_after_it(here, top):
    TierPlacement.objects.create(account=here.account, tier=None, since=date(2030, 7, 1), actor="Test")
    generate()
    assert periods()[-1] == "2030-Q2"


def test_own_terms_replace_the_tiers_and_end(here, top):
    service = top.versions.get().levels.get().service
    override(here, service, date(2030, 1, 1), date(2030, 3, 31))
    override(here, service, date(2030, 2, 1), date(2030, 2, 28), is_owed=False)
    generate()
    assert periods(due_on__gte=date(2030, 1, 1)) == ["2030-01", "2030-03", "2030-Q2", "2030-Q3"]
    assert ServiceOccurrence.objects.get(period="2030-01").tier is None


def test_what_an_account_does_not_want_is_not_owed(here, top):
    generate()
    override(here, top.versions.get().levels.get().service, TODAY, is_owed=False)
    assert generate() == 1
    assert periods()[-1] == "2030-Q2"


def test_onboarding_and_renewals_are_owed_around_their_dates(here):
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service("Kick-off", "kickoff"), 1, "onboarding")])
    promise(tier, LONG_BEFORE + timedelta(days=1), [
        (make_service("Plan", "other"), 1, "renewal"),
        (make_service("Start", "kickoff"), 1, "onboarding"),
    ], number=2)  # fmt: skip
    place(here.account, tier, ago(20))
    Account.objects.update(customer_since=ago(30), renewal_on=ago(-45))
    generate()
    found = ServiceOccurrence.objects.order_by("due_on").values_list(
        "period", "starts_on", "due_on", "missed_after"
    )
    first, renewal = onboarding_part(ago(30)), renewal_part(ago(-45))
    assert list(found) == [
        (part.key, part.starts_on, part.ends_on, missed_after(part.ends_on, ONCE_LENGTH_DAYS, 14))
        for part in (first, renewal)
    ]


def test_old_customers_and_far_renewals_owe_nothing_once(here):
    tier = make_tier()
    levels = [
        (make_service("Kick-off", "kickoff"), 1, "onboarding"),
        (make_service("Plan", "other"), 1, "renewal"),
    ]
    promise(tier, LONG_BEFORE, levels)
    place(here.account, tier, ago(20))
    Account.objects.update(customer_since=ago(36), renewal_on=ago(-130))
    assert generate() == 0
    Account.objects.update(customer_since=date(1, 1, 1), renewal_on=date(9999, 12, 31))
    assert generate() == 0


def test_a_renewal_that_moves_before_its_time_is_owed_at_its_new_date(here):
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service("Plan", "other"), 1, "renewal")])
    place(here.account, tier, LONG_BEFORE)
    Account.objects.update(renewal_on=ago(-60))
    generate()
    Account.objects.update(renewal_on=ago(-80))
    generate()
    rows = ServiceOccurrence.objects.order_by("id").values_list("period", "waived_reason")
    assert list(rows) == [(f"renewal {ago(-60)}", MOVED), (f"renewal {ago(-80)}", "")]


def test_who_churns_owes_nothing_new_and_what_is_open_is_waived(here, top):
    generate()
    late = make_occurrence(here.account, make_service("Call", "other"), due_on=ago(20), starts_on=ago(50))
    Account.objects.update(stage=Stage.CHURNED)
    assert generate() == 2
    assert periods()[-1] == "2030-Q2"
    waived = ServiceOccurrence.objects.exclude(waived_at=None).get()
    assert (waived.period, waived.waived_reason) == ("2030-Q2", CHURNED)
    late.refresh_from_db()
    assert late.waived_at is None
    entry = AuditEntry.objects.get(object_type="serviceoccurrence")
    assert (entry.verb, entry.object_id, entry.object_label) == ("waived", waived.pk, "QBR, Q2 2030")


def test_who_comes_back_after_long_does_not_owe_the_time_away(here, top):
    make_occurrence(here.account, top.versions.get().levels.get().service, period="2029-Q1", due_on=ago(456))
    generate()
    assert periods() == ["2029-Q1", "2030-Q2", "2030-Q3"]


def test_open_ones_follow_the_accounts_owner_unless_given_to_somebody(here, top):
    generate()
    ServiceOccurrence.objects.filter(period="2029-Q4").update(delivered_on=ago(200))
    admin, csm = here.members["admin"], here.members["csm"]
    ServiceOccurrence.objects.filter(period="2030-Q3").update(
        is_reassigned=True, owner=here.members["manager"]
    )
    Account.objects.update(owner=admin)
    generate()
    owners = ServiceOccurrence.objects.order_by("due_on").values_list("period", "owner")
    assert list(owners) == [
        ("2029-Q2", csm.pk),  # missed
        ("2029-Q3", csm.pk),  # missed
        ("2029-Q4", csm.pk),  # delivered
        ("2030-Q1", csm.pk),  # missed since yesterday
        ("2030-Q2", admin.pk),
        ("2030-Q3", here.members["manager"].pk),
    ]


def test_response_times_make_no_occurrences(here):
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service("Answer", "response"), 1, "month")], response_hours=Decimal(4))
    place(here.account, tier, LONG_BEFORE)
    assert generate() == 0


def test_the_book_knows_what_is_next_late_and_kept(here, top):
    generate()
    ServiceOccurrence.objects.filter(period="2029-Q3").update(delivered_on=date(2029, 9, 1))
    ServiceOccurrence.objects.filter(period="2029-Q4").update(delivered_on=date(2030, 2, 1))
    ServiceOccurrence.objects.filter(period="2030-Q2").update(delivered_on=ago(3))
    make_occurrence(here.account, make_service("Call", "other"), due_on=ago(20))
    generate()
    row = BookRow.objects.get()
    # Of four quarters two in time, one delivered late, one missed; and one call is late.
    assert (row.next_owed_on, row.services_late, row.attainment) == (ago(20), 1, 40)
    ServiceOccurrence.objects.all().delete()
    Account.objects.update(stage=Stage.CHURNED)
    generate()
    row.refresh_from_db()
    assert (row.next_owed_on, row.services_late, row.attainment) == (NEVER, 0, -1)


def test_changes_are_announced_with_their_accounts(here, top, monkeypatch):
    told = []
    monkeypatch.setattr(
        "playbooks.services.generating.announce", lambda event, *, by, **args: told.append((event, args))
    )
    other = Account.objects.create(name="Other")
    generate(here.account, other)
    generate(here.account, other)
    assert told == [("services.changed", {"account_ids": [here.account.pk]})]


def test_statements_do_not_grow_with_accounts(here, top):
    generate()
    with CaptureQueriesContext(connection) as one:
        generate(here.account)
    more = [Account.objects.create(name=f"A {n}") for n in range(3)]
    for account in more:
        place(account, top, LONG_BEFORE)
    generate(*more)
    with CaptureQueriesContext(connection) as three:
        generate(*more)
    assert (len(one), len(three)) == (STATEMENTS, STATEMENTS)


STATEMENTS = 18
