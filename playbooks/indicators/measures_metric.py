"""Measures of metrics: level, change, among peers, as a share."""

from collections.abc import Mapping
from typing import Any

from playbooks.indicators.asked import Asked, Statement
from playbooks.indicators.measure_forms import ChangeForm, MetricForm, ShareForm
from playbooks.indicators.measure_parts import is_fresh, points
from playbooks.indicators.measures import Measure, Told, When
from playbooks.indicators.naming import Names
from playbooks.indicators.saying import in_unit, metric_name, metric_proof, percent, span

SECTION = "Metrics"
EMPTY = "'{}'::jsonb"
NO_VALUE = "The metric has no value for this account."
STALE = "The last number was entered too long ago."
PAST = (
    "Recorded: measurements as they stood that evening. Received: usage counted anew from the events that "
    "had been received by then; numbers that people enter by the day they are of."
)
LIVE = """
select state.account_id, state.value, null::numeric as compared,
    case when {fresh} then state.value end as test, {empty} as detail, %(stale)s as why
from accounts_metricstate state where state.metric_id = %(m_metric)s{within}
"""
LEVEL = """
select m.account_id, m.value, null::numeric as compared, case when {fresh} then m.value end as test,
    {empty} as detail, %(stale)s as why
from ({points}) m
"""
CHANGE = """
select account_id, value, compared, {test} as test,
    case when {known} then jsonb_build_object('test', round({test}, 2)) else '{{}}'::jsonb end as detail,
    case when windows * 2 < %(past)s then 'There is too little history to compare with.'
        when compared < %(base)s::numeric then 'The past is too small for a percentage to count.'
        else 'There is no value of now.' end as why
from (
    select account_id, avg(value) filter (where n < %(recent)s) as value,
        avg(value) filter (where n >= %(recent)s) as compared,
        count(*) filter (where n >= %(recent)s) as windows
    from ({points}) m where {fresh} group by account_id
) both_sides
"""
CHANGE_KNOWN = "windows * 2 >= %(past)s and compared >= %(base)s::numeric and compared > 0"
SHARE = """
select m.account_id, m.value, other.value as compared,
    case when other.value > 0 and {fresh} and {fresh_other} then m.value * 100 / other.value end as test,
    case when other.value > 0 then jsonb_build_object('test', round(m.value * 100 / other.value, 2))
        else '{{}}'::jsonb end as detail,
    case when other.value > 0 then %(stale)s else %(no_other)s end as why
from ({points}) m join ({other}) other on other.account_id = m.account_id
"""
ATTRIBUTE = """select scope.account_id, case when scope.attributes ->> %(attribute)s
    ~ '^\\s*[0-9]{1,12}([.][0-9]{1,6})?\\s*$' then trim(scope.attributes ->> %(attribute)s)::numeric end
    as value from scope"""


def level_sql(asked: Asked) -> Statement:
    """The value on the day."""
    metric = asked.metrics[int(asked.params["metric"])]
    values = {"m_metric": metric.pk, "stale": STALE}
    if asked.is_live:
        fresh = is_fresh(metric, "state")
        text = LIVE.format(fresh=fresh, empty=EMPTY, within=asked.within("state.account_id"))
        return Statement(text, values, why=NO_VALUE)
    inner, given = points(asked, metric, 1)
    text = LEVEL.format(fresh=is_fresh(metric, "m"), empty=EMPTY, points=inner)
    return Statement(text, {**values, **given}, why=NO_VALUE)


def change_sql(asked: Asked) -> Statement:
    """How much it fell or rose, in percent of the average of the windows before."""
    params, metric = asked.params, asked.metrics[int(asked.params["metric"])]
    recent, past = int(params["recent"]), int(params["past"])
    inner, values = points(asked, metric, recent + past)
    difference = "compared - value" if params["direction"] == "fell" else "value - compared"
    test = f"case when {CHANGE_KNOWN} then ({difference}) * 100 / compared end"
    known = f"{CHANGE_KNOWN} and value is not null"
    # One old number does not stand for all the windows since.
    fresh = is_fresh(metric, "m", "m.n * %(m_width)s")
    text = CHANGE.format(points=inner, test=test, known=known, fresh=fresh)
    return Statement(text, {**values, "recent": recent, "past": past, "base": params["base"]}, why=NO_VALUE)


def share_sql(asked: Asked) -> Statement:
    """Percent of another metric, or of a number among the attributes."""
    params, metric = asked.params, asked.metrics[int(asked.params["metric"])]
    inner, values = points(asked, metric, 1)
    fresh_other = "true"
    if params.get("of_metric"):
        whole = asked.metrics[int(params["of_metric"])]
        other, given = points(asked, whole, 1, "o")
        fresh_other = is_fresh(whole, "other")
        no_other = "The other metric has no value above zero."
    else:
        other, given = ATTRIBUTE, {"attribute": params["attribute"]}
        no_other = "The account has no such attribute with a number above zero."
        if asked.is_past:
            other = "select account_id, null::numeric as value from scope"
            no_other = "What the attribute was on that day is not kept."
    fresh = is_fresh(metric, "m")
    text = SHARE.format(points=inner, other=other, fresh=fresh, fresh_other=fresh_other)
    return Statement(text, {**values, **given, "no_other": no_other, "stale": STALE}, why=NO_VALUE)


