import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.accounts.models import Account, AccountDomain
from accounts.imports.models import Batch, Reject
from accounts.usage.models import Event, EventKey, TouchedDays
from csworkspace.api.keys import hash_key, new_key
from csworkspace.jobs.models import Job
from csworkspace.people.models import ApiKey
from tests.kit import WalledClient

GOOD = {
    "event_id": "e1",
    "occurred_at": "2026-03-14T09:05:00Z",
    "user_email": "Ada@Acme.example",
    "feature": "reports.export",
}


@pytest.fixture
def key(here: Any) -> str:
    AccountDomain.objects.create(account=here.account, domain="acme.example", is_main=True)
    text = new_key(here.workspace.pk)
    ApiKey.objects.create(name="product", key_hash=hash_key(text), hint=text[:8])
    return text


def send(key: str, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
    return WalledClient().post(
        "/api/v1/events", data=data, content_type="application/json", **auth, **headers
    )


def test_every_row_gets_its_result(here: Any, key: str) -> None:
    rows = [
        GOOD,
        GOOD,
        {**GOOD, "event_id": "e2", "user_email": "x@elsewhere.example"},
        {**GOOD, "event_id": "e3", "quantity": -4},
        {**GOOD, "event_id": "e4", "quantity": 2.5},
        {"event_id": "e5"},
        17,
    ]
    answer = send(key, {"events": rows})
    assert answer.status_code == 200
    body = answer.json()
    batch = Batch.objects.get()
    assert body == {
        "batch": batch.pk,
        "read": 7,
        "accepted": 3,
        "duplicates": 1,
        "rejected": 3,
        "unresolved": 1,
        "results": [
            {"index": 0, "status": "accepted"},
            {"index": 1, "status": "duplicate"},
            {"index": 2, "status": "unresolved"},
            {
                "index": 3,
                "status": "rejected",
                "field": "quantity",
                "reason": "-4 is negative; an event cannot be taken back",
            },
            {"index": 4, "status": "accepted"},
            {
                "index": 5,
                "status": "rejected",
                "field": "occurred_at",
                "reason": "is missing; every event needs one",
            },
            {
                "index": 6,
                "status": "rejected",
                "field": "",
                "reason": "has the wrong type (expected one JSON object, got int)",
            },
        ],
    }
    assert list(Reject.objects.order_by("row").values_list("row", flat=True)) == [4, 6, 7]
    kept = {e.event_id: e for e in Event.objects.all()}
    assert {name: e.account_id for name, e in kept.items()} == {
        "e1": here.account.pk,
        "e2": None,
        "e4": here.account.pk,
    }
    assert (kept["e4"].quantity, kept["e1"].user_key) == (2.5, "ada@acme.example")
    assert {t.account_id for t in TouchedDays.objects.all()} == {here.account.pk}
    assert Job.objects.filter(kind="measure").count() == 1


def test_a_repeated_call_changes_nothing(here: Any, key: str) -> None:
    assert send(key, {"events": [GOOD]}).json()["accepted"] == 1
    changed = {**GOOD, "occurred_at": "2025-01-01T00:00:00Z", "feature": "other"}
    again = send(key, {"events": [changed]}).json()
    assert (again["accepted"], again["duplicates"]) == (0, 1)
    assert [e.feature for e in Event.objects.all()] == ["reports.export"]
    assert EventKey.objects.count() == 1


def test_an_explicit_account_outweighs_the_address(here: Any, key: str) -> None:
    Account.objects.filter(pk=here.account.pk).update(external_id="A-1")
    rows = [
        {**GOOD, "event_id": "by id", "account": "A-1", "user_email": "u-7"},
        {**GOOD, "event_id": "by domain", "account": "ACME.example", "user_email": "u-7"},
        {**GOOD, "event_id": "unknown", "account": "B-2"},
        {**GOOD, "event_id": "number", "account": 7, "user_email": 8},
    ]
    statuses = [r["status"] for r in send(key, {"events": rows}).json()["results"]]
    assert statuses == ["accepted", "accepted", "unresolved", "unresolved"]
    keys = dict(Event.objects.values_list("event_id", "account_key"))
    assert keys == {
        "by id": "id:A-1",
        "by domain": "id:ACME.example",
        "unknown": "id:B-2",
        "number": "id:7",
    }


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "truncated"),
        (b"[]", 400, "Expected `object`"),
        (b"{}", 400, "missing required field `events`"),
        (b'{"events": 1}', 400, "Expected `array`"),
        (b'{"events": [\xff]}', 400, "malformed"),
        (b'{"events": ' + b"[" * 100_000, 400, ""),
        (json.dumps({"events": [{}] * 5_001}).encode(), 413, "at most 5,000"),
        (b'{"events": [' + b" " * 20_971_521 + b"]}", 413, "send it in parts"),
    ],
)
def test_a_body_that_cannot_be_used_stores_nothing(key: str, body: bytes, status: int, words: str) -> None:
    answer = send(key, body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert not Batch.objects.exists()


def test_no_events_are_no_mistake(key: str) -> None:
    assert send(key, {"events": []}).json()["results"] == []


@pytest.mark.parametrize("text", ["", "nonsense", "csw_1_" + "a" * 43, "csw_999999_" + "a" * 43])
def test_without_a_valid_key_nothing_is_taken(here: Any, text: str) -> None:
    answer = send(text, {"events": [GOOD]})
    assert answer.status_code == 401
    assert not Event.objects.exists()


def test_a_revoked_key_is_refused(here: Any, key: str) -> None:
    from django.utils import timezone

    ApiKey.objects.update(revoked_at=timezone.now())
    assert send(key, {"events": [GOOD]}).status_code == 401


def test_the_lookalike_sees_nothing_of_it(here: Any, elsewhere: Any, key: str) -> None:
    send(key, {"events": [GOOD]})
    elsewhere.open()
    assert (Event.objects.count(), EventKey.objects.count(), Batch.objects.count()) == (0, 0, 0)
    theirs = new_key(elsewhere.workspace.pk)
    ApiKey.objects.create(name="theirs", key_hash=hash_key(theirs), hint=theirs[:8])
    assert send(theirs, {"events": [GOOD]}).json()["unresolved"] == 1


def test_the_schema_describes_the_call(db: None) -> None:
    schema = Client().get("/api/v1/schema", headers={"accept": "application/json"}).json()
    assert schema["openapi"] == "3.1.1"
    call = schema["paths"]["/api/v1/events"]["post"]
    assert set(call["responses"]) == {"200", "400", "401", "413"}
    assert call["security"] == [{"apiKey": []}]
    assert schema["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


def test_the_schema_has_no_warnings(db: None, tmp_path: Path) -> None:
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert (tmp_path / "schema.yml").read_text().startswith("openapi: 3.1")
