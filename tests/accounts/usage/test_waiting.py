from datetime import date
from typing import Any

from accounts.accounts.models import Account, AccountDomain
from accounts.usage.models import Event, TouchedDays
from accounts.usage.waiting import resolve_waiting
from csworkspace.jobs.models import Job
from tests.accounts.usage.kit import add_domain, event, kept, load, ndjson
from tests.kit import BY


def test_events_find_their_account_when_it_appears(here: Any) -> None:
    load(
        ndjson(
            event(1),
            event(2, occurred_at="2025-02-03T00:00:00Z"),
            event(3, account="A-7"),
            event(4, account="Acme.Example"),
            event(5, user_email="x@sub.acme.example"),
            event(6, account="Z-1"),
        )
    )
    assert set(kept().values()) == {None}
    add_domain(here.account)
    Account.objects.filter(pk=here.account.pk).update(external_id="A-7")
    assert resolve_waiting([here.account.pk], BY) == 4
    mine = here.account.pk
    assert kept() == {"e1": mine, "e2": mine, "e3": mine, "e4": mine, "e5": None, "e6": None}
    days = {day for row in TouchedDays.objects.all() for day in row.days}
    assert days == {date(2026, 3, 14), date(2025, 2, 3)}
    assert Job.objects.filter(kind="measure").count() == 1
    assert resolve_waiting([here.account.pk], BY) == 0


def test_an_event_keeps_its_account_when_the_domain_moves(here: Any) -> None:
    add_domain(here.account)
    load(ndjson(event(1)))
    other = Account.objects.create(name="Other")
    AccountDomain.objects.update(account=other)
    assert resolve_waiting([other.pk], BY) == 0
    load(ndjson(event(2)))
    assert kept() == {"e1": here.account.pk, "e2": other.pk}


def test_an_unknown_explicit_account_waits_although_the_domain_is_known(here: Any) -> None:
    add_domain(here.account)
    load(ndjson(event(1, account="nobody")))
    assert kept() == {"e1": None}
    assert resolve_waiting([here.account.pk], BY) == 0


def test_accounts_of_the_lookalike_get_nothing(here: Any, elsewhere: Any) -> None:
    load(ndjson(event(1)))
    elsewhere.open()
    add_domain(elsewhere.account)
    assert resolve_waiting([elsewhere.account.pk], BY) == 0
    here.open()
    assert Event.objects.get().account_id is None
