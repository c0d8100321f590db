"""Measures of what was agreed: the plan's targets, and behaviours of the maturity framework."""

from collections.abc import Mapping
from typing import Any

from csworkspace.web import formats
from playbooks.indicators.asked import Asked, Known, Statement
from playbooks.indicators.measure_forms import BehaviourForm, LostForm, PlanForm
from playbooks.indicators.measure_parts import GRACE_DAYS, since_of
from playbooks.indicators.measures import Measure, Proof, Told
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import (
    as_exact_as,
    day_words,
    in_unit,
    listed,
    metric_name,
    metric_proof,
    percent,
    span,
    whole,
)

SECTION = "Plan and maturity"
DAY = "(%(day)s::date - n)"
# The path of a target: straight, or from one agreed stop to the next; see plans.progress.expected.
EXPECTED = f"""
case when {DAY} <= target.starts_on then target.baseline when {DAY} >= target.due_on then target.value
    when target.checkpoints = '[]'::jsonb then target.baseline + (target.value - target.baseline)
        * ({DAY} - target.starts_on) / (target.due_on - target.starts_on)
    else (
        select before_v + (v - before_v) * ({DAY} - before_on) / (day - before_on) from (
            select day, v, lag(day) over (order by day) as before_on, lag(v) over (order by day) as before_v
            from (
                select target.starts_on as day, target.baseline as v
                union all select target.due_on, target.value
                union all select (stop ->> 'on')::date, (stop ->> 'value')::numeric
                from jsonb_array_elements(target.checkpoints) stop
                where (stop ->> 'on')::date > target.starts_on and (stop ->> 'on')::date < target.due_on
            ) stops
        ) legs where before_on < {DAY} and {DAY} <= day limit 1
    ) end"""
# Progress minus expected progress, in points of the way; of a target to hold, percent worse than it, and of
# one to hold at 0 all or nothing; as scores.formula.target_share.
GAP = """
case when target.value <> target.baseline
    then (found.value - path.expected) * 100 / (target.value - target.baseline)
    else (select case when target.value <> 0 then least(0, ahead) * 100 / abs(target.value)
            when ahead >= 0 then 0 else -100 end
        from (select case when metric.direction = 'up' then found.value - target.value
            else target.value - found.value end as ahead) held) end"""
PLAN = """
with gaps as materialized (
    select distinct on (target.account_id, n) target.account_id, n, plan.id as plan_id, target.metric_id,
        found.value, path.expected, gap.gap, {revised} as revised
    from playbooks_plan plan
    join playbooks_objective objective on objective.plan_id = plan.id
    join playbooks_target target on target.objective_id = objective.id
    join accounts_metric metric on metric.id = target.metric_id
    cross join unnest(%(samples)s::int[]) n
    cross join lateral ({latest}) found
    cross join lateral (select {expected} as expected) path
    cross join lateral (select {gap} as gap) gap
    where {active}{within}{metric} and gap.gap is not null
        and (metric.kind = 'usage' or found.day >= {day} - metric.window_days - %(grace)s)
    order by target.account_id, n, gap.gap, target.id
)
select plan.account_id, value, expected as compared,
    case when not bool_or(revised) then -least_bad end as test,
    case when value is null then '{{}}'::jsonb else jsonb_build_object('test', round(-least_bad, 2),
        'metric', metric_id, 'plan', plan_id, 'gap', round(-gap, 2)) end as detail,
    case when value is null then %(no_value)s
        else 'The plan was revised after that day, and its earlier terms are not kept.' end as why
from playbooks_plan plan left join (
    select gaps.*, max(gap) over (partition by account_id) as least_bad,
        count(*) over (partition by account_id) as looked from gaps
) worst on worst.account_id = plan.account_id and n = 0 and looked = %(looked)s
where {active}{within_plan}
group by plan.account_id, value, expected, least_bad, metric_id, plan_id, gap
"""
# Found by the target's metric, unlike in `measure_parts`, and by the sample's own day.
TARGET_LATEST = """select value, day from accounts_measurement measurement
    where measurement.account_id = target.account_id and measurement.metric_id = target.metric_id
        and measurement.day <= (%(day)s::date - n){state} order by day desc limit 1"""
LIVE = "plan.state = 'active'"
THEN = (
    "plan.state <> 'draft' and plan.starts_on <= %(day)s::date and "
    "(plan.closed_at is null or plan.closed_at >= %(until)s)"
)
ACTIVATED = """ and plan.created_at < %(until)s and not exists (
        select from csworkspace_auditentry entry where entry.object_type = 'plan'
            and entry.object_id = plan.id and entry.verb = 'activated' and entry.at >= %(until)s)"""
