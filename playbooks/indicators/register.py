"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.events.registry import on_event
from playbooks.indicators import (
    measures_account,
    measures_metric,
    measures_people,
    measures_plan,
    measures_use,
)
from playbooks.indicators.jobs import TITLES, kind_of
from playbooks.indicators.measures import register_measure

GROUPS = (measures_metric, measures_use, measures_people, measures_plan, measures_account)


def register() -> None:
    """Offer the measures, and listen to everything that changes their inputs."""
    import_module("playbooks.indicators.tasks")
    for group in GROUPS:
        for measure in group.MEASURES:
            register_measure(measure)
    for event, title in TITLES.items():
        on_event(event, kind=kind_of(event), title=title)
