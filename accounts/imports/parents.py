"""Parents in an accounts import: accounts of the book or of the same file, and never a circle."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from accounts.accounts.models import Account
from accounts.book.text import fold
from accounts.imports.finding import AccountFinder
from accounts.imports.plan import Change, Rejected
from accounts.imports.rows import Row

# What a change has as its parent until the account of another row has its id.
COMING = 0
Decided = dict[int, Change | Rejected]
Graph = dict[int, int]


def place_parents(rows: Sequence[Row], decided: Decided) -> None:
    """Put parents into the changes of rows (by number), or Rejected in the place of those that cannot be."""
    families = Families(rows, decided)
    families.resolve()
    while families.reject_orphans() or families.reject_circles():
        pass


class Families:
    """Who belongs to whom after the import: an account is its id, one that a row makes −(row number)."""

    def __init__(self, rows: Sequence[Row], decided: Decided) -> None:
        self.decided = decided
        self.told = {row.number: str(row.values["parent"]) for row in rows if "parent" in row.values}
        self.finder = AccountFinder(self.told.values())
        self.row_of = {self.node(number): number for number in self.changes()}
        self.in_file = self._keys()
        self.parents: dict[int, int] = {}
        found = Account.objects.exclude(parent=None)
        self.before: Graph = dict(found.values_list("pk", "parent_id"))

    def changes(self) -> dict[int, Change]:
        """The changes that are not rejected, by row number."""
        return {number: one for number, one in self.decided.items() if isinstance(one, Change)}

    def node(self, number: int) -> int:
        """What stands for the account of a row."""
        change = self.decided[number]
        return (change.pk if isinstance(change, Change) else None) or -number

    def _keys(self) -> dict[str, int]:
        """Ids and domains of the file's rows, and names that only one of them has → node."""
        keys: dict[str, int] = {}
        names = Counter(fold(change.after["name"]) for change in self.changes().values())
        for number, change in self.changes().items():
            name, node = fold(change.after["name"]), self.node(number)
            if names[name] == 1:
                keys.setdefault(f"name {name}", node)
            keys |= {f"domain {domain}": node for domain in change.keys_after}
            if change.after["external_id"]:
                keys[f"id {change.after['external_id']}"] = node
        return keys

    def find(self, text: str) -> int:
        """The node that a text means: by id, domain, then name; each in the file first. Raises Rejected."""
        for key in (f"id {text}", f"domain {text.casefold()}"):
            if key in self.in_file:
                return self.in_file[key]
        known, name = self.finder.known(text), f"name {fold(text)}"
        return known or self.in_file.get(name) or self.finder.find(text, "parent")

    def resolve(self) -> None:
        """Find every row's parent."""
        for number, change in self.changes().items():
            if number not in self.told:
                continue
            try:
                parent = self.find(self.told[number])
            except Rejected as error:
                self.decided[number] = error
                continue
            self.parents[number] = parent
            change.after["parent_id"] = parent if parent > 0 else COMING
            # A row's account that there is already has its id, whether the row is used or not.
            maker = self.decided.get(-parent)
            change.parent = maker if parent < 0 and isinstance(maker, Change) else None

    def reject_orphans(self) -> bool:
        """Reject rows whose parent would have been made by a row that is rejected; whether there were any."""
        lost = {
            number: parent
            for number, parent in self.parents.items()
            if parent < 0 and number in self.changes() and not isinstance(self.decided[-parent], Change)
        }
        for number, parent in lost.items():
            reason = f"Its parent is in row {-parent}, which is rejected; correct that row first."
            self.decided[number] = Rejected("parent", reason)
        return bool(lost)

    def reject_circles(self) -> bool:
        """Reject all rows that close a circle with each other or with the book; whether there were any."""
        accepted = self.changes()
        graph = self.before | {
            self.node(number): parent for number, parent in self.parents.items() if number in accepted
        }
        # An emptied cell that erases takes its account out of its group.
        for number, change in accepted.items():
            if number not in self.parents and change.after["parent_id"] is None:
                graph.pop(self.node(number), None)
        circles = [
            [self.row_of[node] for node in circle if self.row_of.get(node) in self.parents]
            for circle in circles_of(graph)
        ]
        for numbers in circles:
            for number in numbers:
                self.decided[number] = Rejected("parent", circle_in_words(number, numbers))
        return any(circles)


def circle_in_words(number: int, numbers: Iterable[int]) -> str:
    """Why a row is rejected: which rows, or the book, make it belong to itself."""
    others = [str(other) for other in sorted(numbers) if other != number]
    if not others:
        return "Its parent belongs to this account already; an account cannot belong to itself."
    rows = f"row {others[0]}" if len(others) == 1 else f"rows {', '.join(others)}"
    return f"With {rows} it would belong to itself; an account cannot belong to those that belong to it."


def circles_of(graph: Mapping[int, int]) -> list[list[int]]:
    """The circles of a graph in which each node has at most one parent."""
    state: dict[int, int] = {}
    circles = []
    for walk, start in enumerate(graph, 1):
        at, path = start, []
        while at in graph and at not in state:
            state[at] = walk
            path.append(at)
            at = graph[at]
        if state.get(at) == walk:
            circles.append(path[path.index(at) :])
    return circles
