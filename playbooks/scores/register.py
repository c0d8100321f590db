"""What this concept puts into the slots of the floors below."""

from importlib import import_module

from accounts.segments.registry import register_criterion
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.palette.slots import FurtherPage, add_page
from csworkspace.people.access import Needs
from csworkspace.web.slots import Panel, Tab, add_panel, add_tab
from playbooks.scores.criteria import CRITERIA
from playbooks.scores.exports import SCORES
from playbooks.scores.happenings import BANDS
from playbooks.scores.panels import score_panel
from playbooks.timeline.sources import add_timeline

TITLES = {
    "indicators.changed": "Work out scores after indicators changed",
    "standing.changed": "Work out scores after a change of level or plan",
}


def register() -> None:
    """Listen to what moves a score, and show it; called once at start."""
    import_module("playbooks.scores.jobs")
    import_module("playbooks.scores.tasks")
    for event, title in TITLES.items():
        on_event(event, kind="scores.refresh", title=title)
    for criterion in CRITERIA:
        register_criterion(criterion)
    register_exporter(SCORES)
    add_timeline(BANDS)
    add_panel("account.overview", Panel("score", "Value score", "scores/_panel.html", score_panel, 2))
    add_tab("settings", Tab("Score weights", "score_weights", 16))
    words = "weights formula components bands health"
    add_page(FurtherPage("How the value score is made", "score_method", Needs.READ, "Scores", words))
