"""Makers of indicators and of what they measure."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.accounts.models import Account
from accounts.metrics.models import MetricState
from playbooks.indicators.evaluating import Judged, Known, evaluate
from playbooks.indicators.explaining import explain
from playbooks.indicators.measures import measure_named
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names
from playbooks.plans.models import Objective, Plan, Target
from tests.playbooks.kit import measure

TODAY = date(2024, 6, 28)


def ago(days: int) -> date:
    """A day before TODAY."""
    return TODAY - timedelta(days=days)


def make_indicator(measure: str, params: dict[str, Any] | None = None, **definition: Any) -> Indicator:
    """An active indicator; parameters are the initial ones of the measure's form, and those given."""
    found = measure_named(measure)
    assert found is not None
    form: Any = found.form(names=Names())
    initial = {name: _first(field) for name, field in form.fields.items()}
    when = definition.pop("when", "at_least" if found.when == "chosen" else str(found.when))
    key = definition.pop("key", f"{measure.replace('_', '-')}-{Indicator.objects.count()}")
    return Indicator.objects.create(
        key=key,
        name=found.label,
        kind="risk",
        measure=measure,
        explanation=definition.pop("explanation", found.explanation),
        definition={
            "params": {**initial, **(params or {})},
            "when": when,
            "begins": definition.pop("begins", found.begins),
            "ends": definition.pop("ends", found.ends),
            **definition,
        },
        actor="Test",
    )


def _first(field: Any) -> Any:
    """What a field begins with, or the first of its choices."""
    if field.initial is not None:
        return field.initial
    return next((value for value, _ in getattr(field, "choices", [])), "")


def at(day: date, hour: int = 12) -> datetime:
    """An hour of a day, UTC."""
    return datetime.combine(day, time(hour), ZoneInfo("UTC"))


_count = iter(range(10**9))


def use(
    account: Account, day: date, feature: str = "core.open", who: str = "a@acme.example", **moments: datetime
) -> None:
    """One event of an account; received and recorded when it happened, unless said otherwise."""
    from django.db import connection

    occurred = moments.pop("occurred", at(day))
    with connection.cursor() as cursor:
        cursor.execute("select ensure_event_months(%s, %s)", [day, day])
        cursor.execute(
            "insert into accounts_event (workspace_id, batch_id, account_id, account_key, event_id, "
            "user_key, user_name, feature, quantity, occurred_at, received_at, recorded_at) "
            "select workspace_id, 1, id, 'x', %s, %s, '', %s, 1, %s, %s, %s from accounts_account "
            "where id = %s",
            [
                f"e{next(_count)}",
                who,
                feature,
                occurred,
                moments.get("received", occurred),
                moments.get("recorded", occurred),
                account.pk,
            ],
        )


def judge(
    indicator: Indicator, account: Account | None = None, day: Any = TODAY, known: Any = Known.NOW
) -> Judged:
    """How it comes out for one account."""
    found = evaluate([indicator], None if account is None else [account.pk], day, known)
    assert len(found) == 1
    return found[0]


def said(indicator: Indicator, account: Account) -> str:
    """The explanation for an account."""
    return explain(indicator, judge(indicator, account), TODAY)


def state(account: Account, metric: Any, value: Any, day: Any = TODAY) -> None:
    """The latest value, as measuring leaves it."""
    measure(account, metric, {day: value})
    MetricState.objects.create(account=account, metric=metric, day=day, value=value)


def make_plan(account: Account, metric: Any, **target: Any) -> Plan:
    """An active plan with one target from 10 to 50 over 100 days, half of them gone."""
    plan = Plan.objects.create(
        account=account, title="Plan", state="active", starts_on=ago(50), ends_on=TODAY + timedelta(50)
    )
    objective = Objective.objects.create(account=account, plan=plan, position=1, words="More")
    values = {"baseline": 10, "value": 50, "starts_on": ago(50), "due_on": TODAY + timedelta(50), **target}
    Target.objects.create(account=account, objective=objective, metric=metric, **values)
    return plan
