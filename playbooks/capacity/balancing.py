"""Which accounts to hand over so that nobody is promised more than they have, with the least movement.

A mixed-integer programme (scipy's milp, solved by HiGHS). Accounts that are alike (owner, hours, needs,
whole years with their CSM) are one group, so that the size depends on kinds of accounts and not on accounts:

    out[g]     how many of group g leave their owner, 0 to its size
    in[k, c]   how many accounts of kind k (hours and needs) come to c, where c may serve k
    over[o]    hours of owner o that stay above what they have

    minimise   Σ out[g] × (1 + mean years of g, at most 5)  +  100 × Σ over[o]
    subject to Σ out of kind k  =  Σ in of kind k, for every kind
               hours of o − Σ hours × out  ≤  has of o + over[o], for everybody with too much, and nobody
               hours of c + Σ hours × in   ≤  has of c, for everybody with room

Accounts leave only those who have too much, and nobody; who has room is never filled beyond it. An hour
too much costs more than any move that takes it away, so that moves are saved only where they help nothing.
Of a group those leave first whose time with their CSM is shortest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import mean
from typing import Any, NamedTuple

from playbooks.capacity.state import Csm

MOST_YEARS = 5
HOUR = 100.0
SECONDS = 30.0


class Needs(NamedTuple):
    """What an account asks of its CSM: a language, a region ("" for any), and skills."""

    language: str = ""
    region: str = ""
    skills: tuple[str, ...] = ()


class Holding(NamedTuple):
    """An account as it is balanced: hours in the quarter, and months with its owner; `is_guess` when
    these are only assumed."""

    id: int
    owner: int | None
    hours: Decimal
    needs: Needs
    months: int
    is_guess: bool = False


@dataclass(frozen=True)
class Handover:
    """One account that is proposed to change hands."""

    account: Holding
    to: int


@dataclass(frozen=True)
class Balance:
    """What the optimiser found: the handovers, and hours too much that stay, by owner.

    is_optimal: proven; otherwise the best that was found in time.
    """

    handovers: list[Handover] = field(default_factory=list)
    left_over: dict[int | None, Decimal] = field(default_factory=dict)
    is_optimal: bool = True


class Group(NamedTuple):
    """What makes accounts alike."""

    owner: int | None
    hours: Decimal
    needs: Needs
    years: int


Kind = tuple[Decimal, Needs]


def may_serve(csm: Csm, needs: Needs) -> bool:
    """Whether a CSM speaks the language, looks after the region and has the skills; an empty list serves
    any."""
    return (
        (not needs.language or not csm.languages or needs.language in csm.languages)
        and (not needs.region or not csm.regions or needs.region in csm.regions)
        and (not csm.skills or csm.skills.issuperset(needs.skills))
    )


def balance(accounts: Iterable[Holding], csms: Mapping[int, Csm], has: Mapping[int, Decimal]) -> Balance:
    """The least movement that takes away most hours too much; `has` is everybody's hours.

    The same input gives the same answer, unless time runs out.
    """
    rows = sorted(accounts, key=lambda row: (row.months, row.id))
    need: dict[int | None, Decimal] = dict.fromkeys(has, Decimal(0))
    for row in rows:
        need[row.owner] = need.get(row.owner, Decimal(0)) + row.hours
    over = {owner: hours - has.get(owner or 0, Decimal(0)) for owner, hours in need.items()}
    giving = {owner: hours for owner, hours in over.items() if hours > 0}
    room = {csm: -over[csm] for csm in csms if over[csm] < 0}
    groups = grouped(row for row in rows if row.owner in giving and row.hours > 0)
    problem = Problem(groups, giving, room, csms)
    if not problem.columns:
        return Balance(left_over=giving)
    return problem.solve()


def grouped(rows: Iterable[Holding]) -> dict[Group, list[Holding]]:
    """Accounts that are alike together, the shortest relationship first (as the rows come)."""
    found: dict[Group, list[Holding]] = {}
    for row in rows:
        years = min(row.months // 12, MOST_YEARS) if row.owner is not None else 0
        found.setdefault(Group(row.owner, row.hours, row.needs, years), []).append(row)
    return found


class Problem:
    """The programme as columns and rows of a matrix."""

    def __init__(
        self,
        groups: Mapping[Group, list[Holding]],
        giving: Mapping[int | None, Decimal],
        room: Mapping[int, Decimal],
        csms: Mapping[int, Csm],
    ) -> None:
        self.giving, self.room = giving, room
        self.takers = takers_of(groups, room, csms)
        self.groups = {group: rows for group, rows in groups.items() if self.takers[_kind(group)]}
        self.columns: list[tuple[Any, ...]] = [("out", group) for group in self.groups]
        kinds = sorted({_kind(group) for group in self.groups})
        self.columns += [("in", kind, csm) for kind in kinds for csm in self.takers[kind]]
        if self.columns:
            self.columns += [("over", owner) for owner in giving]

    def cost(self, column: tuple[Any, ...]) -> float:
        """What one unit of a column costs."""
        if column[0] == "out":
            return 1.0 + mean(min(row.months, MOST_YEARS * 12) for row in self.groups[column[1]]) / 12
        return HOUR if column[0] == "over" else 0.0

    def most(self, column: tuple[Any, ...]) -> float:
        """How large a column can get."""
        if column[0] == "out":
            return len(self.groups[column[1]])
        if column[0] == "in":
            return float(self.room[column[2]] // column[1][0])
        return float(self.giving[column[1]])

    def entries(self, column: tuple[Any, ...]) -> list[tuple[Any, float]]:
        """The rows that a column stands in, each with its factor."""
        if column[0] == "out":
            group = column[1]
            return [(("kind", *_kind(group)), 1.0), (("owner", group.owner), float(group.hours))]
        if column[0] == "in":
            return [(("kind", *column[1]), -1.0), (("room", column[2]), float(column[1][0]))]
        return [(("owner", column[1]), 1.0)]

    def limits(self, row: Any) -> tuple[float, float]:
        """What the sum of a row may be."""
        infinite = float("inf")
        if row[0] == "kind":
            return 0.0, 0.0
        return (
            (float(self.giving[row[1]]), infinite) if row[0] == "owner" else (0.0, float(self.room[row[1]]))
        )

    def solve(self) -> Balance:
        """Let HiGHS solve it, and read the whole numbers back."""
        # Heavy, and only workers need it.
        import numpy
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        rows, cells = self._cells()
        places = ([row for row, _, _ in cells], [column for _, column, _ in cells])
        matrix = coo_array(([value for _, _, value in cells], places), shape=(len(rows), len(self.columns)))
        low, high = zip(*[self.limits(row) for row in rows], strict=True)
        found = milp(
            [self.cost(column) for column in self.columns],
            integrality=[int(column[0] != "over") for column in self.columns],
            bounds=Bounds(0, [self.most(column) for column in self.columns]),
            constraints=LinearConstraint(matrix.tocsr(), low, high),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return Balance(left_over=dict(self.giving), is_optimal=False)
        counts = [int(count) for count in numpy.rint(found.x)]
        return self._read(counts, found.status == 0)

    def _cells(self) -> tuple[list[Any], list[tuple[int, int, float]]]:
        numbers: dict[Any, int] = {}
        cells = [
            (numbers.setdefault(row, len(numbers)), column, value)
            for column, name in enumerate(self.columns)
            for row, value in self.entries(name)
        ]
        return list(numbers), cells

    def _read(self, counts: Sequence[int], is_optimal: bool) -> Balance:
        """Who leaves, matched with the places found for their kind."""
        places: dict[Kind, list[int]] = {}
        left = dict(self.giving)
        for column, count in zip(self.columns, counts, strict=True):
            if column[0] == "in":
                places.setdefault(column[1], []).extend([column[2]] * count)
        handovers = []
        for group, count in zip(self.groups, counts, strict=False):
            takers = places.get(_kind(group), [])
            handovers += [Handover(row, takers.pop(0)) for row in self.groups[group][:count]]
            left[group.owner] -= count * group.hours
        return Balance(handovers, {owner: hours for owner, hours in left.items() if hours > 0}, is_optimal)


def takers_of(
    groups: Iterable[Group], room: Mapping[int, Decimal], csms: Mapping[int, Csm]
) -> dict[Kind, list[int]]:
    """For each kind of account those who have room for one and may serve it."""
    kinds = {_kind(group) for group in groups}
    return {
        kind: [csm for csm, free in room.items() if free >= kind[0] and may_serve(csms[csm], kind[1])]
        for kind in kinds
    }


def _kind(group: Group) -> Kind:
    return group.hours, group.needs
