"""What this concept puts into the slots of the floors below."""

from playbooks.indicators import (
    measures_account,
    measures_metric,
    measures_people,
    measures_plan,
    measures_use,
)
from playbooks.indicators.measures import register_measure

GROUPS = (measures_metric, measures_use, measures_people, measures_plan, measures_account)


def register() -> None:
    """Fill the slots; called once at start."""
    for group in GROUPS:
        for measure in group.MEASURES:
            register_measure(measure)
