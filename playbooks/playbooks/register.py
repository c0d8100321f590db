"""What this concept puts into the slots of the floors below."""

from accounts.segments.uses import register_segment_uses
from csworkspace.exports.registry import register_exporter
from csworkspace.palette.slots import Command, Source, add_command, add_source
from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav
from playbooks.playbooks.exporters import PLAYBOOKS
from playbooks.playbooks.palette import find_playbooks
from playbooks.playbooks.uses import playbook_uses


def register() -> None:
    """Fill the slots; called once at start."""
    add_nav(NavEntry("Playbooks", "playbooks", Needs.READ, 36))
    add_source(Source("Playbooks", Needs.READ, find_playbooks, order=45))
    add_command(Command("New playbook", "playbook_new", Needs.MANAGE))
    register_segment_uses(playbook_uses)
    register_exporter(PLAYBOOKS)