REVISED = """exists (select from playbooks_revision revision
            where revision.plan_id = plan.id and revision.revised_at >= %(until)s)"""
NO_PLAN = "There is no active plan."
NO_VALUE = "No active plan has a target with a value of then to compare."
LOST = """
select assessed.account_id, lost.many as value, null::numeric as compared, lost.many as test,
    jsonb_build_object('names', lost.names)
        || case when lost.ever > lost.many then jsonb_build_object('lapsed', true) else '{{}}'::jsonb end
        as detail, null::text as why
from playbooks_assessment assessed cross join lateral (
    select count(*) filter (where recent)::numeric as many, count(*) as ever,
        coalesce(jsonb_agg(name order by name) filter (where recent), '[]'::jsonb) as names
    from (
        select was ->> 'lineage' as lineage, was ->> 'name' as name,
            bool_or(before.superseded_at >= %(since)s) as recent
        from playbooks_assessment before cross join jsonb_array_elements(before.evidence) was
        where before.account_id = assessed.account_id and before.id < assessed.id
            and before.superseded_at is not null and before.assessed_at < %(until)s
            and (was ->> 'holds')::boolean{one}
            and exists (select from jsonb_array_elements(assessed.evidence) fact
                where fact ->> 'lineage' = was ->> 'lineage' and not (fact ->> 'holds')::boolean)
        group by 1, 2
    ) gone
) lost
where {current}{within}
"""
LATE = """
select assessed.account_id, days as value, null::numeric as compared, days as test,
    jsonb_build_object('since', scope.customer_since, 'name', fact ->> 'name') as detail, null::text as why
from playbooks_assessment assessed
join scope on scope.account_id = assessed.account_id and scope.customer_since is not null
cross join lateral (select fact from jsonb_array_elements(assessed.evidence) fact
    where fact ->> 'lineage' = %(lineage)s limit 1) found
cross join lateral (select case when (fact ->> 'holds')::boolean then 0
    else greatest(0, %(day)s::date - scope.customer_since) end::numeric as days) late
where {current}{within}
"""
NOT_ASSESSED = "The account had not been assessed."


def plan_sql(asked: Asked) -> Statement:
    """By how many points the worst target is behind its path; with days, the best of the weekly looks."""
    params = asked.params
    samples = [*range(0, int(params.get("days") or 0) + 1, 7)]
    if params.get("days") and samples[-1] != int(params["days"]):
        samples.append(int(params["days"]))
    text = PLAN.format(
        latest=_latest(asked),
        expected=EXPECTED,
        gap=GAP,
        day=DAY,
        active=LIVE if not asked.is_past else THEN + (ACTIVATED if asked.known != Known.RECEIVED else ""),
        revised=REVISED if asked.is_past else "false",
        within=asked.within("target.account_id"),
        within_plan=asked.within("plan.account_id"),
        metric=" and target.metric_id = %(metric)s" if params.get("metric") else "",
    )
    values = {
        "samples": samples,
        "looked": len(samples),
        "grace": GRACE_DAYS,
        "no_value": NO_VALUE,
        "metric": params.get("metric"),
    }
    return Statement(text, values, why=NO_PLAN)


def _latest(asked: Asked) -> str:
    if asked.known != Known.RECORDED:
        return TARGET_LATEST.format(state=" and superseded_at is null")
    known = " and recorded_at < %(until)s and (superseded_at is null or superseded_at >= %(until)s)"
    return TARGET_LATEST.format(state=known)


def _current(asked: Asked) -> str:
    """The assessment that was current at the end of the day."""
    if not asked.is_past:
        return "assessed.superseded_at is null"
    return (
        "assessed.assessed_at < %(until)s "
        "and (assessed.superseded_at is null or assessed.superseded_at >= %(until)s)"
    )


def lost_sql(asked: Asked) -> Statement:
    """How many behaviours were held within some days and are not now."""
    lineage = asked.params.get("behaviour") or ""
    text = LOST.format(
        one=" and was ->> 'lineage' = %(lineage)s" if lineage else "",
        current=_current(asked),
        within=asked.within("assessed.account_id"),
    )
    values = {"lineage": lineage, "since": since_of(asked, int(asked.params["days"]))}
    return Statement(text, values, why=NOT_ASSESSED)


def late_sql(asked: Asked) -> Statement:
    """Days as a customer without the behaviour; 0 once it is there."""
    text = LATE.format(current=_current(asked), within=asked.within("assessed.account_id"))
    why = "The account has not been assessed for it, or it is not known since when it is a customer."
    return Statement(text, {"lineage": asked.params["behaviour"]}, why=why)


