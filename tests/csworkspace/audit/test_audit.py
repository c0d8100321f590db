"""The audit log: written with the change, never rewritten, read by admins."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.audit.models import AuditEntry
from csworkspace.audit.queries import Wanted, changes_of, find_entries, history_of
from csworkspace.tenancy.database import open_workspace
from tests.kit import BY, client_of

ADA = Actor("Ada <b>Admin</b>", "198.51.100.7", user_id=41)
BEN = Actor("Ben", "api", user_id=42)


def test_only_what_differs_is_kept_and_in_plain_values(here):
    entry = record(
        "edited",
        here.account,
        by=ADA,
        before={"arr": Decimal("10.50"), "due": date(2026, 1, 2), "same": 1},
        after={"arr": Decimal("11"), "due": None, "same": 1, "tags": {"x"}},
    )
    entry.refresh_from_db()
    assert entry.before == {"arr": "10.50", "due": "2026-01-02"}
    assert entry.after == {"arr": "11", "due": None, "tags": ["x"]}
    assert (entry.object_type, entry.object_id, entry.object_label) == (
        "account",
        here.account.pk,
        "Acme Industries",
    )
    assert (entry.actor_id, entry.origin) == (41, "198.51.100.7")


def test_the_app_can_neither_change_nor_remove_an_entry(here):
    entry = record("edited", here.account, by=BY)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="x")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        entry.delete()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        entry.save()


def test_an_entry_goes_with_its_change(here):
    with transaction.atomic():
        record("edited", here.account, by=BY)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 0


def fill(here, elsewhere) -> None:
    with open_workspace(elsewhere.workspace.pk):
        record("edited", elsewhere.account, by=ADA)
    record("made", here.account, by=ADA, after={"name": "Acme"})
    record("edited", here.account, by=BEN, before={"name": "Acme"}, after={"name": "<i>Acme</i>"})
    record("closed", here.members["csm"], by=BEN)


@pytest.mark.parametrize(
    ("wanted", "verbs"),
    [
        (Wanted(), ["closed", "edited", "made"]),
        (Wanted(actor_id=42), ["closed", "edited"]),
        (Wanted(verb="edited"), ["edited"]),
        (Wanted(object_type="membership"), ["closed"]),
        (Wanted(actor_id=41, verb="edited"), []),
        (Wanted(since=date(2090, 1, 1)), []),
        (Wanted(until=date(2020, 1, 1)), []),
    ],
)
def test_filters(here, elsewhere, wanted, verbs):
    fill(here, elsewhere)
    assert [entry.verb for entry in find_entries(wanted, "UTC").entries] == verbs


def test_days_are_those_of_the_workspaces_zone(here):
    AuditEntry.objects.create(
        at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC), actor="a", origin="o", verb="v", object_type="t"
    )
    day = date(2026, 3, 10)
    assert len(find_entries(Wanted(since=day, until=day), "Europe/Berlin").entries) == 1
    assert len(find_entries(Wanted(since=day, until=day), "UTC").entries) == 0


def test_history_of_objects(here, elsewhere):
    fill(here, elsewhere)
    page = history_of([("account", [here.account.pk, elsewhere.account.pk]), ("plan", [1])], "UTC")
    assert [(entry.verb, entry.actor) for entry in page.entries] == [("edited", "Ben"), ("made", ADA.label)]
    assert history_of([], "UTC").entries == []


def test_pages_go_on_where_the_last_one_ended(here):
    for number in range(7):
        record(f"v{number}", here.account, by=BY)
    first = find_entries(Wanted(), "UTC", size=3)
    second = find_entries(Wanted(), "UTC", before=first.next_before, size=3)
    third = find_entries(Wanted(), "UTC", before=second.next_before, size=3)
    seen = [[entry.verb for entry in page.entries] for page in (first, second, third)]
    assert seen == [["v6", "v5", "v4"], ["v3", "v2", "v1"], ["v0"]]
    assert third.next_before is None


def test_the_page_shows_changes_as_text(here, elsewhere):
    fill(here, elsewhere)
    client = client_of(here.members["admin"])
    page = client.get(here.url("settings/audit/"))
    assert [entry.verb for entry in page.context["entries"]] == ["closed", "edited", "made"]
    assert "&lt;i&gt;Acme&lt;/i&gt;" in page.text
    assert "<b>Admin</b>" not in page.text
    only = client.get(here.url("settings/audit/"), {"actor_id": "42", "verb": "edited"})
    assert [entry.verb for entry in only.context["entries"]] == ["edited"]
    assert client.get(here.url("settings/audit/"), {"since": "yesterday"}).status_code == 422
    assert client.get(here.url("settings/audit/"), {"before": "x"}).status_code == 200


def test_values_read_well():
    found = changes_of({"a": None, "b": True, "c": "x" * 400}, {"a": [1, 2], "b": False, "d_e": {}}, "UTC")
    texts = [(c.field, c.before, c.after) for c in found]
    assert texts == [("a", "", "1, 2"), ("b", "yes", "no"), ("c", "x" * 300 + "…", ""), ("d e", "", "")]


def test_days_and_moments_are_told_as_people_read_them(here):
    moment = datetime(2026, 11, 21, 3, tzinfo=UTC)
    record("logged", here.account, by=BY, after={"answer by": moment, "due": date(2026, 11, 26)})
    (entry,) = history_of([("account", [here.account.pk])], "Europe/Oslo").entries
    assert [(c.field, c.after) for c in entry.changes] == [
        ("due", "26 Nov 2026"),
        ("answer by", "21 Nov 2026, 04:00"),
    ]
