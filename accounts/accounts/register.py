"""What this concept puts into the slots of the floors below."""

from accounts.accounts.palette import find_accounts
from accounts.accounts.panels import changes_panel, facts_panel
from accounts.accounts.queries import accounts_of_viewer
from accounts.accounts.viewers import bind_viewer, find_by_name, names_of
from csworkspace.invitations.hooks import AccountBinding, register_account_binding
from csworkspace.palette.slots import Command, Source, add_command, add_source
from csworkspace.people.access import Needs, register_confinement
from csworkspace.web.slots import Panel, Tab, add_panel, add_tab


def register() -> None:
    """Called once when the program starts."""
    register_confinement(accounts_of_viewer)
    register_account_binding(AccountBinding(find_by_name, names_of, bind_viewer))
    add_source(Source("Accounts", Needs.READ, find_accounts, order=10))
    add_command(Command("New account", "account_new", Needs.WORK))
    add_tab("account", Tab("Overview", "account", 10))
    add_tab("account", Tab("History", "account_history", 70))
    add_panel("account.aside", Panel("facts", "Facts", "accounts/_facts_panel.html", facts_panel, 80))
    add_panel(
        "account.aside",
        Panel("changes", "Recent changes", "accounts/_changes_panel.html", changes_panel, 95),
    )
