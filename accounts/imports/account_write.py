"""Writing a planned accounts import: one statement per table, whatever the number of rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg2.extras import Json, execute_values

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from accounts.imports.account_plan import COLUMNS
from accounts.imports.bulk import draw_ids
from accounts.imports.plan import Change, Plan
from accounts.tiers.actions import add_tier
from accounts.tiers.models import Tier
from csworkspace.audit.actor import Actor
from csworkspace.audit.bulk import audit_rows, insert_audit

PAGE = 5000
TYPES = (
    "text", "text", "bigint", "text", "bigint", "numeric", "text", "date", "date", "text", "jsonb",
    "bigint", "varchar[]", "boolean", "text",
)  # fmt: skip
INSERT = f"insert into accounts_account (id, {', '.join(COLUMNS)}, created_at, updated_at) values %s"
UPDATE = f"""
update accounts_account account set updated_at = now(), {", ".join(f"{c} = fresh.{c}" for c in COLUMNS)}
from (values %s) as fresh (id, {", ".join(COLUMNS)}) where account.id = fresh.id
"""
ADD_DOMAINS = "insert into accounts_accountdomain (account_id, domain, is_main) values %s"
DROP_DOMAINS = """
delete from accounts_accountdomain old using (values %s) as gone (account_id, domain)
where old.account_id = gone.account_id and old.domain = gone.domain
"""
ONE_MAIN = """
update accounts_accountdomain set is_main = true where id in (
    select distinct on (account_id) id from accounts_accountdomain this
    where account_id = any(%s) and not exists (
        select from accounts_accountdomain main where main.account_id = this.account_id and main.is_main)
    order by account_id, id)
"""


def write_accounts(plan: Plan, *, by: Actor, labels: dict[str, dict[int, str]]) -> list[int]:
    """Write the plan; the ids of accounts made or changed, which are announced in parts.

    `labels` has names of members under "owner_id" and of tiers under "tier_id", for the audit log.
    """
    make_tiers(plan.changes, by=by, names=labels["tier_id"])
    with connection.cursor() as cursor:
        for change, pk in zip(
            plan.creates, draw_ids(cursor, "accounts_account", len(plan.creates)), strict=True
        ):
            change.pk = pk
        join_parents(plan.changes)
        labels = {**labels, "parent_id": names_of_parents(plan)}
        raw = cursor.cursor
        insert(raw, plan.creates)
        update(raw, plan.updates)
        write_domains(cursor, plan.changes)
        insert_audit(raw, by, "account", audits(plan, labels))
    ids = [int(change.pk or 0) for change in plan.changes]
    settle_accounts(ids, by=by, reason="Imported")
    return ids


def make_tiers(changes: Iterable[Change], *, by: Actor, names: dict[int, str]) -> None:
    """Make the tiers that rows named and that there are not, and put their ids into the changes."""
    made: dict[str, Tier] = {}
    for change in changes:
        name = change.after["tier_id"]
        if not isinstance(name, str):
            continue
        tier = made.get(name.casefold()) or add_tier(by=by, name=name)
        made[name.casefold()] = tier
        names[tier.pk] = tier.name
        change.after["tier_id"] = tier.pk


def join_parents(changes: Iterable[Change]) -> None:
    """Put the ids of parents that the same file makes into the changes."""
    for change in changes:
        if change.parent:
            change.after["parent_id"] = change.parent.pk


def names_of_parents(plan: Plan) -> dict[int, str]:
    """The names of old and new parents, for the audit log."""
    ids = {change.after["parent_id"] for change in plan.changes} | {
        change.before["parent_id"] for change in plan.updates
    }
    known = dict(Account.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))
    return known | {int(change.pk or 0): change.after["name"] for change in plan.creates}


def values_of(change: Change) -> tuple[Any, ...]:
    """A change's columns as the statements take them."""
    values = {**change.after, "attributes": Json(change.after["attributes"])}
    return (change.pk, *(values[name] for name in COLUMNS))


def insert(raw: Any, changes: Sequence[Change]) -> None:
    """New accounts."""
    template = f"(%s, {', '.join(['%s'] * len(COLUMNS))}, now(), now())"
    execute_values(raw, INSERT, [values_of(change) for change in changes], template=template, page_size=PAGE)


def update(raw: Any, changes: Sequence[Change]) -> None:
    """Changed accounts."""
    template = f"(%s::bigint, {', '.join(f'%s::{kind}' for kind in TYPES)})"
    execute_values(raw, UPDATE, [values_of(change) for change in changes], template=template, page_size=PAGE)


def write_domains(cursor: Any, changes: Sequence[Change]) -> None:
    """Domains that come and go; every account keeps one main domain if it has any."""
    come, go = [], []
    for change in changes:
        new = [d for d in change.keys_after if d not in change.keys_before]
        come += [(change.pk, domain, change.is_new and n == 0) for n, domain in enumerate(new)]
        go += [(change.pk, d) for d in change.keys_before if d not in change.keys_after]
    raw = cursor.cursor
    execute_values(raw, DROP_DOMAINS, go, template="(%s::bigint, %s)", page_size=PAGE)
    execute_values(raw, ADD_DOMAINS, come, page_size=PAGE)
    moved = [change.pk for change in changes if not change.is_new and change.keys_before != change.keys_after]
    if moved:
        cursor.execute(ONE_MAIN, [moved])


def audits(plan: Plan, labels: dict[str, dict[int, str]]) -> Iterable[tuple[Any, ...]]:
    """One entry for each account: what was there and what is there now."""
    for change in plan.creates:
        kept = {name: value for name, value in change.after.items() if value not in (None, "", {}, [], False)}
        after = {**kept, **({"domains": change.keys_after} if change.keys_after else {})}
        yield audit_rows("imported", change.pk, change.after["name"], {}, named(after, labels))
    for change in plan.updates:
        names = [name for name in COLUMNS if change.before[name] != change.after[name]]
        before = {name: change.before[name] for name in names}
        after = {name: change.after[name] for name in names}
        if change.keys_before != change.keys_after:
            before["domains"], after["domains"] = change.keys_before, change.keys_after
        yield audit_rows(
            "updated by import", change.pk, change.after["name"], named(before, labels), named(after, labels)
        )


def named(values: dict[str, Any], labels: dict[str, dict[int, str]]) -> dict[str, Any]:
    """Ids of tiers and members as names."""
    return {
        name.removesuffix("_id") if name in labels else name: labels[name].get(value, value)
        if name in labels
        else value
        for name, value in values.items()
    }
