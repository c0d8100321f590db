"""The segments of the demo company: real questions, filled by what its accounts are like today."""

from typing import Any

from accounts.metrics.models import Metric
from accounts.segments.actions import create_segment
from accounts.segments.definition import read_definition
from accounts.segments.models import Segment
from accounts.tiers.models import Tier
from csworkspace.audit.actor import Actor
from playbooks.frameworks.models import Behaviour, FrameworkStatus

Conditions = list[dict[str, Any]]


def condition(field: str, op: str, value: Any = None, of: object = "") -> dict[str, Any]:
    """One condition as it is stored."""
    return {"field": field, "op": op, "value": value, "of": str(of)}


def segments() -> list[tuple[str, str, str, list[Conditions]]]:
    """Name, description, how the groups are joined, and the conditions of each group."""
    top = str(Tier.objects.get(position=1).pk)
    users = Metric.objects.get(key="monthly-users").pk
    soon, trouble = condition("renewal", "within", "120"), condition("plan", "in", ["off_track", "slipping"])
    falling = condition("metric_change", "fell", "10", users)
    return [
        (
            "Renewing soon and slipping",
            "Talk to these before they decide without us.",
            "all",
            [[soon], [trouble, falling]],
        ),
        ("Top tier, level 3 or more", "Ready for references and reviews with executives.", "all",
         [[condition("tier", "in", [top]), condition("level", "at_least", "3")]]),
        ("Nordics, users falling", "Fewer people than four weeks ago.", "all",
         [[condition("attribute", "is", "Nordics", "region"), falling]]),
        ("Quiet customers", "Nobody has logged in for two weeks, and they still pay.", "all",
         [[condition("active", "not_within", "14"), condition("stage", "not_in", ["churned", "trial"])]]),
        *_without_reports(),
    ]  # fmt: skip


def _without_reports() -> list[tuple[str, str, str, list[Conditions]]]:
    """Those who do not show a behaviour of level 3, if the framework has it."""
    behaviour = (
        Behaviour.objects.filter(level__framework__status=FrameworkStatus.ACTIVE, level__position=3)
        .order_by("position")
        .first()
    )
    if behaviour is None:
        return []
    missing = condition("behaviour", "not_met", of=behaviour.lineage)
    reached = condition("level", "at_least", "2")
    text = f"At level 2, and “{behaviour.name}” is not there yet."
    return [("One step from level 3", text, "all", [[reached, missing]])]


def build_segments(by: Actor) -> None:
    """Make those that are missing."""
    known = set(Segment.objects.values_list("name", flat=True))
    for name, description, match, groups in segments():
        if name not in known:
            # A group of several in a segment of several groups: one of them is enough.
            joined = [
                {"match": "any" if len(groups) > 1 else "all", "conditions": conditions}
                for conditions in groups
            ]
            definition = read_definition({"match": match, "groups": joined})
            create_segment(by=by, name=name, description=description, definition=definition)
