"""Importing what accounts paid over time: one point for each account and day."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from accounts.accounts.models import Account
from accounts.changes.actions import lock_accounts
from accounts.imports import cells
from accounts.imports.contact_plan import Accounts
from accounts.imports.loaders import read_all, set_figures
from accounts.imports.models import Batch
from accounts.imports.plan import Change, Rejected, make_plan
from accounts.imports.registry import Field, Importer, Progress
from accounts.imports.rows import Read, Row
from accounts.revenue.actions import follow_points, write_points
from accounts.revenue.lists import endings, lists_everybody
from accounts.revenue.models import ArrPoint
from accounts.revenue.points import note_arr
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today

FIELDS = (
    Field(
        "account",
        "Account",
        "Its external id, a domain or its name.",
        required=True,
        synonyms=("external_id", "account_id", "customer_id", "company", "customer", "domain", "name"),
    ),
    Field(
        "as_of",
        "From",
        "The day from which on the account pays this.",
        required=True,
        synonyms=("date", "day", "month", "since", "from"),
        options=("format",),
    ),
    Field(
        "arr",
        "ARR",
        "0 when it pays nothing any more.",
        required=True,
        synonyms=("annual_recurring_revenue", "recurring_revenue", "acv"),
        options=("decimal",),
    ),
    Field("currency", "Currency", "Three letters; without it the account's own.", synonyms=("arr_currency",)),
)
Point = tuple[int, date, Decimal, str]
READERS: dict[str, Read] = {
    "account": lambda text, source: cells.read_text(text, 253),
    "as_of": lambda text, source: cells.read_date(text, source.settings.get("format", "")),
    "arr": lambda text, source: cells.read_money(text, source.settings.get("decimal", "")),
    "currency": lambda text, source: cells.read_currency(text),
}


class Planner:
    """Finds the account of each row, and what its point changes."""

    def __init__(self, rows: Sequence[Row], last: date) -> None:
        self.accounts, self.last = Accounts(rows), last
        self.found = {row.number: self._of(row) for row in rows if "account" in row.values}
        ids = {pk for pk in self.found.values() if isinstance(pk, int)}
        self.currencies = dict(Account.objects.filter(pk__in=ids).values_list("pk", "currency"))
        self.known = {
            (pk, day): {"arr": arr, "currency": currency}
            for pk, day, arr, currency in ArrPoint.objects.filter(account__in=ids).values_list(
                "account_id", "as_of", "arr", "currency"
            )
        }
        self.row_of: dict[tuple[int, date], int] = {}

    def _of(self, row: Row) -> int | Rejected | None:
        try:
            return self.accounts.of(row)
        except Rejected as error:
            return error

    def decide(self, row: Row) -> Change:
        """What this row does. Raises Rejected."""
        account_id = self.account(row)
        day = self.day(row)
        if (account_id, day) in self.row_of:
            earlier = self.row_of[account_id, day]
            raise Rejected("as_of", f"Row {earlier} has the same account and day; keep one of the two.")
        arr, currency = self.amount(row, account_id)
        self.row_of[account_id, day] = row.number
        before, key = self.known.get((account_id, day), {}), [day.isoformat()]
        return Change(account_id, before, {"arr": arr, "currency": currency}, key, key)

    def account(self, row: Row) -> int:
        """The row's account. Raises Rejected."""
        found = self.found.get(row.number)
        if isinstance(found, Rejected):
            raise found
        if found is None:
            raise Rejected("account", "The row names no account; give its external id, a domain or its name.")
        return found

    def day(self, row: Row) -> date:
        """The row's day. Raises Rejected without one, and for days to come."""
        day: date | None = row.values.get("as_of")
        if day is None:
            raise Rejected("as_of", "The row has no day; write one like 2026-03-14.")
        if day > self.last:
            raise Rejected("as_of", f"{day} is still to come; the history ends today.")
        return day

    def days(self, rows: Iterable[Row]) -> dict[int, set[date]]:
        """Account → its days in the file, rejected rows included: those were not left out."""
        found: dict[int, set[date]] = {}
        for row in rows:
            account_id, day = self.found.get(row.number), row.values.get("as_of")
            if isinstance(account_id, int) and day:
                found.setdefault(account_id, set()).add(day)
        return found

    def endings(self, rows: Iterable[Row]) -> list[Point]:
        """Points of 0 for accounts that a list of everybody misses; none where a point is known."""
        days = self.days(rows)
        if not lists_everybody(days):
            return []
        return [
            (account_id, day, Decimal(0), self.currencies[account_id])
            for account_id, day in endings(days)
            if day <= self.last and (account_id, day) not in self.known
        ]

    def amount(self, row: Row, account_id: int) -> tuple[Decimal, str]:
        """The row's ARR and its currency. Raises Rejected."""
        if "arr" not in row.values:
            raise Rejected("arr", "The row has no amount; write 0 if the account pays nothing any more.")
        amount, beside = row.values["arr"]
        told = row.values.get("currency")
        if beside and told and beside != told:
            raise Rejected("arr", f"The amount is in {beside}, its currency is {told}; make them agree.")
        return amount, beside or told or self.currencies[account_id]


def load_arr(batch: Batch, content: bytes, by: Actor, progress: Progress) -> None:
    """An import of ARR; see Importer.load."""
    rows, mapping = read_all(ARR, batch, content, lambda mapping: READERS, progress)
    last = today()
    planner = Planner(rows, last)
    plan = make_plan(rows, planner.decide)
    set_figures(batch, plan)
    ended = [] if mapping.options.get("changes_only") else planner.endings(rows)
    progress(60, f"{len(plan.creates):,} new, {len(plan.updates):,} changed, {len(ended):,} ended")
    if not batch.is_dry_run:
        write(points_of(plan.changes) + ended, last, by=by)


def write(points: Sequence[Point], last: date, *, by: Actor) -> None:
    """Write the points, and what accounts pay now."""
    ids = sorted({account_id for account_id, *_ in points})
    lock_accounts(ids)
    # What an account pays now is a point of its own before older ones come beside it.
    note_arr(ids, last, by=by)
    write_points(points, by=by)
    follow_points(ids, last, by=by)


def points_of(changes: Iterable[Change]) -> list[Point]:
    """Account, day, ARR and currency of each change."""
    return [
        (int(change.pk or 0), date.fromisoformat(change.keys_after[0]), *change.after.values())
        for change in changes
    ]


ARR = Importer(
    kind="arr",
    label="ARR history",
    intro="What accounts paid from which day on: for growth, and to look at earlier days.",
    fields=FIELDS,
    load=load_arr,
    settings={"changes_only": "Who is missing on a day of the file went on paying the same"},
)
