"""Which tier revenue suggests for which account: pure arithmetic over plain values.

The top tier is found from revenue concentration (a Pareto or Lorenz curve, read from the top): with the
accounts sorted by ARR, v(1) ≥ v(2) ≥ …, the group is the smallest k for which

    v(1) + … + v(k)  ≥  share / 100 × (v(1) + … + v(n)).

Rules of ours, which tests hold:
- A group (an account with everything below it) is ranked, and moves, as one by its summed ARR.
- Groups that pay as much as the last one of the top group are all in it: who is in never depends on the
  order among equals, and the group always carries at least the share.
- Pinned accounts stay where they are; what they pay counts. A pinned member does not pin its group.
- Churned accounts get no suggestion. Accounts without ARR, alone or in a group without ARR, are not
  ranked: they belong to the tier for the rest.
- Each tier in order takes whom its rule takes. A tier that is filled by hand keeps those who are in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from accounts.tiers.models import Entry
from csworkspace.web.formats import number, percent, plural, with_unit

LEAST, MOST = Decimal(1), Decimal(100)
USUAL = Decimal(40)
# What is sensible for a top tier, in percent of revenue.
SENSIBLE = (Decimal(33), Decimal(50))


class ShareRefused(ValueError):
    """A share of revenue that cannot be; the text says what can."""


@dataclass(frozen=True)
class Ranked:
    """An account as it is ranked.

    value: ARR in the workspace's currency; before: the same twelve months earlier; None: not known.
    root_id: the account on top of its group, itself when it is alone.
    """

    account_id: int
    name: str
    root_id: int
    value: Decimal | None
    before: Decimal | None = None
    tier_id: int | None = None
    is_pinned: bool = False
    is_churned: bool = False

    @property
    def pays(self) -> bool:
        """Whether it has ARR."""
        return self.value is not None and self.value > 0

    @property
    def growth(self) -> Decimal | None:
        """Percent over twelve months: (value − before) ÷ before × 100; None without either."""
        return growth_of([self])


@dataclass(frozen=True)
class Rule:
    """Which accounts a tier takes; share and growth in percent, arr in the workspace's currency."""

    tier_id: int
    name: str
    position: int
    entry: str
    share: Decimal | None = None
    arr: Decimal | None = None
    growth: Decimal | None = None


@dataclass(frozen=True)
class Group:
    """What is ranked as one: an account, or a parent with all its descendants."""

    name: str
    members: tuple[Ranked, ...]
    value: Decimal

    @property
    def accounts(self) -> int:
        """How many of its members have ARR."""
        return sum(row.pays for row in self.members)


@dataclass(frozen=True)
class Concentration:
    """The smallest top group that carries a share of revenue.

    curve: all groups, the largest first, each with the percent of revenue that it and those before it
    carry. groups and accounts: how many are in the top group; value: what they pay; threshold: what
    the last one of them pays; tied: groups that are in only because they pay as much as that one.
    """

    share: Decimal
    curve: list[tuple[Group, Decimal]]
    groups: int
    accounts: int
    all_accounts: int
    value: Decimal
    total: Decimal
    threshold: Decimal
    tied: int

    @property
    def accounts_percent(self) -> Decimal:
        """The top group's accounts, in percent of all that have ARR."""
        return percent_of(Decimal(self.accounts), Decimal(self.all_accounts))

    @property
    def revenue_percent(self) -> Decimal:
        """What the top group carries, in percent of all ARR."""
        return percent_of(self.value, self.total)


@dataclass(frozen=True)
class Suggestion:
    """An account that another tier would take, and why, in a sentence."""

    account_id: int
    name: str
    from_tier_id: int | None
    to_tier_id: int
    reason: str
    value: Decimal | None
    growth: Decimal | None


def check_share(share: Decimal) -> Decimal:
    """The share itself. Raises ShareRefused when it is not within 1 to 100 percent."""
    if not share.is_finite() or not LEAST <= share <= MOST:
        raise ShareRefused("The share of revenue must be within 1 and 100 percent.")
    return share


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """part ÷ whole × 100; 0 of nothing."""
    return part / whole * 100 if whole else Decimal(0)


def growth_of(rows: Iterable[Ranked]) -> Decimal | None:
    """Like for like: Σ value ÷ Σ before − 1, in percent, over those with ARR known then and now."""
    known = [(row.value, row.before) for row in rows if row.value is not None and row.before]
    before = sum((then for _, then in known), Decimal(0))
    return percent_of(sum((now for now, _ in known), Decimal(0)) - before, before) if before > 0 else None


def groups_of(rows: Sequence[Ranked]) -> list[Group]:
    """The groups that have ARR, the largest first; equals by name, then id."""
    members: dict[int, list[Ranked]] = {}
    for row in rows:
        members.setdefault(row.root_id, []).append(row)
    found = [_group(root, own) for root, own in members.items()]
    ranked = [group for group in found if group.value > 0]
    return sorted(ranked, key=lambda group: (-group.value, group.name.casefold(), group.members[0].root_id))


