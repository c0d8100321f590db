"""Workspaces, accounts and events for benchmarks: made up, deterministic."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

FEATURES = [f"product{p}.area{a}" for p in range(6) for a in range(30)]


def make_workspace(slug: str, accounts: int) -> tuple[int, list[int]]:
    """A workspace with accounts whose domains are a0.example, a1.example, …: its id and theirs."""
    from django.db import transaction

    from accounts.accounts.models import Account, AccountDomain
    from accounts.book.actions import refresh_book
    from csworkspace.tenancy.actions import create_workspace

    with transaction.atomic():
        workspace = create_workspace(slug.title(), slug)
        made = Account.objects.bulk_create([Account(name=f"Account {n}") for n in range(accounts)])
        AccountDomain.objects.bulk_create(
            [AccountDomain(account=a, domain=f"a{n}.example", is_main=True) for n, a in enumerate(made)]
        )
        refresh_book()
    return workspace.pk, [account.pk for account in made]


def make_events(
    count: int, *, accounts: int, seed: int, days: int = 730, first_account: int = 0
) -> Iterator[dict[str, Any]]:
    """Events of about two years in the order of time, three quarters of them of known accounts."""
    chance = random.Random(seed)
    start = datetime(2024, 6, 1, tzinfo=UTC)
    step = timedelta(days=days) / count
    for number in range(count):
        known = first_account + chance.randrange(accounts)
        domain = f"a{known}.example" if chance.random() < 0.75 else "free.example"
        at = (start + step * number).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield {
            "event_id": f"{chance.getrandbits(64):016x}",
            "occurred_at": at,
            "received_at": at,
            "user_email": f"u{chance.randrange(40)}@{domain}",
            "user_name": f"User {chance.randrange(1000)}",
            "feature": FEATURES[int(chance.random() ** 2 * len(FEATURES))],
            "quantity": chance.randrange(1, 30),
        }


def ndjson(events: Iterator[dict[str, Any]]) -> bytes:
    """Events as NDJSON."""
    return b"\n".join(map(msgspec.json.encode, events)) + b"\n"
