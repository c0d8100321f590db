"""Writing a planned contacts import: one statement per table, whatever the number of rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from accounts.accounts.models import Account
from accounts.contacts.actions import redo_people
from accounts.imports.bulk import draw_ids
from accounts.imports.contact_plan import COLUMNS
from accounts.imports.plan import Change, Plan
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit

PAGE = 5000
TYPES = ("bigint", "text", "text", "text", "text", "text", "date")
INSERT = f"insert into accounts_contact (id, {', '.join(COLUMNS)}, created_at, updated_at) values %s"
UPDATE = f"""
update accounts_contact contact set updated_at = now(), {", ".join(f"{c} = fresh.{c}" for c in COLUMNS)}
from (values %s) as fresh (id, {", ".join(COLUMNS)}) where contact.id = fresh.id
"""
ADD_KEYS = "insert into accounts_contactidentity (account_id, contact_id, value) values %s"
MOVE_KEYS = """
update accounts_contactidentity identity set account_id = fresh.account_id
from (values %s) as fresh (contact_id, account_id)
where identity.contact_id = fresh.contact_id and identity.account_id <> fresh.account_id
"""


def write_contacts(plan: Plan, *, by: Actor) -> list[int]:
    """Write the plan; the ids of contacts made or changed. Days of the new identities are measured again."""
    with connection.cursor() as cursor:
        for change, pk in zip(
            plan.creates, draw_ids(cursor, "accounts_contact", len(plan.creates)), strict=True
        ):
            change.pk = pk
        write_columns(cursor.cursor, plan)
        write_keys(cursor.cursor, plan.changes)
        insert_audit(cursor.cursor, by, "contact", audits(plan))
    touched = [c for c in plan.changes if c.is_new or c.keys_before != c.keys_after or moved(c)]
    accounts = {c.after["account_id"] for c in touched} | {
        c.before["account_id"] for c in touched if moved(c)
    }
    redo_people(sorted(accounts), sorted({key for c in touched for key in c.keys_after}), by=by)
    return [int(change.pk or 0) for change in plan.changes]


def moved(change: Change) -> bool:
    """Whether a contact goes to another account."""
    return not change.is_new and change.before["account_id"] != change.after["account_id"]


def write_columns(raw: Any, plan: Plan) -> None:
    """New and changed contacts."""
    new = [(c.pk, *(c.after[name] for name in COLUMNS)) for c in plan.creates]
    old = [(c.pk, *(c.after[name] for name in COLUMNS)) for c in plan.updates]
    marks = f"(%s, {', '.join(['%s'] * len(COLUMNS))}, now(), now())"
    execute_values(raw, INSERT, new, template=marks, page_size=PAGE)
    typed = f"(%s::bigint, {', '.join(f'%s::{kind}' for kind in TYPES)})"
    execute_values(raw, UPDATE, old, template=typed, page_size=PAGE)


def write_keys(raw: Any, changes: Sequence[Change]) -> None:
    """Identities that come, and those that move with their contact to another account."""
    come = [
        (c.after["account_id"], c.pk, key)
        for c in changes
        for key in c.keys_after
        if key not in c.keys_before
    ]
    execute_values(raw, ADD_KEYS, come, page_size=PAGE)
    going = [(c.pk, c.after["account_id"]) for c in changes if moved(c)]
    execute_values(raw, MOVE_KEYS, going, template="(%s::bigint, %s::bigint)", page_size=PAGE)


def audits(plan: Plan) -> Iterable[tuple[Any, ...]]:
    """One entry for each contact: what was there and what is there now."""
    ids = {c.after["account_id"] for c in plan.changes}
    ids |= {c.before["account_id"] for c in plan.updates}
    names = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    for change in plan.changes:
        differing = [name for name in COLUMNS if change.before.get(name) != change.after[name]]
        before = {name: change.before.get(name) for name in differing} if change.before else {}
        after = {name: change.after[name] for name in differing if change.before or change.after[name]}
        if change.keys_before != change.keys_after:
            after["identities"] = change.keys_after
            before |= {"identities": change.keys_before} if change.before else {}
        verb = "imported" if change.is_new else "updated by import"
        yield audit_rows(verb, change.pk, change.after["name"], named(before, names), named(after, names))


def named(values: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    """The account's id as its name."""
    return {
        "account" if name == "account_id" else name: names.get(value, value)
        if name == "account_id"
        else value
        for name, value in values.items()
    }
