"""Signals in other places: the book, segments, my day, the palette, the timeline, exports, the clock."""

from datetime import date
from types import SimpleNamespace

import pytest

from accounts.accounts.models import Account
from accounts.book.models import BookRow
from accounts.news.models import News
from accounts.segments.evaluate import accounts_in
from accounts.segments.models import Segment
from csworkspace.exports.registry import Span, exporters
from csworkspace.jobs.models import Job
from playbooks.myday.needs import untold
from playbooks.myday.providers import Viewpoint
from playbooks.signals.day import new_signals
from playbooks.signals.models import Signal
from playbooks.signals.palette import find_signals
from playbooks.signals.story import incident_story, news_story, signal_story
from playbooks.signals.tasks import start_daily
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.signals.kit import make_signal


@pytest.fixture
def request_of(here):
    """A request of the CSM, as far as providers look at it."""
    return SimpleNamespace(workspace=here.workspace, membership=here.members["csm"])


def test_the_book_shows_sorts_and_filters_by_signals(here, elsewhere, csm):
    calm = Account.objects.create(name="Calm", owner=here.members["csm"])
    mild = Account.objects.create(name="Mild", owner=here.members["csm"])
    make_signal(here.account, severity=3)
    make_signal(here.account, "Other", severity=1)
    make_signal(mild, severity=1)
    make_signal(calm, state="resolved")

    def rows(query):
        page = csm.get(here.url(f"book/?cols=signals&{query}"))
        return [(row["name"], row["signals"], row["severity"]) for row in page.context["rows"]]

    three = [("Acme Industries", "2, high", "at_risk"), ("Mild", "1, low", "no_data"), ("Calm", "–", "")]
    assert rows("sort=signals") == three
    assert rows("sort=signals&dir=asc") == three[::-1]
    assert rows("signals=1&sort=signals") == three[:2]
    assert rows("signals=3") == three[:1]
    assert rows("signals=none") == three[2:]
    assert rows("signals=%00&sort=signals") == three
    text = csm.get(here.url("book.csv?cols=signals&sort=signals")).content.decode()
    assert [line.rsplit(",", 1)[1] for line in text.splitlines()] == ["signals", "2", "1", "0"]


@pytest.mark.parametrize(
    ("field", "op", "value", "names"),
    [
        ("signal_kind", "in", ["people", "risk"], ["Acme Industries"]),
        ("signal_kind", "not_in", ["risk"], ["Calm", "Keen"]),
        ("signal_severity", "in", ["3"], ["Acme Industries"]),
        ("signal_severity", "not_in", ["3"], ["Calm", "Keen"]),
        ("signal_severity", "some", None, ["Acme Industries", "Keen"]),
        ("signal_severity", "no", None, ["Calm"]),
    ],
)
def test_segments_of_signals(here, elsewhere, field, op, value, names):
    calm, keen = Account.objects.create(name="Calm"), Account.objects.create(name="Keen")
    make_signal(here.account, severity=3)
    make_signal(keen, kind="buying")
    make_signal(calm, state="resolved", severity=3)
    condition = {"field": field, "op": op, "value": value, "of": ""}
    definition = {"match": "all", "groups": [{"match": "all", "conditions": [condition]}]}
    segment = Segment.objects.create(name="S", definition=definition, actor="x")
    found = Account.objects.filter(pk__in=accounts_in(segment.pk)).order_by("name")
    assert list(found.values_list("name", flat=True)) == names


def test_a_day_tells_the_worst_signal_of_each_account_that_nobody_has_looked_at(here, elsewhere, request_of):
    make_signal(here.account, "Low", severity=1)
    make_signal(here.account, "High", severity=3)
    make_signal(here.account, "Seen", severity=3, state="acknowledged")
    other = Account.objects.create(name="Other", owner=here.members["manager"])
    make_signal(other, "Not mine")

    def items(owner):
        return [(one.account_id, one.reason) for one in new_signals(Viewpoint(request_of, owner, TODAY))]

    assert items(here.members["csm"].pk) == [(here.account.pk, "High (and 1 more signal)")]
    assert items(None) == [(here.account.pk, "High (and 1 more signal)"), (other.pk, "Not mine")]
    elsewhere.open()
    assert items(None) == []


