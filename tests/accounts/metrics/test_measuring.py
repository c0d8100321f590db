import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.book.models import BookRow
from accounts.contacts.models import Contact, ContactIdentity
from accounts.metrics import measuring
from accounts.metrics.actions import define_metric, edit_metric
from accounts.metrics.models import Aggregation, Measurement, Metric, MetricState
from accounts.metrics.queries import Point, daily_values, series, value_on, values_on
from accounts.usage.models import TouchedDays
from accounts.usage.queries import FeatureUse, feature_use
from accounts.usage.touching import touch_people
from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.models import Workspace
from tests.accounts.usage.kit import add_domain, event, load, ndjson
from tests.kit import BY


def measure() -> int:
    return measuring.measure_touched(transaction.atomic, BY)


def define(**fields: Any) -> Metric:
    """A metric that is measured for all at once."""
    values: dict[str, Any] = {"key": "users", "name": "Users", "aggregation": "users", "window_days": 7}
    metric = define_metric(by=BY, **{**values, **fields})
    run_job(metric.workspace_id, Job.objects.filter(kind="measure metric").latest("id").pk)
    return Metric.objects.get(pk=metric.pk)


def on(day: date, number: int, **changes: Any) -> dict[str, Any]:
    return event(number, occurred_at=f"{day}T12:00:00Z", **changes)


def values_of(metric: Metric) -> dict[tuple[int, date], Decimal]:
    rows = Measurement.objects.filter(metric=metric, superseded_at=None)
    return {(m.account_id, m.day): m.value for m in rows}


def by_hand(events: list[dict[str, Any]], metric: Metric, until: date) -> dict[date, int]:
    """The rule of the docstring, spelled out over plain events."""
    facts = [(date.fromisoformat(e["occurred_at"][:10]), e) for e in events]
    window = metric.window_days
    days = {day for day, _ in facts} | {day + timedelta(days=window) for day, _ in facts}
    found = {}
    for day in sorted(d for d in days if d <= until):
        inside = [(on, e) for on, e in facts if day - timedelta(days=window) < on <= day]
        found[day] = {
            "count": len(inside),
            "sum": sum(e.get("quantity", 1) for _, e in inside),
            "users": len({e["user_email"] for _, e in inside}),
            "features": len({e["feature"] for _, e in inside}),
            "days": len({on for on, _ in inside}),
        }[metric.aggregation]
    return found