def _group(root: int, members: list[Ranked]) -> Group:
    members.sort(key=lambda row: (row.account_id != root, row.name.casefold(), row.account_id))
    value = sum((row.value or Decimal(0) for row in members), Decimal(0))
    return Group(members[0].name, tuple(members), value)


def concentration(rows: Sequence[Ranked], share: Decimal) -> Concentration:
    """The smallest top group that carries `share` percent of revenue. Raises ShareRefused."""
    return concentration_of(groups_of(rows), share)


def concentration_of(groups: Sequence[Group], share: Decimal) -> Concentration:
    """The same of groups from `groups_of`."""
    check_share(share)
    sums = list(accumulate(group.value for group in groups))
    total = sums[-1] if sums else Decimal(0)
    # Multiplied out, so that no division rounds away an exact hit.
    needed = next((n for n, carried in enumerate(sums, 1) if carried * 100 >= share * total), 0)
    threshold = groups[needed - 1].value if needed else Decimal(0)
    inside = sum(group.value >= threshold for group in groups)
    return Concentration(
        share=share,
        curve=[(group, percent_of(own, total)) for group, own in zip(groups, sums, strict=True)],
        groups=inside,
        accounts=sum(group.accounts for group in groups[:inside]),
        all_accounts=sum(group.accounts for group in groups),
        value=sums[inside - 1] if inside else Decimal(0),
        total=total,
        threshold=threshold,
        tied=inside - needed,
    )


def suggest(rows: Sequence[Ranked], rules: Sequence[Rule], currency: str = "") -> list[Suggestion]:
    """Who would move, the largest group first; then those without ARR by name.

    `currency` is the workspace's, for the sentences. Raises ShareRefused.
    """
    ordered = sorted(rules, key=lambda rule: rule.position)
    groups = groups_of(rows)
    tops = {rule.tier_id: _top(groups, rule) for rule in ordered if rule.entry == Entry.SHARE}
    found: list[Suggestion] = []
    for rank, group in enumerate(groups, 1):
        place = f"{_whose(group)} is number {number(rank)} of {number(len(groups))} by ARR"
        reasons = {
            rule.tier_id: place + why for rule in ordered if (why := _why(rule, rank, group, tops, currency))
        }
        found += _moves(group.members, ordered, reasons)
    without = {rule.tier_id: "It has no ARR." for rule in ordered if rule.entry == Entry.REST}
    return found + _moves(_unranked(rows, groups), ordered, without)


def _top(groups: Sequence[Group], rule: Rule) -> Concentration:
    return concentration_of(groups, rule.share if rule.share is not None else USUAL)


def _unranked(rows: Sequence[Ranked], groups: Sequence[Group]) -> list[Ranked]:
    ranked = {row.account_id for group in groups for row in group.members}
    rest = (row for row in rows if row.account_id not in ranked)
    return sorted(rest, key=lambda row: (row.name.casefold(), row.account_id))


def _moves(members: Iterable[Ranked], rules: Sequence[Rule], reasons: dict[int, str]) -> list[Suggestion]:
    """The members that another tier takes; `reasons` names the tiers whose rule takes their group."""
    found = []
    for row in members:
        tier_id = next((rule.tier_id for rule in rules if _takes(rule, row, reasons)), row.tier_id)
        if tier_id is None or tier_id == row.tier_id or row.is_pinned or row.is_churned:
            continue
        found.append(
            Suggestion(
                row.account_id, row.name, row.tier_id, tier_id, reasons[tier_id], row.value, row.growth
            )
        )
    return found


def _takes(rule: Rule, row: Ranked, reasons: dict[int, str]) -> bool:
    if rule.entry == Entry.HAND:
        return row.tier_id == rule.tier_id
    return rule.tier_id in reasons


def _why(rule: Rule, rank: int, group: Group, tops: dict[int, Concentration], currency: str) -> str:
    """The end of the sentence why a rule takes a group; nothing when it does not."""
    if rule.entry == Entry.SHARE and rank <= tops[rule.tier_id].groups:
        return "; " + _in_words(tops[rule.tier_id])
    if rule.entry == Entry.VALUE:
        return _why_value(rule, group, currency)
    return ", in no tier above." if rule.entry == Entry.REST else ""


def _why_value(rule: Rule, group: Group, currency: str) -> str:
    growth = growth_of(group.members)
    if rule.arr is not None and group.value >= rule.arr:
        return f"; ARR of {with_unit(rule.arr, currency)} or more."
    if rule.growth is not None and growth is not None and growth >= rule.growth:
        grown, least = percent(growth / 100, 1), percent(rule.growth / 100, 1)
        return f"; ARR grew by {grown} in a year, {least} or more."
    return ""


def _in_words(top: Concentration) -> str:
    first = "the first carries" if top.groups == 1 else f"the first {number(top.groups)} carry"
    return f"{first} {percent(top.revenue_percent / 100, 1)} of it."


def _whose(group: Group) -> str:
    paying = group.accounts
    return "It" if len(group.members) == 1 else f"Its group ({plural(paying, 'account')} with ARR)"