def test_my_day_has_a_part_for_signals_and_does_not_tell_them_twice(here, csm, django_assert_num_queries):
    make_signal(here.account, "High", severity=3)
    BookRow.objects.update(attention=25, reasons=[{"text": "Signal: High", "weight": 25}])
    page = csm.get(here.url("day/"))
    parts = [(part.heading, [row.item.reason for row in part.rows]) for part in page.context["parts"]]
    assert parts == [("Signals to look at", ["High"])]
    assert untold([{"text": "Signal: Renews too late"}, {"text": "No activity for 20 days"}]) == (
        "No activity for 20 days"
    )
    assert untold([{"text": "Users of Signal: fell"}]) == "Users of Signal: fell"


def test_the_palette_finds_what_waits(here, elsewhere, request_of):
    one = make_signal(here.account, "The Dírector leaves")
    make_signal(here.account, "The director left", state="resolved")
    hits = find_signals(request_of, "director acme")
    assert [(hit.label, hit.url, hit.note) for hit in hits] == [
        ("The Dírector leaves", here.url(f"signals/{one.pk}/"), "Acme Industries")
    ]
    elsewhere.open()
    assert find_signals(request_of, "director") == []


def test_the_story_goes_on_where_it_stopped(here, elsewhere, request_of, django_assert_num_queries):
    moment = make_signal(here.account, "S0").raised_at
    for n in range(1, 12):
        make_signal(
            here.account, f"S{n}", raised_at=moment, state="resolved", outcome="lost", resolved_at=moment,
            resolved_on=TODAY,
        )  # fmt: skip
    told, before = [], None
    with django_assert_num_queries(10):
        for _ in range(5):
            part = signal_story(request_of, here.account.pk, before, 5)
            told += part
            before = (part[-1].at, part[-1].key)
    assert (len(told), len({one.key for one in told})) == (23, 23)
    assert told == sorted(told, key=lambda one: (one.at, one.key), reverse=True)
    elsewhere.open()
    assert signal_story(request_of, here.account.pk, None, 5) == []


def test_news_and_incidents_are_told_on_their_days(here, request_of):
    from datetime import UTC, datetime, timedelta

    from accounts.incidents.models import Incident
    from accounts.usage.store import make_months
    from tests.accounts.incidents.test_incidents import START, use

    News.objects.create(
        account=here.account, kind="cuts", title="<b>", happened_on=date(2026, 3, 1), actor="x"
    )
    (news,) = news_story(request_of, here.account.pk, None, 5)
    assert (news.at, news.title, news.tone) == (datetime(2026, 3, 1, 12, tzinfo=UTC), "News: <b>", "bad")
    assert news_story(request_of, here.account.pk, (news.at, news.key), 5) == []
    make_months({"2026-03"})
    use(here.account)
    values = {"impact": "outage", "started_at": START, "ended_at": START + timedelta(hours=1), "actor": "x"}
    Incident.objects.create(title="Exports", features=["reports.*"], **values)
    Incident.objects.create(title="Board", features=["board"], **values)
    Incident.objects.create(title="All", features=[], **values)
    told = incident_story(request_of, here.account.pk, None, 5)
    assert [one.title for one in told] == ["Incident: All", "Incident: Exports"]
    last = (told[0].at, told[0].key)
    assert [one.title for one in incident_story(request_of, here.account.pk, last, 5)] == [
        "Incident: Exports"
    ]


def test_all_signals_are_exported_with_formulas_made_inert(here, elsewhere):
    make_signal(here.account, "Old", raised_on=ago(40))
    make_signal(here.account, "=1+1", severity=3, state="resolved")
    export = exporters()["signals"]
    rows = list(export.rows(Span()))
    assert [(row[export.header.index("title")], row[export.header.index("severity")]) for row in rows] == [
        ("Old", "medium"), ("=1+1", "high"),
    ]  # fmt: skip
    assert len(list(export.rows(Span(since=ago(39), until=TODAY)))) == 1
    elsewhere.open()
    assert list(export.rows(Span())) == []


def test_the_clock_starts_one_reconciliation_a_day_in_each_workspace(here, elsewhere):
    start_daily()
    start_daily()
    for world in (here, elsewhere):
        world.open()
        assert list(Job.objects.filter(kind="signals.daily").values_list("key", flat=True)) == [
            f"daily:{TODAY}"
        ]


def test_a_new_day_wakes_what_was_snoozed(here):
    from csworkspace.jobs.runner import run_job

    make_signal(here.account, state="snoozed", snoozed_until=TODAY)
    start_daily()
    job = Job.objects.get(kind="signals.daily")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    here.open()
    assert Signal.objects.get().state == "open"
