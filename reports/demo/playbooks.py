"""The demo's playbooks: five of the library in use, with their triggers; the others wait in the library."""

from csworkspace.audit.actor import Actor
from playbooks.playbooks.actions import edit_playbook, publish
from playbooks.playbooks.checking import problems_of
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.library import LIBRARY
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import draft_of
from playbooks.playbooks.resolving import use_ready

IN_USE = ("adoption-drop", "safe-switch", "renewal", "onboarding", "qbr-preparation")
# So few plays a day that a demo of forty accounts is not flooded by its own history.
A_DAY = 2


def use_playbooks(by: Actor) -> None:
    """Use and publish those that are missing; one that lacks something here stays a draft, as for anybody."""
    used = set(Playbook.objects.values_list("library_key", flat=True))
    for key in IN_USE:
        if key not in used:
            _use(key, by)


def _use(key: str, by: Actor) -> None:
    playbook = edit_playbook(use_ready(LIBRARY[key], by=by), by=by, daily_limit=A_DAY)
    draft = draft_of(playbook)
    if draft and not problems_of(read_version(draft), Names()):
        publish(playbook, by=by, change_note="From the library")
