"""What frameworks add to segments: whether a behaviour is met.

A behaviour is named by its lineage, so that a segment outlives a new version of the framework.
"""

import json

from accounts.segments.registry import Asked, Choice, Criterion, Operator, Sql
from playbooks.frameworks.models import Behaviour, FrameworkStatus

SHOWN = (
    "exists (select from playbooks_assessment assessment where assessment.account_id = row.account_id "
    "and assessment.superseded_at is null and assessment.evidence @> %s::jsonb)"
)


def behaviour_choices() -> list[Choice]:
    """The behaviours of the active framework by level; those of other versions alone are gone. One query."""
    rows = (
        Behaviour.objects.exclude(level__framework__status=FrameworkStatus.DRAFT)
        .order_by("level__framework__status", "-level__framework_id", "level__position", "position")
        .values_list("lineage", "name", "level__position", "level__framework__status")
    )
    found: dict[str, Choice] = {}
    for lineage, name, level, status in rows:
        gone = "" if status == FrameworkStatus.ACTIVE else "is not part of the framework any more"
        found.setdefault(str(lineage), Choice(str(lineage), name if gone else f"{level} · {name}", gone))
    return list(found.values())


def behaviour_sql(asked: Asked) -> Sql:
    """The current assessment says so; accounts without one fit neither."""
    return SHOWN, [json.dumps([{"lineage": asked.of, "holds": asked.op == "met"}])]


BEHAVIOUR = Criterion(
    "behaviour",
    "Behaviour",
    "How it stands",
    (Operator("met", "is met"), Operator("not_met", "is not met")),
    behaviour_sql,
    subject="behaviour",
    subjects=behaviour_choices,
    words="“{of}” {operator}",
)