def level_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    return {"metric": metric_name(told.params, told.names), "value": in_unit(told, told.value)}


def change_said(told: Told) -> dict[str, str]:
    """Placeholders: the change without its sign, because the direction is in the sentence."""
    metric = told.names.metric(told.params.get("metric"))
    width = metric.window_days if metric else 0
    test = told.test if "test" in told.detail else None
    # What it would hold for is that it fell: a negative fall is a rise.
    fell = (told.params["direction"] == "fell") == (test is None or test >= 0)
    moved = "fell" if fell else "rose"
    return {
        **level_said(told),
        "compared": in_unit(told, told.compared),
        "moved": moved,
        "change": percent(None if test is None else abs(test)),
        "recent": span(int(told.params["recent"]) * width),
        "past": span(int(told.params["past"]) * width),
    }


def change_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    metric = names.metric(params.get("metric"))
    width = metric.window_days if metric else 0
    recent, past = span(int(params["recent"]) * width), span(int(params["past"]) * width)
    fell = "fall" if params["direction"] == "fell" else "rise"
    return f"{fell} of {metric_name(params, names)} in {recent} against the {past} before"


def change_proofs(told: Told) -> list[Any]:
    """Now, and the last window before."""
    metric = told.names.metric(told.params.get("metric"))
    before = metric.window_days * int(told.params["recent"]) if metric else 0
    said = change_said(told)
    return [
        *metric_proof(told, f"Last {said['recent']}", told.value),
        *metric_proof(told, f"Average of the {said['past']} before", told.compared, before=before),
    ]


def share_said(told: Told) -> dict[str, str]:
    """Placeholders."""
    of_metric = told.params.get("of_metric")
    other = metric_name(told.params, told.names, "of_metric") if of_metric else told.params["attribute"]
    test = told.test if "test" in told.detail else None
    whole = in_unit(told, told.compared, "of_metric" if of_metric else "metric")
    return {**level_said(told), "share": percent(test), "of": str(other), "compared": whole}


def share_words(params: Mapping[str, Any], names: Names) -> str:
    """In words."""
    other = metric_name(params, names, "of_metric") if params.get("of_metric") else params["attribute"]
    return f"{metric_name(params, names)} as a share of {other}"


def own_proofs(told: Told) -> list[Any]:
    """The value, and the other metric's."""
    found = metric_proof(told, "Value", told.value)
    return found + metric_proof(told, "Held against", told.compared, key="of_metric")


def metric_missing(params: Mapping[str, Any], names: Names) -> str:
    """The metrics, and the segment."""
    said = names.metric_missing(params.get("metric"))
    if not said and params.get("of_metric"):
        said = names.metric_missing(params["of_metric"])
    peers = str(params.get("peers", ""))
    if not said and peers.startswith("segment ") and int(peers[8:]) not in names.segments:
        said = "The segment of its peers does not exist any more."
    return said


M = {"metric": "the metric’s name", "value": "its value, with the unit"}
SHARED: dict[str, Any] = {"section": SECTION, "past": PAST, "missing": metric_missing}
MEASURED = ("measurements.changed",)
MEASURES = (
    Measure(
        "metric", "A metric’s value", help="How high a usage or outcome metric is.", form=MetricForm,
        compile=level_sql, words=metric_name, said=level_said, proofs=own_proofs, placeholders=M,
        explanation="{metric} is {value}", events=MEASURED, when=When.CHOSEN, begins="5", ends="5", **SHARED,
    ),
    Measure(
        "metric_change", "A metric against its own past",
        help="How much it fell or rose against the average of the windows before.", form=ChangeForm,
        compile=change_sql, words=change_words, said=change_said, proofs=change_proofs,
        placeholders={**M, "compared": "the average before", "moved": "fell or rose",
                      "change": "by how many percent",
                      "recent": "the time that counts as now", "past": "the time before"},
        explanation="{metric} {moved} {change} in {recent} against the {past} before", events=MEASURED,
        unit="%",
        begins="40", ends="30", **SHARED,
    ),
    Measure(
        "metric_share", "A metric as a share", form=ShareForm,
        help="Of another metric, or of a number among the account’s attributes such as seats.",
        compile=share_sql, words=share_words, said=share_said, proofs=own_proofs,
        placeholders={**M, "share": "the share in percent", "of": "what it is a share of",
                      "compared": "that number"},
        explanation="{metric} is {share} of {of}", events=(*MEASURED, "accounts.changed"), when=When.CHOSEN,
        unit="%", begins="90", ends="85", **SHARED,
    ),
)  # fmt: skip
