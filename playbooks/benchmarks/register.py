"""What this concept puts into the slots of the floors below."""

from csworkspace.web.slots import Panel, add_panel
from playbooks.benchmarks.panels import benchmarks_panel


def register() -> None:
    """Fill the slots; called once at start."""
    add_panel(
        "account.maturity",
        Panel("benchmarks", "Benchmarks", "benchmarks/_panel.html", benchmarks_panel, 10),
    )
