"""What this concept puts into the slots of the floors below."""

from csworkspace.people.access import Needs
from csworkspace.web.slots import NavEntry, add_nav
from playbooks.myday.needs import other_needs
from playbooks.myday.newcomers import new_accounts
from playbooks.myday.owed import owed_services
from playbooks.myday.practices import due_practices
from playbooks.myday.providers import Provider, add_provider
from playbooks.myday.renewals import bare_renewals
from playbooks.myday.targets import slipping_targets


def register() -> None:
    """Called once when the program starts."""
    add_nav(NavEntry("My day", "my_day", Needs.READ, 5))
    add_provider(Provider("services", owed_services))
    add_provider(Provider("practices", due_practices))
    add_provider(Provider("targets", slipping_targets))
    add_provider(Provider("renewals", bare_renewals))
    add_provider(Provider("attention", other_needs))
    add_provider(Provider("new", new_accounts))
