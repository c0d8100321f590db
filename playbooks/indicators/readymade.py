"""Indicators to start from, each added with one click; what they need is made if events can give it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import F, Func, TextField

from accounts.accounts.models import Account
from accounts.metrics.actions import MetricError, define_metric
from accounts.metrics.models import Metric, MetricKind
from accounts.usage.models import Event
from csworkspace.audit.actor import Actor
from csworkspace.web.urls import workspace_url
from playbooks.indicators.actions import create_indicator, request_evaluation
from playbooks.indicators.definition import read_definition
from playbooks.indicators.measures import When, measure_named
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names
from playbooks.indicators.readymade_set import METRICS, OUTCOMES, READY_MADE, ReadyMade


class Missing(ValueError):
    """What a ready-made indicator needs is not there; the text says what to do."""


def find_metric(wanted: str, names: Names) -> Metric | None:
    """The metric of this meaning: of the same counting, or of a number's usual key."""
    usable = [one for one in names.metrics.values() if not one.retired_at]
    if wanted in METRICS:
        spec = METRICS[wanted]
        return next(
            (
                one
                for one in usable
                if one.kind == MetricKind.USAGE
                and one.aggregation == spec["aggregation"]
                and one.window_days == spec["window_days"]
                and not one.features
            ),
            None,
        )
    keys = OUTCOMES[wanted][1]
    return next((one for one in usable if any(key in one.key for key in keys)), None)


def missing_of(one: ReadyMade, names: Names) -> str:
    """What has to be there first; "" if it can be added."""
    if one.metric in OUTCOMES and find_metric(one.metric, names) is None:
        return (
            f"Needs the metric {OUTCOMES[one.metric][0]}, which people enter. Define it under Metrics first."
        )
    if one.measure in ("behaviour_by_day", "behaviour_lost") and not names.behaviours:
        return "Needs an active maturity framework with behaviours. Publish one first."
    return ""


class Inputs:
    """What the workspace's data can give to indicators; each is one query, when it is asked."""

    @cached_property
    def attributes(self) -> set[str]:
        """The attributes that any account has."""
        keys = Func(F("attributes"), function="jsonb_object_keys", output_field=TextField())
        return set(Account.objects.order_by().annotate(key=keys).values_list("key", flat=True).distinct())

    @cached_property
    def has_renewals(self) -> bool:
        """Whether any account has a day of renewal."""
        return Account.objects.exclude(renewal_on=None).exists()

    @cached_property
    def has_paywall(self) -> bool:
        """Whether anybody has used a feature that the paywall is looked for by."""
        return Event.objects.filter(feature__startswith="paywall.").exists()

    def lacking(self, one: ReadyMade) -> str:
        """What nothing gives so far; it can be added all the same, and has no data until then."""
        attribute = one.params.get("attribute")
        if attribute and attribute not in self.attributes:
            return f"No account has the attribute “{attribute}” so far; without it there are no data."
        if "renewal_days" in one.scope and not self.has_renewals:
            return "No account has a renewal date so far; without one nobody is asked."
        if one.measure == "feature_use" and not self.has_paywall:
            return "No event has a feature like paywall.* so far. Choose your features after adding it."
        return ""


def note_of(one: ReadyMade, names: Names, inputs: Inputs) -> str:
    """What nothing gives so far, and what adding it will make too."""
    notes = [inputs.lacking(one)]
    if one.metric in METRICS and find_metric(one.metric, names) is None:
        notes.append(f"Also defines the metric {METRICS[one.metric]['name']}.")
    return " ".join(filter(None, notes))


def sections(request: Any) -> list[dict[str, Any]]:
    """The set under its headings, each with whether it is there, can be added, or what is missing."""
    names, inputs = Names(), Inputs()
    there = {one.key: one for one in Indicator.objects.all()}
    found: dict[str, list[dict[str, str]]] = {}
    for one in READY_MADE:
        added = there.get(one.key)
        found.setdefault(one.section, []).append(
            {
                "key": one.key,
                "name": one.name,
                "text": one.description,
                "url": workspace_url(request, "indicator", added.pk) if added else "",
                "missing": "" if added else missing_of(one, names),
                "note": "" if added else note_of(one, names, inputs),
            }
        )
    return [
        {"name": name, "rows": rows, "open": sum(not row["url"] and not row["missing"] for row in rows)}
        for name, rows in found.items()
    ]


@transaction.atomic
def add(keys: Sequence[str] | None, *, by: Actor) -> list[Indicator]:
    """Add ready-made indicators (None: all that can be); what is there, or lacks something, is left."""
    names, there = Names(), set(Indicator.objects.values_list("key", flat=True))
    wanted = [one for one in READY_MADE if (keys is None or one.key in keys) and one.key not in there]
    added = [make(one, names, by) for one in wanted if not missing_of(one, names)]
    if added:
        request_evaluation([one.pk for one in added], by)
    return added


def make(one: ReadyMade, names: Names, by: Actor) -> Indicator:
    """Define one, and before it the metric it needs; `add` has it evaluated."""
    measure = measure_named(one.measure)
    if measure is None:
        raise Missing("What it measures is not part of this program.")
    data = {
        "params": params_of(one, names, by),
        "when": one.when or (When.AT_LEAST if measure.when == When.CHOSEN else str(measure.when)),
        "begins": one.begins or measure.begins,
        "ends": one.ends or measure.ends,
        **one.scope,
    }
    return create_indicator(
        by=by,
        key=one.key,
        name=one.name,
        description=one.description,
        kind=one.kind,
        severity=one.severity,
        measure=one.measure,
        definition=read_definition(one.measure, data, names),
        explanation=one.explanation or measure.explanation,
        cool_down_days=one.cool_down_days,
        evaluated=False,
    )


def params_of(one: ReadyMade, names: Names, by: Actor) -> Mapping[str, Any]:
    """The measure's initial parameters, with the set's own, the metric and the behaviour."""
    measure = measure_named(one.measure)
    form: Any = measure.form(names=names) if measure else None
    params = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    params |= one.params
    if one.metric:
        params["metric"] = ensure_metric(one.metric, names, by).pk
    if one.measure == "behaviour_by_day":
        params["behaviour"] = next(iter(names.behaviours))
    return params


def ensure_metric(wanted: str, names: Names, by: Actor) -> Metric:
    """The metric, defined if events can give it. Raises Missing."""
    found = find_metric(wanted, names)
    if found is not None:
        return found
    if wanted not in METRICS:
        raise Missing(f"Needs the metric {OUTCOMES[wanted][0]}.")
    spec = METRICS[wanted]
    for key in (wanted, f"{wanted}-of-all", f"indicator-{wanted}"):
        try:
            with transaction.atomic():
                made = define_metric(by=by, **{**spec, "key": key})
        except MetricError:
            continue
        # What was read before does not have it.
        names.__dict__.pop("metrics", None)
        return made
    raise Missing(f"The metric {spec['name']} could not be defined: its key is taken.")
