"""Incidents, who was in them, and their API."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.accounts.actions import create_account
from accounts.incidents.actions import (
    Facts,
    IncidentRefused,
    create_incident,
    edit_incident,
    end_incident,
    put_incident,
)
from accounts.incidents.forms import features_of
from accounts.incidents.models import Incident
from accounts.incidents.queries import PAGE, exposure_of, incident_page, read_cursor
from accounts.usage.models import Event
from accounts.usage.store import make_months
from csworkspace.api.keys import hash_key, new_key
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import ApiKey
from csworkspace.web.versions import Conflict
from tests.kit import BY, WalledClient, client_of

START = datetime(2026, 3, 9, 7, 40, tzinfo=UTC)
END = START + timedelta(hours=2)


def facts(**fields):
    return Facts(
        **{"title": "Exports failed", "impact": "major", "started_at": START, "ended_at": END, **fields}
    )


def use(account, feature="reports.export", minutes=10, person="ada"):
    at = START + timedelta(minutes=minutes)
    Event.objects.create(
        batch_id=1, account=account, account_key="x", event_id=f"{account.pk}{feature}{minutes}{person}",
        user_key=person, user_name=person, feature=feature, quantity=1, occurred_at=at, received_at=at,
        recorded_at=at,
    )  # fmt: skip


@pytest.fixture
def announced(monkeypatch):
    found = []
    monkeypatch.setattr(
        "accounts.incidents.actions.announce", lambda event, *, by, **args: found.append((event, args))
    )
    return found


@pytest.fixture
def key(here):
    text = new_key(here.workspace.pk)
    ApiKey.objects.create(name="status", key_hash=hash_key(text), hint=text[:8])
    return text


def send(key, rows):
    return WalledClient().post(
        "/api/v1/incidents",
        data=json.dumps({"incidents": rows}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {key}",
    )


def test_entered_changed_and_ended(here, elsewhere, announced):
    made = create_incident(facts(ended_at=None), by=BY)
    assert edit_incident(made, facts(ended_at=None), by=BY) is False
    assert edit_incident(made, facts(ended_at=None, impact="outage"), by=BY, version=1) is True
    with pytest.raises(Conflict):
        edit_incident(made, facts(), by=BY, version=1)
    end_incident(made, by=BY, ended_at=END, version=2)
    with pytest.raises(Conflict, match="already when this ended"):
        end_incident(made, by=BY, ended_at=END)
    now = Incident.objects.get()
    assert (now.impact, now.ended_at, now.version) == ("outage", END, 3)
    assert announced == [("incidents.changed", {"incident_ids": [made.pk]})] * 3
    verbs = AuditEntry.objects.filter(object_type="incident").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["entered", "changed", "ended"]
    elsewhere.open()
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"started_at": datetime(2999, 1, 1, tzinfo=UTC)}, "started_at"),
        ({"started_at": datetime(1980, 1, 1, tzinfo=UTC)}, "started_at"),
        ({"ended_at": START}, "ended_at"),
        ({"ended_at": datetime(2999, 1, 1, tzinfo=UTC)}, "ended_at"),
        ({"ended_at": START + timedelta(days=93)}, "ended_at"),
    ],
)
def test_times_that_cannot_be_are_refused(here, fields, field):
    with pytest.raises(IncidentRefused) as refused:
        create_incident(facts(**fields), by=BY)
    assert (refused.value.field, Incident.objects.count()) == (field, 0)


def test_who_used_what_was_affected_meanwhile_was_exposed(here, elsewhere, announced):
    make_months({"2026-03"})
    account = create_account(by=BY, name="Busy")
    idle = create_account(by=BY, name="Idle")
    for person in ("ada", "bob"):
        use(account, person=person)
    use(account, "reports.view", minutes=20)
    use(account, "board", minutes=30)
    use(account, minutes=-1)
    use(account, minutes=120)
    use(idle, "board")
    elsewhere.open()
    use(elsewhere.account)
    here.open()

    def exposed(*features):
        made = create_incident(facts(features=features), by=BY)
        found = exposure_of(made, "UTC")
        return [(row.account, row.people, row.uses) for row in found.rows], found.accounts, found.people

    assert exposed("reports.export") == ([("Busy", "2", "2")], 1, 2)
    assert exposed("reports.*") == ([("Busy", "2", "3")], 1, 2)
    assert exposed() == ([("Busy", "2", "4"), ("Idle", "1", "1")], 2, 3)
    assert exposed("reports") == ([], 0, 0)
    made = Incident.objects.order_by("pk").first()
    assert exposure_of(made, "UTC").rows[0].when == "9 Mar 2026, 07:50"
    assert exposure_of(Incident.objects.order_by("pk")[2], "UTC", limit=1).accounts == 2


def test_pages_follow_each_other_without_a_gap(here):
    for n in range(PAGE + 2):
        Incident.objects.create(
            title=f"I{n}", impact="minor", started_at=START + timedelta(hours=n // 2), actor="x"
        )
    first, last = incident_page("UTC", None)
    second, end = incident_page("UTC", read_cursor(last))
    assert [row.title for row in (*first, *second)] == [f"I{n}" for n in range(PAGE + 1, -1, -1)]
    assert end == ""
    assert [read_cursor(text) for text in ("", "x_1", "2026-01-01_1", f"{START.isoformat()}_x")] == [None] * 4


def test_features_are_read_one_a_line():
    assert features_of(" a.* \n\nb\na.*\n") == ["a.*", "b"]
    for text in ("x" * 201, "\n".join(map(str, range(51)))):
        with pytest.raises(ValueError, match=r"longer than|too many"):
            features_of(text)


def test_from_the_page_and_what_is_wrong_is_said(here, csm):
    given = {
        "title": "<script>", "impact": "outage", "started_at": "2026-03-09T08:40", "ended_at": "",
        "features": "reports.*", "note": "<b>", "link": "https://status.example",
    }  # fmt: skip
    page = csm.post(here.url("incidents/new/"), given, follow=True)
    one = Incident.objects.get()
    assert (one.features, "<script>" in page.content.decode().split("<main")[1]) == (["reports.*"], False)
    for bad in (
        {"title": "\u200b"},
        {"started_at": "2999-01-01T00:00"},
        {"link": "ftp://x.example"},
        {"impact": "x"},
    ):
        answer = csm.post(here.url("incidents/new/"), {**given, **bad})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(bad))
    edit = here.url(f"incidents/{one.pk}/edit/")
    assert csm.get(edit).context["form"].initial["started_at"] == "2026-03-09T08:40"
    assert csm.post(edit, {**given, "title": "Other", "version": 1}).status_code == 302
    stale = csm.post(edit, {**given, "title": "Stale", "version": 1})
    assert (stale.status_code, Incident.objects.get().title) == (409, "Other")
    end = here.url(f"incidents/{one.pk}/ends/")
    assert csm.post(end, {"ended_at": "2026-03-09T08:00", "version": 2}).status_code == 422
    assert csm.post(end, {"ended_at": "2026-03-09T09:00", "version": 2}).status_code == 302
    assert csm.post(end, {"ended_at": "2026-03-09T09:00", "version": 3}).status_code == 409
    executive = client_of(here.members["executive"])
    assert executive.get(here.url("incidents/")).status_code == 200
    assert executive.get(here.url("incidents/new/")).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_depend_on_numbers(here, csm, django_assert_num_queries, many):
    make_months({"2026-03"})
    made = [create_incident(facts(title=f"I{n}"), by=BY) for n in range(many)]
    for n in range(many):
        use(create_account(by=BY, name=f"A{n}"))
    with django_assert_num_queries(13):
        assert len(csm.get(here.url("incidents/")).context["rows"]) == many
    with django_assert_num_queries(15):
        assert len(csm.get(here.url(f"incidents/{made[0].pk}/")).context["exposure"].rows) == many


def test_programs_send_begin_and_end_under_one_id(here, key):
    good = {"title": "Down", "impact": "outage", "started_at": "2026-03-09T07:40:00Z", "external_id": "s1"}

    def statuses(*rows):
        return [(one["status"], one.get("field", "")) for one in send(key, list(rows)).json()["results"]]

    assert statuses(good, good) == [("accepted", ""), ("duplicate", "")]
    assert statuses({**good, "ended_at": "2026-03-09T10:40:00+01:00"}) == [("updated", "")]
    one = Incident.objects.get()
    assert (one.ended_at, one.version) == (END, 2)
    assert statuses(
        {**good, "started_at": "2026-03-09T07:40:00"},
        {**good, "ended_at": "2026-03-09T07:40:00Z"},
        {**good, "impact": "total"},
        {**good, "features": ["x"] * 51},
        {**good, "link": "javascript:x"},
    ) == [("rejected", name) for name in ("started_at", "ended_at", "impact", "features", "link")]


def test_the_same_id_twice_at_once_is_one(here, monkeypatch, announced):
    create_incident(facts(), by=BY, external_id="s1")
    found = Incident.objects.filter
    monkeypatch.setattr(
        Incident.objects,
        "filter",
        lambda **wanted: found(pk=0) if "external_id" in wanted else found(**wanted),
    )
    assert put_incident(facts(), "s1", by=BY)[1] == "duplicate"
    assert Incident.objects.count() == 1
    assert timezone.now() > START


def test_a_call_tells_once_of_all_its_incidents(here, key, announced):
    first = {"title": "Old", "impact": "minor", "started_at": "2026-03-01T09:00:00Z", "external_id": "e0"}
    rows = [{**first, "external_id": f"e{n}"} for n in range(3)]
    assert send(key, rows[:1]).json()["accepted"] == 1
    late = {**first, "started_at": "2999-01-01T00:00:00Z"}
    answer = send(key, [*rows, {**first, "impact": "outage"}, late]).json()
    here.open()
    known = dict(Incident.objects.values_list("external_id", "pk"))
    assert [row["status"] for row in answer["results"]] == [
        "duplicate", "accepted", "accepted", "updated", "rejected",
    ]  # fmt: skip
    assert [args for _, args in announced] == [
        {"incident_ids": [known["e0"]]},
        {"incident_ids": sorted(known.values())},
    ]


def test_one_that_nobody_ended_can_be_ended_and_does_not_count_for_ever(here):
    long_ago = timezone.now() - timedelta(days=300)
    made = create_incident(Facts("Slow", "major", long_ago), by=BY)
    assert made.counts_until == long_ago + timedelta(days=92)
    end_incident(made, by=BY, ended_at=timezone.now())
    made.refresh_from_db()
    assert made.counts_until == long_ago + timedelta(days=92)
    with pytest.raises(IncidentRefused, match="three months at most"):
        create_incident(Facts("Slow", "major", long_ago, timezone.now()), by=BY)
