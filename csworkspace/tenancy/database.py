"""Opening a workspace: the one place that tells PostgreSQL who may see what.

Every setting is `SET LOCAL`: it ends with the transaction, so that a reused or
pooled connection starts with nothing visible.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


class NoWorkspaceOpen(RuntimeError):
    """Something asked for the open workspace outside of one."""


def set_local(**values: str) -> None:
    """Set `app.<name>` for each name, in one statement, for the rest of the running transaction.

    Raises NoWorkspaceOpen outside a transaction, where the setting would be lost.
    """
    if not connection.in_atomic_block:
        raise NoWorkspaceOpen(f"app.{'/'.join(values)} can only be set inside a transaction")
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    pairs = [part for name, value in values.items() for part in (f"app.{name}", value)]
    with connection.cursor() as cursor:
        cursor.execute(f"select {calls}", pairs)


def read_local(name: str) -> str:
    """The value of `app.<name>` in this transaction, or ''."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting(%s, true), '')", [f"app.{name}"])
        return str(cursor.fetchone()[0])


def enter_workspace(workspace_id: int) -> None:
    """Open a workspace for the rest of the running transaction."""
    set_local(workspace=str(workspace_id))


def confine_to_accounts(account_ids: Iterable[int]) -> None:
    """Let the rest of the transaction see only these accounts' rows (customers).

    An empty list shows no account at all.
    """
    set_local(accounts=",".join(str(pk) for pk in account_ids) or "0")


def enter_workspace_reading(workspace_id: int, figures: Mapping[str, str], **values: Any) -> dict[str, Any]:
    """Open a workspace, and read some numbers of it in the same statement; the numbers by name.

    figures: sub-selects in parentheses, over %(values)s. Each has to contain "opened.space is not null",
    which keeps it from being worked out before the first part has made the settings, once.
    """
    if not connection.in_atomic_block:
        raise NoWorkspaceOpen("a workspace can only be opened inside a transaction")
    if any("opened.space is not null" not in sql for sql in figures.values()):
        raise ValueError("a figure does not wait for the workspace to be open")
    with connection.cursor() as cursor:
        cursor.execute(
            "with opened as materialized (select set_config('app.user', '', true) as person, "
            "set_config('app.workspace', %(workspace)s, true) as space) "
            f"select opened.space{''.join(f', {sql}' for sql in figures.values())} from opened",
            {"workspace": str(workspace_id), **values},
        )
        row = cursor.fetchone()
    return dict(zip(figures, row[1:], strict=True))


def introduce_user(user_id: int) -> None:
    """Let the transaction see this person's own memberships and workspaces."""
    set_local(user=str(user_id))


def current_workspace_id() -> int:
    """The open workspace's id. Raises NoWorkspaceOpen if there is none."""
    value = read_local("workspace")
    if not value:
        raise NoWorkspaceOpen("no workspace is open; use open_workspace(id)")
    return int(value)


def lock_in_workspace(subject: str) -> None:
    """Let one transaction at a time of the open workspace work on something, such as "tiers".

    Others wait until the transaction ends. Take it before any row is locked.
    """
    with connection.cursor() as cursor:
        name = f"{subject} of workspace {current_workspace_id()}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@contextmanager
def open_workspace(workspace_id: int) -> Iterator[None]:
    """Run a block in one transaction that sees one workspace.

    Inside another workspace's block the outer one is restored afterwards.
    """
    with transaction.atomic():
        before = read_local("workspace")
        enter_workspace(workspace_id)
        yield
        if before:
            enter_workspace(int(before))
        else:
            set_local(workspace="")
