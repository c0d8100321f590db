"""What this concept puts into the slots of the floors below."""

from accounts.imports.registry import register_importer
from accounts.revenue import jobs as jobs
from accounts.revenue.arr_import import ARR
from accounts.revenue.exporters import ARR_POINTS
from csworkspace.events.registry import on_event
from csworkspace.exports.registry import register_exporter
from csworkspace.web.slots import Tab, add_tab


def register() -> None:
    """Called once when the program starts."""
    register_importer(ARR)
    register_exporter(ARR_POINTS)
    add_tab("settings", Tab("Currencies", "currencies", 17))
    on_event(
        "workspace.currency_changed", kind="revenue.currency", title="Compare amounts in the new currency"
    )
