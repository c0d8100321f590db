"""Who owes a service, from when on, and what the clock tells: owners, customers, days, logged deliveries."""

from datetime import date

import pytest

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.tiering.models import TierPlacement
from csworkspace.people.models import Membership
from csworkspace.web.versions import Conflict
from playbooks.services import actions
from playbooks.services.models import ServiceOccurrence
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import (
    generate,
    make_occurrence,
    make_service,
    make_tier,
    periods,
    place,
    promise,
)

LONG_BEFORE = date(2020, 1, 1)


@pytest.fixture
def top(here):
    """The account of `here` in a tier that promises a QBR a quarter, for long."""
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service(), 1, "quarter")])
    place(here.account, tier, LONG_BEFORE)
    return tier


@pytest.mark.parametrize(
    ("since", "owed"),
    [
        (None, ["2030-Q1", "2030-Q2", "2030-Q3"]),
        (date(2030, 5, 16), ["2030-Q2", "2030-Q3"]),  # the middle of the quarter's 91 days
        (date(2030, 5, 17), ["2030-Q3"]),
        (date(2030, 8, 20), []),
    ],
)
def test_nothing_is_owed_before_an_account_is_a_customer(here, top, since, owed):
    Account.objects.update(customer_since=since)
    generate()
    assert [key for key in periods() if key > "2030"] == owed


def test_a_new_day_tells_the_accounts_whose_standing_it_changes(here, top, monkeypatch):
    told = []
    monkeypatch.setattr(
        "playbooks.services.generating.announce", lambda event, *, by, **args: told.append((event, args))
    )
    other = Account.objects.create(name="Other")
    generate(here.account, other)
    BookRow.objects.filter(account=here.account).update(services_late=3)
    generate(here.account, other)
    generate(here.account, other)
    ids = {"account_ids": [here.account.pk]}
    assert told == [("services.changed", ids), ("book.changed", ids)]


@pytest.fixture
def given(here, top):
    """The service of the running quarter, given to the manager."""
    generate()
    one = ServiceOccurrence.objects.get(period="2030-Q2")
    return actions.reassign_service(one, by=BY, owner=here.members["manager"])


def owner_of(one):
    """Whose it is, and whether that was chosen."""
    one.refresh_from_db()
    return one.owner, one.is_reassigned


def test_a_service_leaves_a_colleague_who_has_left(here, given):
    generate()
    assert owner_of(given) == (here.members["manager"], True)
    Membership.objects.filter(pk=here.members["manager"].pk).update(is_active=False)
    generate()
    assert owner_of(given) == (here.members["csm"], False)


def test_a_service_follows_again_once_the_account_came_to_the_same_colleague(here, given):
    for name in ("manager", "admin"):
        Account.objects.update(owner=here.members[name])
        generate()
        assert owner_of(given) == (here.members[name], False)


def test_a_service_that_was_given_to_nobody_stays_nobodys(here, given):
    actions.reassign_service(given, by=BY, owner=None)
    generate()
    assert owner_of(given) == (None, True)


def test_a_service_is_not_taken_from_who_got_it_meanwhile(here, given):
    csm, manager = here.members["csm"], here.members["manager"]
    for seen in (csm.pk, 0):
        with pytest.raises(Conflict, match=f"given to {manager} meanwhile"):
            actions.reassign_service(given, by=BY, owner=csm, seen=seen)
    actions.reassign_service(given, by=BY, owner=None, seen=manager.pk)
    with pytest.raises(Conflict, match="given to nobody meanwhile"):
        actions.reassign_service(given, by=BY, owner=csm, seen=manager.pk)
    assert actions.reassign_service(given, by=BY, owner=csm, seen=0).owner == csm


def test_the_page_sends_whose_service_it_was(here, given):
    manager, csm = here.members["manager"], here.members["csm"]
    client, url = client_of(manager), here.url(f"occurrences/{given.pk}/")
    page = client.get(url)
    assert page.context["forms"]["assignment"]["seen"].value() == manager.pk
    assert page.text.count(f'<input type="hidden" name="seen" value="{manager.pk}"') == 1
    assert client.post(f"{url}assignments/", {"owner": csm.pk, "seen": csm.pk}).status_code == 409
    here.open()
    assert owner_of(given) == (manager, True)


def missed(here, service):
    """Owed a year ago, and missed for long."""
    return make_occurrence(
        here.account, service, period="2029-Q2", starts_on=date(2029, 4, 1), due_on=date(2029, 6, 30),
        missed_after=date(2029, 9, 29),
    )  # fmt: skip


def test_a_logged_delivery_goes_to_what_is_open_before_what_was_missed(here):
    service = make_service()
    old, now = missed(here, service), make_occurrence(here.account, service)
    done = [actions.deliver_next(here.account, service, by=BY, delivered_on=TODAY) for _ in range(2)]
    assert done == [now, old]


def test_a_delivery_of_then_goes_to_what_was_open_then(here):
    service = make_service()
    old, _ = missed(here, service), make_occurrence(here.account, service)
    done = actions.deliver_next(here.account, service, by=BY, delivered_on=date(2029, 6, 1))
    assert done == old


def test_a_shorter_cadence_is_owed_beside_the_longer_period_that_began_before(here):
    tier, mail = make_tier(), make_service("Mail", "other")
    promise(tier, LONG_BEFORE, [(mail, 1, "quarter")])
    place(here.account, tier, ago(60))
    TierPlacement.objects.update(since=date(2030, 4, 1))
    promise(tier, date(2030, 4, 10), [(mail, 1, "month")], number=2)
    generate(until=TODAY)
    # The quarter's one stands for April: three in the quarter, as many as the new cadence promises.
    assert periods(service=mail) == ["2030-05", "2030-06", "2030-Q2"]
