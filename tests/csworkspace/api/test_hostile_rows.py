"""Rows with anything in them, at every endpoint: each gets its answer, and the good one beside it is kept."""

import json

import pytest

from accounts.accounts.models import Account
from csworkspace.api.actions import create_key
from tests.kit import BY, WalledClient

SIGNAL = {"account": "acme-1", "kind": "risk", "severity": "high", "title": "x"}
NEWS = {"account": "acme-1", "kind": "funding", "title": "x", "happened_on": "2020-01-01"}
INCIDENT = {"title": "x", "impact": "major", "started_at": "2020-01-01T00:00:00Z"}
EVENT = {"user_email": "ada@acme.example", "feature": "x", "occurred_at": "2020-01-01T00:00:00Z"}
ROWS = [
    ("signals", SIGNAL, {"account": "a\0"}),
    ("signals", SIGNAL, {"external_id": "\0"}),
    ("news", NEWS, {"account": "a\0"}),
    ("news", NEWS, {"link": "https://a.example/\0"}),
    ("news", NEWS, {"link": "https:// \n javascript"}),
    ("news", NEWS, {"link": "javascript:alert(1)"}),
    ("incidents", INCIDENT, {"link": "https://a.example/\0"}),
    ("incidents", INCIDENT, {"title": "\0"}),
    ("incidents", INCIDENT, {"started_at": "0001-01-01T00:00:00+14:00"}),
    ("events", EVENT, {"account": "a\0"}),
    ("events", EVENT, {"feature": "\0"}),
]


@pytest.fixture
def send(here):
    Account.objects.filter(pk=here.account.pk).update(external_id="acme-1")
    key = create_key("Program", by=BY).text

    def act(path, body):
        return WalledClient().post(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )

    return act


@pytest.mark.parametrize(("path", "good", "bad"), ROWS, ids=lambda value: str(value)[:30])
def test_a_hostile_row_is_refused_by_itself(send, path, good, bad):
    name = "event_id" if path == "events" else "external_id"
    rows = [{**good, name: "1", **bad}, {**good, name: "2"}]
    answer = send(path, {path: rows})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["read"], told["rejected"], told["accepted"]) == (2, 1, 1), told


def test_line_breaks_in_features_are_spaces(send):
    row = {**INCIDENT, "external_id": "1", "features": ["\n".join(f"f{i}" for i in range(40))]}
    assert send("incidents", {"incidents": [row]}).json()["accepted"] == 1
    from accounts.incidents.models import Incident

    assert [name[:5] for name in Incident.objects.get().features] == ["f0 f1"]
