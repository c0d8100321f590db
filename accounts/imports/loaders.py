"""The two imports of this concept: read, decide, write, and the figures of the batch."""

from collections.abc import Callable

from accounts.imports import account_fields, contact_fields
from accounts.imports.account_plan import plan_accounts
from accounts.imports.account_write import write_accounts
from accounts.imports.actions import keep_rejects
from accounts.imports.contact_plan import plan_contacts
from accounts.imports.contact_write import write_contacts
from accounts.imports.csvfile import read_table
from accounts.imports.mapping import Mapping, check_against, parse_mapping
from accounts.imports.models import Batch
from accounts.imports.plan import Change, Plan
from accounts.imports.refusal import FileRefused
from accounts.imports.registry import Importer, Progress
from accounts.imports.rows import Read, Row, read_rows
from accounts.tiers.queries import tiers
from csworkspace.audit.actor import Actor
from csworkspace.people.access import Needs, may
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.tenancy.models import Workspace

MakeReaders = Callable[[Mapping], dict[str, Read]]


def load_accounts(batch: Batch, content: bytes, by: Actor, progress: Progress) -> None:
    """An accounts import; see Importer.load."""
    people = {member.user.email.casefold(): member.pk for member in team()}
    known = {tier.name: tier.pk for tier in tiers()}

    def readers(mapping: Mapping) -> dict[str, Read]:
        return account_fields.readers(people, known, create_tiers=mapping.options.get("create_tiers", False))

    rows, mapping = read_all(ACCOUNTS, batch, content, readers, progress)
    plan = plan_accounts(rows, currency=Workspace.objects.get().currency, options=mapping.options)
    if any(pins(change) for change in plan.changes) and not may_pin(by):
        raise FileRefused(
            "Only managers pin accounts to their tier. Leave out the column tier_pinned, or ask a manager."
        )
    set_figures(batch, plan)
    progress(60, f"{len(plan.creates):,} new, {len(plan.updates):,} changed")
    if not batch.is_dry_run:
        labels = {
            "owner_id": {member.pk: str(member) for member in team()},
            "tier_id": {pk: name for name, pk in known.items()},
        }
        write_accounts(plan, by=by, labels=labels)


def pins(change: Change) -> bool:
    """Whether a row pins an account to its tier, or unpins it."""
    return change.after["tier_pinned"] != change.before.get("tier_pinned", False)


def may_pin(by: Actor) -> bool:
    """Whether a person may: managers, and whoever is at the shell."""
    member = Membership.objects.filter(user_id=by.user_id).first() if by.user_id else None
    return member is None or may(member.role, Needs.MANAGE)


def load_contacts(batch: Batch, content: bytes, by: Actor, progress: Progress) -> None:
    """A contacts import; see Importer.load."""
    rows, mapping = read_all(CONTACTS, batch, content, lambda mapping: contact_fields.READERS, progress)
    plan = plan_contacts(rows, options=mapping.options)
    set_figures(batch, plan)
    progress(60, f"{len(plan.creates):,} new, {len(plan.updates):,} changed")
    if not batch.is_dry_run:
        write_contacts(plan, by=by)


def read_all(
    importer: Importer, batch: Batch, content: bytes, readers: MakeReaders, progress: Progress
) -> tuple[list[Row], Mapping]:
    """All rows of a file, parsed by the batch's mapping. Raises FileRefused."""
    progress(5, "Reading the file")
    mapping = parse_mapping(batch.mapping, importer)
    table = read_table(content)
    check_against(mapping, table.columns, importer)
    rows = list(read_rows(table, mapping, readers(mapping)))
    progress(40, f"{len(rows):,} rows read")
    return rows, mapping


def set_figures(batch: Batch, plan: Plan) -> None:
    """What became of the rows, and why some were rejected."""
    batch.read, batch.rejected, batch.unchanged = plan.read, plan.rejected, plan.unchanged
    batch.created, batch.updated = len(plan.creates), len(plan.updates)
    batch.accepted = plan.read - plan.rejected
    keep_rejects(batch, plan.errors)


ACCOUNTS = Importer(
    kind="accounts",
    label="Accounts",
    intro="Your customers: names, domains, tiers, owners, revenue, renewal dates.",
    fields=account_fields.FIELDS,
    load=load_accounts,
    takes_attributes=True,
    settings=account_fields.SETTINGS,
)
CONTACTS = Importer(
    kind="contacts",
    label="Contacts",
    intro="The people at your customers, with the identities their usage arrives under.",
    fields=contact_fields.FIELDS,
    load=load_contacts,
    settings=contact_fields.SETTINGS,
)
