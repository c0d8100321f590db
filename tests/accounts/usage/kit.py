"""Events and files for the tests of usage."""

import io
import json
from typing import Any

from accounts.accounts.models import Account, AccountDomain
from accounts.imports.models import Batch
from accounts.usage.actions import ingest_file, open_batch
from accounts.usage.mapping import DEFAULT
from accounts.usage.models import Event
from tests.kit import BY


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A good event of Acme; None leaves a field out."""
    given = {
        "event_id": f"e{number}",
        "occurred_at": "2026-03-14T09:05:00Z",
        "user_email": f"u{number}@acme.example",
        "feature": "reports.export",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def ndjson(*events: Any) -> bytes:
    """Events (or raw lines) as a file."""
    return b"\n".join(e if isinstance(e, bytes) else json.dumps(e).encode() for e in events)


def load(content: bytes, name: str = "events.ndjson", mapping: Any = DEFAULT) -> Batch:
    """Load a file's content into the open workspace."""
    batch = open_batch(name, mapping, by=BY)
    ingest_file(batch, io.BytesIO(content))
    return batch


def figures(batch: Batch) -> tuple[int, int, int, int, int]:
    """read, accepted, duplicates, rejected, unresolved."""
    batch.refresh_from_db()
    return batch.read, batch.accepted, batch.duplicates, batch.rejected, batch.unresolved


def add_domain(account: Account, domain: str = "acme.example") -> None:
    """Give an account a domain without any further effect."""
    AccountDomain.objects.create(account=account, domain=domain)


def kept() -> dict[str, int | None]:
    """{event id: account id} of every event in the open workspace."""
    return dict(Event.objects.values_list("event_id", "account_id"))
