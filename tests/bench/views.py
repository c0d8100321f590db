"""The book under saved views, and changing ten thousand accounts in one go."""

from typing import Any

from tests.bench.books import client_of, make_book, queries_of
from tests.bench.ratios import Ratio, medians, seconds_of

ACCOUNTS = 10_000
VIEWS = 30
ROUNDS = 25
BULK_ROUNDS = 3
# What somebody would write who wants the accounts changed and the list right, and nothing remembered.
BARE = (
    "update accounts_account set tags = array_append(tags, %(tag)s), updated_at = now()",
    "update accounts_bookrow row set tags = account.tags from accounts_account account "
    "where account.id = row.account_id",
)


def run() -> list[Ratio]:
    """The page as a saved view shows it, against the plain page; a bulk change, against bare UPDATEs."""
    workspace, member = make_book("views", ACCOUNTS)
    url = f"/w/{workspace.slug}/book/"
    client, plain = client_of(member), len(queries_of(client_of(member), url))
    address = url + save_views(workspace, member)
    queries = len(queries_of(client, address))
    if client.get(address).content.count(b"<tr>") != client.get(url).content.count(b"<tr>"):
        raise RuntimeError("the view shows fewer rows")
    saved, bare = medians(lambda: client.get(address), lambda: client.get(url), rounds=ROUNDS)
    return [
        Ratio(f"queries under one of {VIEWS} saved views", queries, 1, "queries", 10),
        Ratio("the same, against a book without views", queries, plain, "queries", 1),
        Ratio("page under a saved view, every column, against the plain", saved, bare, "s", 1.7),
        *bulk(workspace),
    ]


def save_views(workspace: Any, member: Any) -> str:
    """Saved views, shared ones among them; the address of one with filters, a sort and every column."""
    from accounts.book.columns import COLUMNS
    from accounts.book.filters import BookFilter
    from accounts.book.saving import save_view
    from csworkspace.audit.actor import SHELL
    from csworkspace.tenancy.database import open_workspace

    view = BookFilter(stage="established", q="customer", sort="arr", cols=",".join(COLUMNS))
    with open_workspace(workspace.pk):
        for number in range(VIEWS):
            saved = save_view(view, by=SHELL, owner=member, name=f"View {number}", is_shared=bool(number % 2))
    return view.url(view=str(saved.pk))


def bulk(workspace: Any) -> list[Ratio]:
    """A tag on every account: previewed values, change set, audit, book and news, and then undone."""
    ours, undone, bare = [], [], []
    for number in range(BULK_ROUNDS):
        seconds, change_set = ours_taken(workspace, f"ours-{number}")
        ours.append(seconds)
        undone.append(undo_taken(workspace, change_set))
        bare.append(seconds_of(lambda number=number: by_hand(workspace, f"bare-{number}")))
    count = f"{ACCOUNTS:,}"
    return [
        Ratio(f"bulk change of {count} accounts, against bare UPDATEs", min(ours), min(bare), "s", 8),
        Ratio(f"undoing it, {count} values, against bare UPDATEs", min(undone), min(bare), "s", 8),
    ]


def ours_taken(workspace: Any, tag: str) -> tuple[float, int]:
    """Seconds of the job, in parts that are committed one by one; and the change set."""
    from accounts.book.bulk import ACTIONS
    from accounts.book.bulk_actions import run_bulk
    from accounts.book.filters import BookFilter
    from accounts.book.queries import ids_of
    from csworkspace.audit.actor import SHELL
    from csworkspace.jobs.runner import run_job
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk):
        ids = ids_of(BookFilter())
        change_set, job = run_bulk(ACTIONS["add_tag"], ids, {"tag": tag}, by=SHELL)
    if change_set is None or job is None:
        raise RuntimeError("ten thousand accounts were not a job")
    taken = seconds_of(lambda: run_job(workspace.pk, job.pk))
    with open_workspace(workspace.pk):
        change_set.refresh_from_db()
    if change_set.made != ACCOUNTS:
        raise RuntimeError(f"only {change_set.made} were changed")
    return taken, change_set.pk


def undo_taken(workspace: Any, change_set: int) -> float:
    """Seconds of undoing a change set in one transaction."""
    from accounts.changes.actions import undo_changes
    from accounts.changes.models import ChangeSet
    from csworkspace.audit.actor import SHELL
    from csworkspace.tenancy.database import open_workspace

    def undo() -> None:
        with open_workspace(workspace.pk):
            undo_changes(ChangeSet.objects.get(pk=change_set), by=SHELL)

    return seconds_of(undo)


def by_hand(workspace: Any, tag: str) -> None:
    """The two UPDATEs in one transaction."""
    from django.db import connection

    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk), connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, {"tag": tag})
