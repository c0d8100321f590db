"""Taking benchmarks. There is no way to change one: a later one is a new one."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from accounts.accounts.models import Account
from accounts.metrics.models import Metric
from accounts.metrics.queries import values_on
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from playbooks.benchmarks.models import Baseline, Benchmark
from playbooks.frameworks.evidence import evaluate
from playbooks.frameworks.models import Framework
from playbooks.frameworks.queries import active_framework, levels_of
from playbooks.frameworks.since import fill_since

FIRST_DAY = date(1990, 1, 1)
Answered = Sequence[tuple[str, str]]


@transaction.atomic
def take_benchmark(
    account: Account, *, by: Actor, on: date | None = None, answers: Answered = (), note: str = ""
) -> Benchmark:
    """Freeze where the account stands on a day (today by default).

    Level and evidence come from the active framework, baselines from every metric in use, both with
    what was measured on or before that day; what has no measurement is kept as "no data". `answers`
    are (question, answer) texts. Raises ValueError for a day in the
    future, or before 1990.
    """
    now = today()
    day = on or now
    check_day(day, now)
    Account.objects.select_for_update().get(pk=account.pk)
    benchmark = Benchmark(
        account=account,
        number=_next_number(account),
        taken_on=day,
        answers=[{"question": asked, "answer": said} for asked, said in answers if said.strip()],
        note=note,
        actor=by.label[:160],
    )
    _freeze_level(benchmark, active_framework())
    benchmark.save()
    _freeze_baselines(benchmark)
    record(
        "took benchmark",
        account,
        by=by,
        after={"number": benchmark.number, "on": day, "level": benchmark.level},
    )
    return benchmark


def check_day(day: date, today: date) -> None:
    """Raise ValueError with a sentence for a day in the future, or before there was any product."""
    if day > today:
        raise ValueError("A benchmark cannot be taken for a day in the future.")
    if day < FIRST_DAY:
        raise ValueError(f"A benchmark cannot be taken for a day before {FIRST_DAY.year}. Check the year.")


def _next_number(account: Account) -> int:
    last = Benchmark.objects.filter(account=account).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _freeze_level(benchmark: Benchmark, framework: Framework | None) -> None:
    if framework is None:
        return
    account_id, day = benchmark.account_id, benchmark.taken_on
    levels = levels_of(framework.pk)
    verdicts = evaluate(levels, [account_id], day)
    fill_since(levels, verdicts, {}, day)
    verdict = verdicts[account_id]
    benchmark.framework, benchmark.level, benchmark.evidence = framework, verdict.level, verdict.facts


def _freeze_baselines(benchmark: Benchmark) -> None:
    metrics = list(Metric.objects.filter(retired_at=None).order_by("name", "id"))
    account_id = benchmark.account_id
    points = values_on([account_id], [metric.pk for metric in metrics], benchmark.taken_on) if metrics else {}
    rows = []
    for metric in metrics:
        point = points.get((account_id, metric.pk))
        rows.append(
            Baseline(
                account_id=account_id,
                benchmark=benchmark,
                metric=metric,
                value=point.value if point else None,
                measured_on=point.day if point else None,
            )
        )
    Baseline.objects.bulk_create(rows)