def plan_said(told: Told) -> dict[str, str]:
    """Placeholders: the metric is the one of the worst target."""
    # Of today, as the values beside it; what was tested may be the best of several weeks.
    gap = told.detail.get("gap", told.test if "test" in told.detail else None)
    return {
        "metric": metric_name(told.detail, told.names) if told.detail.get("metric") else "the target",
        "value": _target_value(told, told.value),
        "expected": _target_value(told, as_exact_as(told.value, told.compared)),
        "points": f"{percent(gap)} of the way" if gap is not None else formats.DASH,
    }


def _target_value(told: Told, value: Any) -> str:
    worst = Told(told.detail, told.names, told.day, told.value, told.compared, told.detail)
    return in_unit(worst, value)


def plan_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    what = f"the target of {metric_name(params, names)}" if params.get("metric") else "the worst target"
    days = int(params.get("days") or 0)
    return f"points that {what} of the active plan is behind its path" + (
        f", for {span(days)}" if days else ""
    )


def plan_proofs(told: Told) -> list[Proof]:
    """The value, what was expected, and the plan."""
    found = metric_proof(told, "Value", told.value)
    plan = told.detail.get("plan")
    if plan:
        found.append(Proof("Expected by the plan", _target_value(told, told.compared), "plan", (plan,)))
    return found


def lost_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    names = [f"“{name}”" for name in told.detail.get("names", [])]
    return {"behaviours": listed(names, "and"), "value": whole(told.value)}


def lost_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    named = names.behaviours.get(str(params.get("behaviour")))
    what = f"whether “{named}” was lost" if named else "behaviours lost"
    return f"{what} within {span(int(params['days']))}"


def maturity_proofs(label: str) -> Any:
    """The number, on the maturity page."""
    return lambda told: [Proof(label, whole(told.value), "account_maturity", ("account",))]


def late_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {
        "behaviour": str(told.detail.get("name", "")),
        "days": formats.plural(int(told.value or 0), "day"),
        "since": day_words(told.detail.get("since")),
    }


def late_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    named = names.behaviours.get(str(params["behaviour"]), "a behaviour that is gone")
    return f"days as a customer without “{named}”"


def target_missing(params: Mapping[str, Any], names: Names) -> str:
    """The metric, if one is named."""
    return names.metric_missing(params["metric"]) if params.get("metric") else ""


def behaviour_missing(params: Mapping[str, Any], names: Names) -> str:
    """The behaviour, if one is named."""
    wanted = params.get("behaviour")
    gone = bool(wanted) and str(wanted) not in names.behaviours
    return "The active framework does not have the behaviour that it is about." if gone else ""


MATURITY_PAST = (
    "Assessments as they were kept at the end of the day; before the first assessment nothing is known."
)
MEASURES = (
    Measure(
        "plan_target", "Behind the plan", form=PlanForm, section=SECTION,
        help="How far the worst target of the active plan is behind what was expected by today.",
        compile=plan_sql, words=plan_words, said=plan_said, proofs=plan_proofs,
        placeholders={"metric": "the worst target’s metric", "value": "its value",
                      "expected": "the value expected by the plan",
                      "points": "how far behind today, as a part of the whole way"},
        explanation="{metric} is {value} where the plan expected {expected} by now",
        past="Measurements as recorded by then; received counts what is measured of that day now. The plan "
        "as it is now, if it was not revised since; else no data.",
        unit="points", begins="10", ends="5", missing=target_missing,
        events=("measurements.changed", "standing.changed"),
        over={NO_PLAN: "The plan that it tells of is not followed any more since"},
    ),
    Measure(
        "behaviour_lost", "Behaviour lost", help="Held before, and not now.", form=LostForm,
        section=SECTION, past=MATURITY_PAST, compile=lost_sql, words=lost_words, said=lost_said,
        proofs=maturity_proofs("Behaviours lost"),
        placeholders={"behaviours": "which", "value": "how many"},
        explanation="They no longer do {behaviours}",
        unit="behaviours", missing=behaviour_missing, events=("standing.changed",),
        lapsed="They still do not do it, but it is too long ago to count any more",
    ),
    Measure(
        "behaviour_by_day", "Behaviour not reached by a day", form=BehaviourForm, section=SECTION,
        help="Days of being a customer without it; 0 once it is reached.", compile=late_sql,
        words=late_words, said=late_said, proofs=maturity_proofs("Days without it"), past=MATURITY_PAST,
        placeholders={"behaviour": "which", "days": "how many days", "since": "customer since"},
        explanation="A customer for {days}, and “{behaviour}” is not there yet", unit="days",
        begins="60", ends="60", counts_days=True, missing=behaviour_missing,
        events=("standing.changed", "accounts.changed"),
    ),
)  # fmt: skip
