"""Since when a behaviour has held without a break, read from the history of what shows it.

One query per behaviour, for the accounts where it has just been found to hold.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.usage.queries import bounds, matching
from csworkspace.tenancy.clock import zone
from playbooks.frameworks.evidence import Verdict
from playbooks.frameworks.models import Behaviour, Comparison, Evidence, Level

LOOK_BACK_DAYS = 730
Facts = Sequence[dict[str, Any]]
Values = dict[str, Any]
# Of a run of (account, day, good), the first good day after the last bad one.
LAST_RUN = """
select account_id, min(day) from (
    select account_id, day, max(day) filter (where not good) over (partition by account_id) as bad
    from ({runs}) run
) run where bad is null or day > bad group by account_id
"""
# The value of a metric changes only where it has a row.
METRIC_RUNS = """
select account_id, day, value {comparison} %(threshold)s as good from accounts_measurement
where account_id = any(%(accounts)s) and metric_id = %(metric)s and superseded_at is null
    and day <= %(day)s
"""
# A use counts from its day until it leaves the window: the sum of comings and goings is the count.
FEATURE_RUNS = """
select account_id, day, sum(sum(uses)) over (partition by account_id order by day) >= %(threshold)s as good
from (
    select account_id, used_on + shift as day, case when shift = 0 then uses else -uses end as uses
    from (
        select account_id, (occurred_at at time zone %(zone)s)::date as used_on, count(*) as uses
        from accounts_event
        where account_id = any(%(accounts)s) and occurred_at >= %(since)s and occurred_at < %(until)s{filter}
        group by 1, 2
    ) used cross join (values (0), (%(window)s)) as shifts (shift)
) change where day <= %(day)s group by account_id, day
"""


def fill_since(
    levels: Sequence[Level], verdicts: Mapping[int, Verdict], before: Mapping[int, Facts], day: date
) -> None:
    """Write into the facts since when each behaviour holds: as known before, else from its history.

    `before`: the facts of the assessment that was current until now, by account.
    """
    behaviours = {item.pk: item for level in levels for item in level.behaviours.all()}
    unknown: dict[int, dict[int, dict[str, Any]]] = {}
    for account_id, verdict in verdicts.items():
        known = {fact["lineage"]: fact["since"] for fact in before.get(account_id, ()) if fact["holds"]}
        for fact in verdict.facts:
            if fact["holds"]:
                fact["since"] = known.get(fact["lineage"]) or fact.get("answered")
                if not fact["since"]:
                    unknown.setdefault(fact["behaviour"], {})[account_id] = fact
    for behaviour_id, facts in unknown.items():
        found = holding_since(behaviours[behaviour_id], list(facts), day)
        for account_id, fact in facts.items():
            fact["since"] = found.get(account_id, day).isoformat()


def holding_since(behaviour: Behaviour, account_ids: Sequence[int], day: date) -> Mapping[int, date]:
    """The first day of the run of days, up to `day`, on which the behaviour holds; by account.

    Looks back two years of usage, and over all measurements. Answers are not looked up: an answer
    holds since it was given.
    """
    if behaviour.evidence == Evidence.METRIC and behaviour.metric_id:
        return _first_days(*_metric_runs(behaviour), account_ids, day)
    if behaviour.evidence == Evidence.FEATURE:
        return _first_days(*_feature_runs(behaviour, day), account_ids, day)
    return {}


def _metric_runs(behaviour: Behaviour) -> tuple[str, Values]:
    comparison = "<=" if behaviour.comparison == Comparison.AT_MOST else ">="
    return METRIC_RUNS.format(comparison=comparison), {
        "metric": behaviour.metric_id,
        "threshold": behaviour.threshold,
    }


def _feature_runs(behaviour: Behaviour, day: date) -> tuple[str, Values]:
    name = zone()
    since, until = bounds(day - timedelta(days=LOOK_BACK_DAYS), day, name)
    feature_filter, values = matching([feature for feature in behaviour.features if feature != "*"])
    return FEATURE_RUNS.format(filter=feature_filter), {
        **values,
        "threshold": behaviour.threshold,
        "window": behaviour.window_days,
        "zone": name,
        "since": since,
        "until": until,
    }


def _first_days(runs: str, values: Values, account_ids: Sequence[int], day: date) -> Mapping[int, date]:
    with connection.cursor() as cursor:
        cursor.execute(LAST_RUN.format(runs=runs), {**values, "accounts": list(account_ids), "day": day})
        return dict(cursor.fetchall())
