"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from csworkspace.events.registry import on_event
from csworkspace.palette.slots import Command, FurtherPage, Source, add_command, add_page, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import Tab, add_tab
from playbooks.indicators import (
    measures_account,
    measures_metric,
    measures_peers,
    measures_people,
    measures_plan,
    measures_use,
)
from playbooks.indicators.jobs import OF_ALL, TITLES, kind_of
from playbooks.indicators.measures import register_measure
from playbooks.indicators.palette import find_indicators

GROUPS = (measures_metric, measures_peers, measures_use, measures_people, measures_plan, measures_account)


def register() -> None:
    """Offer the measures, and listen to everything that changes their inputs."""
    import_module("playbooks.indicators.tasks")
    for group in GROUPS:
        for measure in group.MEASURES:
            register_measure(measure)
    for event, title in TITLES.items():
        on_event(event, kind=kind_of(event), title=title, key="all" if event in OF_ALL else "")
    add_tab("settings", Tab("Indicators", "indicators", 18))
    add_source(Source("Indicators", Needs.READ, find_indicators, order=45))
    add_command(Command("New indicator", "indicator_new", Needs.MANAGE))
    add_page(
        FurtherPage("Indicators", "indicators", Needs.READ, "Settings", "signals early warning thresholds")
    )
