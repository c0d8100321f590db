"""Signals from programs."""

import json

import pytest

from accounts.accounts.models import Account, AccountDomain
from csworkspace.api.keys import hash_key, new_key
from csworkspace.people.models import ApiKey
from playbooks.signals.actions import resolve_signal
from playbooks.signals.models import Signal
from tests.kit import BY, WalledClient

GOOD = {"account": "acme-1", "kind": "risk", "title": "An invoice is overdue", "external_id": "inv-1"}


@pytest.fixture
def key(here):
    Account.objects.filter(pk=here.account.pk).update(external_id="acme-1")
    AccountDomain.objects.create(account=here.account, domain="acme.example", is_main=True)
    text = new_key(here.workspace.pk)
    ApiKey.objects.create(name="billing", key_hash=hash_key(text), hint=text[:8])
    return text


def send(key, body, path="signals"):
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
    return WalledClient().post(f"/api/v1/{path}", data=data, content_type="application/json", **auth)


def test_every_row_gets_its_answer(here, key):
    other = Account.objects.create(name="Other", external_id="other")
    Signal.objects.create(
        account=other, cause="api taken", source="api", kind="risk", title="x", actor="x",
        raised_on="2030-01-01", raised_at="2030-01-01T00:00Z", last_seen_on="2030-01-01",
    )  # fmt: skip
    rows = [
        GOOD,
        GOOD,
        {**GOOD, "account": "Acme.Example", "external_id": "inv-2", "severity": "high",
         "evidence": [{"label": "Overdue", "value": 14, "unit": "days"}]},
        {**GOOD, "account": "nobody"},
        {**GOOD, "kind": "panic"},
        {**GOOD, "titel": "x"},
        {**GOOD, "title": "\u0000 \u202e"},
        {**GOOD, "title": "x" * 301},
        {**GOOD, "external_id": "taken"},
        17,
    ]  # fmt: skip
    answer = send(key, {"signals": rows})
    assert answer.status_code == 200
    body = answer.json()
    first, second = Signal.objects.filter(account=here.account).order_by("pk")
    assert {name: body[name] for name in ("read", "accepted", "updated", "duplicates", "rejected")} == {
        "read": 10, "accepted": 2, "updated": 0, "duplicates": 1, "rejected": 7,
    }  # fmt: skip
    assert [(one["status"], one.get("id"), one.get("field", "")) for one in body["results"]] == [
        ("accepted", first.pk, ""),
        ("duplicate", first.pk, ""),
        ("accepted", second.pk, ""),
        ("rejected", None, "account"),
        ("rejected", None, "kind"),
        ("rejected", None, "titel"),
        ("rejected", None, "title"),
        ("rejected", None, "title"),
        ("rejected", None, "external_id"),
        ("rejected", None, ""),
    ]
    assert [one["reason"] for one in body["results"][3:6]] == [
        "No account has this external id or domain.",
        "Invalid enum value 'panic'.",
        "Object contains unknown field titel.",
    ]
    assert (first.source, first.cause, first.actor) == ("api", "api inv-1", "API key billing")
    assert [(row["label"], row["value"], row["unit"]) for row in second.evidence] == [
        ("Overdue", "14", "days")
    ]


def test_a_signal_that_is_over_is_not_raised_by_the_same_id_again(here, key):
    send(key, {"signals": [GOOD]})
    resolve_signal(Signal.objects.get(), by=BY, outcome="addressed")
    assert send(key, {"signals": [GOOD]}).json()["duplicates"] == 1
    assert Signal.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"signals": [GOOD] * 501}, 413),
        ({"signal": [GOOD]}, 400),
        ({"signals": {}}, 400),
        ("nonsense", 400),
        (b"\xff", 400),
        ([], 400),
    ],
)
def test_a_call_that_cannot_be_read_stores_nothing(here, key, body, status):
    assert send(key, body).status_code == status
    assert Signal.objects.count() == 0


def test_a_key_reaches_its_own_workspace_only(here, elsewhere, key):
    assert send("", {"signals": [GOOD]}).status_code == 401
    elsewhere.open()
    Account.objects.update(external_id="theirs")
    here.open()
    answer = send(key, {"signals": [{**GOOD, "account": "theirs"}]}).json()
    assert (answer["rejected"], Signal.objects.count()) == (1, 0)


@pytest.mark.parametrize("many", [1, 3])
def test_a_constant_number_of_statements(here, key, monkeypatch, django_assert_num_queries, many):
    monkeypatch.setattr("playbooks.signals.standing.announce", lambda *_, **__: None)
    rows = [{**GOOD, "external_id": f"e{n}"} for n in range(many)]
    with django_assert_num_queries(32):
        assert send(key, {"signals": rows}).json()["accepted"] == many
