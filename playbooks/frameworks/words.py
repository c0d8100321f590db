"""Sentences about evidence, from a behaviour and the fact an assessment stored. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from csworkspace.web import formats, times
from playbooks.frameworks.models import Behaviour, Evidence


def feature_words(features: list[str]) -> str:
    """Names as people say them: "nova.scheduler", "nova.* or glance.image", "any feature"."""
    if not features or "*" in features:
        return "any feature"
    return features[0] if len(features) == 1 else f"{', '.join(features[:-1])} or {features[-1]}"


def need_words(behaviour: Behaviour) -> str:
    """What is asked for, as a phrase: "at least 5 uses of nova.scheduler in 28 days"."""
    if behaviour.evidence == Evidence.ANSWER:
        return f"answered yes: {behaviour.question}"
    amount = formats.number(behaviour.threshold)
    if behaviour.evidence == Evidence.FEATURE:
        uses = "use" if behaviour.threshold == 1 else "uses"
        return (
            f"at least {amount} {uses} of {feature_words(behaviour.features)} "
            f"in {formats.plural(behaviour.window_days, 'day')}"
        )
    metric = behaviour.metric
    value = formats.with_unit(behaviour.threshold, metric.unit if metric else "")
    return f"{metric.name if metric else 'a metric'} {behaviour.get_comparison_display()} {value}"


def evidence_sentence(behaviour: Behaviour, fact: dict[str, Any]) -> str:
    """What was seen and what it takes: "12 uses of nova.scheduler in the 28 days to 14 Mar 2026; needs 5"."""
    if behaviour.evidence == Evidence.ANSWER:
        return _answer_sentence(fact)
    if not fact:
        return "Not assessed yet"
    day = times.day(date.fromisoformat(fact["day"]))
    number = None if fact.get("number") is None else Decimal(fact["number"])
    if behaviour.evidence == Evidence.FEATURE:
        return _feature_sentence(behaviour, number or Decimal(0), day)
    return _metric_sentence(behaviour, number, day)


def _feature_sentence(behaviour: Behaviour, number: Decimal, day: str) -> str:
    uses = "use" if number == 1 else "uses"
    return (
        f"{formats.number(number)} {uses} of {feature_words(behaviour.features)} "
        f"in the {formats.plural(behaviour.window_days, 'day')} to {day}; "
        f"needs {formats.number(behaviour.threshold)}"
    )


def _metric_sentence(behaviour: Behaviour, number: Decimal | None, day: str) -> str:
    metric = behaviour.metric
    name, unit = (metric.name, metric.unit) if metric else ("The metric", "")
    need = f"needs {behaviour.get_comparison_display()} {formats.with_unit(behaviour.threshold, unit)}"
    if number is None:
        return f"{name}: not measured yet; {need}"
    return f"{name}: {formats.with_unit(number, unit)} on {day}; {need}"


def _answer_sentence(fact: dict[str, Any]) -> str:
    if fact.get("answered") is None:
        return "Nobody has answered this yet"
    answer = "Yes" if fact.get("holds") else "No"
    return f"{answer}, said {fact.get('by', 'somebody')} on {times.day(date.fromisoformat(fact['answered']))}"
