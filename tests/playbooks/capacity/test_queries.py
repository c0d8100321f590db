"""Reading the state: what counts, what does not, and how many queries it takes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.accounts.actions import change_owner, edit_account
from accounts.changes.actions import apply_changes, undo_changes
from accounts.changes.fields import Change
from accounts.tiering.models import ServiceOverride, TierPlacement
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import Membership
from playbooks.capacity.models import Absence
from playbooks.capacity.queries import owned_since, read_state
from tests.kit import BY
from tests.playbooks.capacity.kit import D, hire, promise, sign, terms
from tests.playbooks.kit import TODAY

STATE_QUERIES = 16
LONG_AGO = date(2020, 1, 1)
ZERO = (0,) * 5


@pytest.fixture
def priya(here):
    """A CSM beside the usual one, whose account has no tier."""
    return hire(here, "Priya")


def hours(found, owner):
    return found.loads[owner.pk if owner else None].hours


def test_accounts_of_this_workspace_count_and_churned_ones_do_not(here, elsewhere, priya):
    tier, _ = promise()
    sign(2, priya, tier)
    sign(1, priya, tier, name="Gone", stage="churned")
    found = read_state(TODAY)
    assert [(csm.name, csm.note) for csm in found.csms.values()] == [
        ("Csm of Northwind", "usual hours"),
        ("Priya", "usual hours"),
    ]
    assert (found.loads[priya.pk].accounts, hours(found, priya)) == (2, (32,) * 5)
    assert found.has(priya.pk) == (D("331.5"),) * 5
    elsewhere.open()
    assert [row.name for row in read_state(TODAY).accounts.values()] == ["Acme Industries"]


def test_capacity_and_absences_of_each_quarter(here):
    helen = hire(here, "Helen", 20)
    Absence.objects.create(membership=helen, starts_on=date(2030, 7, 1), ends_on=date(2030, 12, 31))
    found = read_state(TODAY)
    half = D("165.75")
    assert found.has(helen.pk) == (half, 0, 0, half, half)


def test_owners_without_access_are_shown_without_hours(here, priya):
    tier, _ = promise()
    sign(1, priya, tier)
    sign(1, here.members["manager"], tier, name="Boss")
    Membership.objects.filter(pk=priya.pk).update(is_active=False)
    found = read_state(TODAY)
    assert {csm.name: (csm.note, csm.hours[0]) for csm in found.csms.values()} == {
        "Csm of Northwind": ("usual hours", D("331.5")),
        "Manager of Northwind": ("usual hours", D("331.5")),
        "Priya": ("no access any more", 0),
    }


def test_planned_moves_and_later_terms_count_from_their_quarter(here, priya):
    from accounts.tiers.actions import set_terms

    top, review = promise()
    rest, _ = promise("Rest", 2, 2)
    (one,) = sign(1, priya, top)
    TierPlacement.objects.create(account=one, tier=rest, since=date(2030, 8, 1), is_planned=True, actor="x")
    TierPlacement.objects.create(account=one, tier=top, since=date(2031, 1, 1), is_planned=True, actor="x")
    later = terms(review.pk, hours=10, service=review.name)
    set_terms(top, by=BY, starts_on=date(2031, 4, 1), terms=[later])
    assert hours(read_state(TODAY), priya) == (16, 2, 2, 16, 10)


def test_overrides_count_while_they_hold(here, priya):
    top, review = promise()
    one, other = sign(2, priya, top)
    common = {"service": review, "hours": D(4), "reason": "r", "actor": "x", "per": "quarter"}
    ServiceOverride.objects.create(account=one, starts_on=TODAY, ends_on=date(2030, 12, 31), **common)
    ServiceOverride.objects.create(account=other, starts_on=TODAY, is_owed=False, **common)
    assert hours(read_state(TODAY), priya) == (4, 4, 4, 16, 16)


def test_state_takes_a_constant_number_of_queries(here, priya, django_assert_num_queries):
    tier, _ = promise()
    sign(1, priya, tier)
    with django_assert_num_queries(STATE_QUERIES):
        read_state(TODAY)
    for name in ("Helen", "Jonas", "Nora"):
        member = hire(here, name, 30)
        made = sign(3, member, tier, name=name)
        Absence.objects.create(membership=member, starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
        TierPlacement.objects.create(
            account=made[0], tier=None, since=date(2030, 9, 1), is_planned=True, actor="x"
        )
    with django_assert_num_queries(STATE_QUERIES):
        assert len(read_state(TODAY).accounts) == 11


def test_relationship_begins_with_the_last_change_of_owner(here, elsewhere, priya, django_assert_num_queries):
    csm = here.members["csm"]
    bulk, by_hand, nobodys, gone, kept = sign(5, csm, None)
    moves = [Change(one.pk, "owner", csm.pk, priya.pk) for one in (bulk, nobodys, gone)]
    apply_changes("bulk", "Assign", moves, by=BY)
    change_owner(by_hand, by=BY, owner=priya)
    edit_account(kept, by=BY, name="Renamed")
    edit_account(nobodys, by=BY, owner=None)
    edit_account(gone, by=BY, stage="churned")
    with django_assert_num_queries(2):
        assert sorted(owned_since(LONG_AGO)) == [bulk.pk, by_hand.pk]
    assert owned_since(TODAY) == {}
    elsewhere.open()
    assert owned_since(LONG_AGO) == {}


def test_relationship_begins_on_the_day_of_the_workspace(here, priya):
    here.workspace.timezone = "Pacific/Auckland"
    here.workspace.save()
    (one,) = sign(1, priya, None)
    AuditEntry.objects.create(
        at=datetime(2029, 6, 1, 20, tzinfo=UTC),
        verb="edited",
        object_type="account",
        object_id=one.pk,
        before={"owner": None},
        after={"owner": "Priya"},
    )
    assert owned_since(date(2029, 6, 2)) == {one.pk: date(2029, 6, 2)}
    assert owned_since(date(2029, 6, 3)) == {}


def test_relationship_survives_a_scenario_that_was_undone(here, priya):
    (one,) = sign(1, priya, None)
    away = apply_changes("scenario", "Try", [Change(one.pk, "owner", priya.pk, None)], by=BY)
    undo_changes(away, by=BY)
    assert owned_since(LONG_AGO) == {}
