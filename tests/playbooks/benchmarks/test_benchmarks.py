"""Benchmarks: frozen, dated, numbered, and honest about what was not measured."""

from datetime import timedelta

import pytest

from csworkspace.audit.models import AuditEntry
from playbooks.benchmarks.actions import take_benchmark
from playbooks.benchmarks.models import Benchmark
from playbooks.benchmarks.queries import compare, first_benchmark, latest_benchmark, level_words
from playbooks.frameworks.assessing import assess_accounts
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric, measure


def values(benchmark):
    return [(item.metric.key, item.value, item.measured_on) for item in benchmark.baselines.all()]


def test_first_benchmark_freezes_level_and_baselines(here):
    users, days = make_metric("users"), make_metric("days", direction="down")
    make_framework(users)
    measure(here.account, users, {ago(3): 12})
    taken = take_benchmark(
        here.account, by=BY, answers=[("Why?", "  To be quick "), ("How?", " ")], note="First"
    )
    assert (taken.number, taken.taken_on, taken.level, level_words(taken)) == (
        1,
        TODAY,
        1,
        "Level 1 on Growth v1",
    )
    assert taken.answers == [{"question": "Why?", "answer": "  To be quick "}]
    assert [(fact["name"], fact["holds"], fact["number"]) for fact in taken.evidence[:2]] == [
        ("Has 5 users", True, "12"),
        ("Has 20 users", False, "12"),
    ]
    measure(here.account, users, {ago(2): 90})
    measure(here.account, days, {TODAY: 4})
    found = first_benchmark(here.account.pk)
    assert values(found) == [("days", None, None), ("users", 12, ago(3))]
    assert AuditEntry.objects.get(verb="took benchmark").after == {"number": 1, "on": str(TODAY), "level": 1}


def test_past_benchmark_uses_what_was_measured_by_then(here):
    users = make_metric("users")
    make_framework(users)
    measure(here.account, users, {ago(100): 6, ago(50): 25, ago(1): 3})
    assess_accounts([here.account.pk], by=BY)
    early = take_benchmark(here.account, by=BY, on=ago(60))
    late = take_benchmark(here.account, by=BY, on=ago(40))
    before = take_benchmark(here.account, by=BY, on=ago(200))
    assert [(item.level, values(item)[0][1:]) for item in (early, late, before)] == [
        (1, (6, ago(100))),
        (2, (25, ago(50))),
        (0, (None, None)),
    ]
    assert [item.number for item in (early, late, before)] == [1, 2, 3]
    assert latest_benchmark(here.account.pk) == before


def test_future_is_refused(here):
    with pytest.raises(ValueError, match="in the future"):
        take_benchmark(here.account, by=BY, on=TODAY + timedelta(days=1))
    assert Benchmark.objects.count() == 0


def test_without_framework_or_metrics_there_is_still_a_benchmark(here):
    taken = take_benchmark(here.account, by=BY)
    assert (taken.level, taken.framework, values(taken), level_words(taken)) == (
        None,
        None,
        [],
        "Not assessed",
    )


def test_comparison_knows_which_way_is_better(here):
    users, days = make_metric("users"), make_metric("days", direction="down", unit="days")
    gone, new = make_metric("gone"), make_metric("new")
    measure(here.account, users, {ago(90): 40, ago(1): 50})
    measure(here.account, days, {ago(90): 8, ago(1): 10})
    measure(here.account, gone, {ago(90): 5})
    measure(here.account, new, {ago(1): 5})
    take_benchmark(here.account, by=BY, on=ago(90))
    take_benchmark(here.account, by=BY, on=TODAY)
    first, second = first_benchmark(here.account.pk), latest_benchmark(here.account.pk)
    shown = [(row.metric.key, row.first, row.value, row.change, row.tone) for row in compare(second, first)]
    assert shown == [
        ("days", "8\u00a0days", "10\u00a0days", "+2 (+25%)", "bad"),
        ("gone", "5\u00a0users", "5\u00a0users", "unchanged", ""),
        ("new", "No data", "5\u00a0users", "–", ""),
        ("users", "40\u00a0users", "50\u00a0users", "+10 (+25%)", "good"),
    ]


def test_others_see_none(here, elsewhere):
    take_benchmark(here.account, by=BY)
    elsewhere.open()
    assert latest_benchmark(here.account.pk) is None