def random_events(seed: int, count: int = 60) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    start = today() - timedelta(days=90)
    return [
        on(
            start + timedelta(days=chance.randrange(91)),
            number,
            user_email=f"u{chance.randrange(5)}@acme.example",
            feature=f"app.f{chance.randrange(4)}",
            quantity=chance.randrange(10),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("aggregation", Aggregation.values)
@pytest.mark.parametrize("seed", [1, 2])
def test_values_are_what_the_rule_says_however_events_arrive(here: Any, aggregation: str, seed: int) -> None:
    add_domain(here.account)
    metric = define(aggregation=aggregation, window_days=[7, 1][seed - 1])
    events = random_events(seed)
    for start in range(0, 60, 20):
        load(ndjson(*events[start : start + 20]))
        measure()
    wanted = by_hand(events, metric, today())
    assert values_of(metric) == {(here.account.pk, day): value for day, value in wanted.items()}
    state = MetricState.objects.get()
    assert (state.day, state.value) == (max(wanted), wanted[max(wanted)])


def test_a_new_definition_gives_the_same_values_as_measuring_step_by_step(here: Any) -> None:
    add_domain(here.account)
    events = random_events(3)
    load(ndjson(*events))
    measure()
    metric = define()
    assert {day: v for (_, day), v in values_of(metric).items()} == by_hand(events, metric, today())
    assert metric.measured_until == today()


def test_a_change_is_a_correction_and_no_change_is_no_row(here: Any) -> None:
    add_domain(here.account)
    metric, day = define(), today() - timedelta(days=20)
    load(ndjson(on(day, 1)))
    assert measure() == 1
    first = list(Measurement.objects.values_list("id", flat=True))
    load(ndjson(on(day, 2, user_email="u1@acme.example")))
    measure()
    assert list(Measurement.objects.values_list("id", flat=True)) == first
    load(ndjson(on(day, 3)))
    measure()
    old, new = Measurement.objects.filter(day=day).order_by("id")
    assert (old.value, new.value, new.superseded_at) == (1, 2, None)
    assert old.superseded_at == new.recorded_at
    assert {m.day: m.value for m in Measurement.objects.filter(superseded_at=None)} == {
        day: 2,
        day + timedelta(days=7): 0,
    }
    assert MetricState.objects.get(metric=metric).value == 0


def test_only_touched_days_are_measured(here: Any) -> None:
    add_domain(here.account)
    define()
    far = today() - timedelta(days=80)
    load(ndjson(on(far, 1), on(today(), 2)))
    measure()
    Measurement.objects.filter(day=far).update(value=99)
    load(ndjson(on(today(), 3)))
    measure()
    assert Measurement.objects.get(day=far, superseded_at=None).value == 99


def test_a_changed_definition_supersedes_its_values(here: Any) -> None:
    add_domain(here.account)
    load(ndjson(*random_events(4)))
    measure()
    metric = define(aggregation="count")
    before = Measurement.objects.count()
    with jobs_inline():
        edit_metric(metric, by=BY, window_days=14, features=["app.f1", "app.f2"])
    assert Metric.objects.get().measured_until is None
    run_job(metric.workspace_id, Job.objects.filter(kind="measure metric").latest("id").pk)
    chosen = [e for e in random_events(4) if e["feature"] in ("app.f1", "app.f2")]
    metric = Metric.objects.get()
    assert {d: v for (_, d), v in values_of(metric).items()} == by_hand(chosen, metric, today())
    assert Measurement.objects.count() > before
    assert metric.measured_until == today()


def test_prefixes_match_what_they_say(here: Any) -> None:
    add_domain(here.account)
    names = ["a.x", "a.y.z", "a", "ab.x", "a%x.y", "A.x"]
    load(ndjson(*[on(today(), n, feature=name) for n, name in enumerate(names)]))
    metric = define(aggregation="features", features=["a.*", "a%x.*"])
    assert set(values_of(metric).values()) == {Decimal(3)}
    assert feature_use([here.account.pk], ["a.*"], today(), today()) == {
        here.account.pk: FeatureUse(2, today(), today())
    }
    assert feature_use([here.account.pk], [], today() - timedelta(days=9), today() - timedelta(days=1)) == {}


def test_identities_of_one_contact_are_one_person(here: Any) -> None:
    add_domain(here.account)
    day = today() - timedelta(days=3)
    load(ndjson(on(day, 1), on(day, 2), on(day + timedelta(days=1), 3)))
    measure()
    metric = define()
    assert values_of(metric)[here.account.pk, day] == 2
    contact = Contact.objects.create(account=here.account, name="Ada")
    for value in ("u1@acme.example", "u2@acme.example"):
        ContactIdentity.objects.create(account=here.account, contact=contact, value=value)
    assert touch_people([here.account.pk], ["u1@acme.example", "u2@acme.example"]) == 1
    measure()
    assert values_of(metric) == {
        (here.account.pk, day): 1,
        (here.account.pk, day + timedelta(days=1)): 2,
    }


def test_days_begin_in_the_workspaces_zone(here: Any) -> None:
    add_domain(here.account)
    Workspace.objects.update(timezone="America/New_York")
    load(ndjson(event(1, occurred_at="2026-03-15T03:30:00Z"), event(2, occurred_at="2026-03-15T04:30:00Z")))
    measure()
    metric = define(window_days=1)
    assert values_of(metric) == {
        (here.account.pk, date(2026, 3, 14)): 1,
        (here.account.pk, date(2026, 3, 15)): 1,
        (here.account.pk, date(2026, 3, 16)): 0,
    }


def test_events_of_tomorrow_wait_for_their_day(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add_domain(here.account)
    metric, now = define(), timezone.now()
    tomorrow = today() + timedelta(days=1)
    load(ndjson(on(today(), 1), event(2, occurred_at=(now + timedelta(days=1)).isoformat())))
    measure()
    assert set(values_of(metric)) == {(here.account.pk, today())}
    assert [row.days for row in TouchedDays.objects.all()] == [[tomorrow]]
    monkeypatch.setattr(measuring, "today", lambda: tomorrow)
    assert measure() == 1
    assert values_of(metric)[here.account.pk, tomorrow] == 2


def test_the_new_day_writes_what_has_left_the_window(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add_domain(here.account)
    metric, day = define(window_days=7), today()
    load(ndjson(on(day, 1), on(day - timedelta(days=2), 2)))
    measure()
    assert MetricState.objects.get().value == 2
    later = day + timedelta(days=6)
    for module in ("accounts.metrics.measuring", "accounts.metrics.jobs"):
        monkeypatch.setattr(f"{module}.today", lambda: later)
    from csworkspace.jobs.actions import start_job

    job = start_job("roll days", "Day", by=BY)
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    assert values_of(metric)[here.account.pk, day + timedelta(days=5)] == 1
    assert MetricState.objects.get().value == 1
    assert Metric.objects.get().measured_until == later


def test_the_book_follows(here: Any) -> None:
    from accounts.book.actions import refresh_book

    refresh_book()
    add_domain(here.account)
    define(is_headline=True)
    day = today() - timedelta(days=1)
    load(ndjson(on(day, 1), on(today() - timedelta(days=40), 2)))
    measure()
    row = BookRow.objects.get()
    assert (row.last_active_on, row.headline) == (day, 1)


def test_reading_values(here: Any, elsewhere: Any) -> None:
    add_domain(here.account)
    metric = define()
    start, pk = today() - timedelta(days=30), here.account.pk
    load(ndjson(on(start, 1), on(start + timedelta(days=3), 2)))
    measure()
    points = [Point(start, Decimal(1)), Point(start + timedelta(days=3), Decimal(2))]
    drops = [Point(start + timedelta(days=7), Decimal(1)), Point(start + timedelta(days=10), Decimal(0))]
    assert series(pk, metric.pk, start, today()) == points + drops
    assert series(pk, metric.pk, start + timedelta(days=4), start + timedelta(days=8)) == [
        points[1],
        drops[0],
    ]
    assert value_on(pk, metric.pk, start - timedelta(days=1)) is None
    assert value_on(pk, metric.pk, today()) == drops[1]
    assert values_on([pk, 999_999], [metric.pk], start + timedelta(days=2)) == {(pk, metric.pk): points[0]}
    filled = daily_values(pk, metric.pk, start - timedelta(days=2), start + timedelta(days=4))
    assert [(p.day, int(p.value)) for p in filled] == [
        (start + timedelta(days=n), v) for n, v in enumerate([1, 1, 1, 2, 2])
    ]
    elsewhere.open()
    assert values_on([pk], [metric.pk], today()) == {}


def test_reading_many_values_is_one_query(here: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        values_on(range(300), range(20), date(2026, 1, 1))


def test_a_sum_that_no_measurement_can_hold_is_kept_at_the_largest(here: Any) -> None:
    add_domain(here.account)
    metric = define(aggregation="sum")
    load(ndjson(*[on(today(), n, quantity=999_999_999_999) for n in range(150)]))
    measure()
    assert values_of(metric) == {(here.account.pk, today()): Decimal("99999999999999")}


def test_measuring_with_no_metric_still_notes_activity(here: Any) -> None:
    from accounts.book.actions import refresh_book

    refresh_book()
    add_domain(here.account)
    load(ndjson(on(datetime.now(UTC).date(), 1)))
    assert measure() == 1
    assert not TouchedDays.objects.exists()
    assert BookRow.objects.get().last_active_on == datetime.now(UTC).date()


def test_new_events_are_told_of_even_where_no_metric_moves(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_domain(here.account)
    define(aggregation="users")
    told: list[list[int]] = []
    monkeypatch.setattr(measuring, "announce", lambda _, *, account_ids, **rest: told.append(account_ids))
    for number in (1, 2):
        load(ndjson(event(number, user_email="u@acme.example", feature=f"paywall.{number}")))
        measure()
    assert told == [[here.account.pk], [here.account.pk]]
