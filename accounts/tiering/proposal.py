"""What revenue suggests, as the page shows it: the top group, who would move, and what it would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import blake2s

from accounts.tiering.actions import Move
from accounts.tiering.hours import QuarterHours
from accounts.tiering.queries import planned_in_words
from accounts.tiering.revenue_rows import ranked_accounts
from accounts.tiering.suggesting import (
    SENSIBLE,
    Concentration,
    Ranked,
    Rule,
    Suggestion,
    concentration,
    suggest,
)
from accounts.tiers.models import Tier
from csworkspace.web.formats import money, money_compact, number, percent, plural, signed, signed_percent

PAGE = 100


@dataclass(frozen=True)
class MoveLine:
    """One suggestion, ready to print; `key` is what a person accepts: account, from, to."""

    key: str
    account_id: int
    name: str
    arr: str
    growth: str
    before: str
    after: str
    reason: str
    hours_before: str
    hours_after: str
    planned: str


@dataclass(frozen=True)
class TierLine:
    """A tier with and without the suggestions."""

    name: str
    accounts_before: str
    accounts_after: str
    hours_before: str
    hours_after: str
    hours_change: str


@dataclass
class Proposal:
    """Everything that the page shows of one choice of thresholds."""

    rows: Sequence[Ranked]
    top: Concentration
    moves: Sequence[Suggestion]
    tiers: Mapping[int, Tier]
    currency: str
    hours: QuarterHours
    planned: Mapping[int, str]
    as_of: date | None = None
    start: int = 0

    @property
    def is_ranked(self) -> bool:
        """Whether any account has ARR."""
        return self.top.all_accounts > 0

    @property
    def sentence(self) -> str:
        """ "34 of 197 accounts, 17%, carry 40.2% of $4.88M." """
        top = self.top
        verb = "carries" if top.accounts == 1 else "carry"
        return (
            f"{number(top.accounts)} of {plural(top.all_accounts, 'account')}, "
            f"{percent(top.accounts_percent / 100)}, {verb} {percent(top.revenue_percent / 100, 1)} "
            f"of {money_compact(top.total, self.currency)}."
        )

    @property
    def cut_note(self) -> str:
        """The top group in few words, for the picture."""
        verb = "carries" if self.top.accounts == 1 else "carry"
        share = percent(self.top.revenue_percent / 100, 1)
        return f"{plural(self.top.accounts, 'account')} {verb} {share}"

    @property
    def notes(self) -> list[str]:
        """What a person should know about this ranking, in sentences."""
        top, notes = self.top, []
        if top.groups:
            last = "The last group of them" if self.is_grouped else "The last of them"
            notes.append(f"{last} pays {money(top.threshold, self.currency)} a year.")
        if top.tied:
            notes.append(self._tied)
        if self.is_grouped:
            notes.append(
                f"Parents and their accounts count as one: {plural(len(top.curve), 'group')} in all."
            )
        if not SENSIBLE[0] <= top.share <= SENSIBLE[1]:
            notes.append("A third to a half of revenue is usual for a top tier.")
        return [*notes, *self.left_out]

    @property
    def is_grouped(self) -> bool:
        """Whether accounts of one group are ranked as one."""
        return len(self.top.curve) < self.top.all_accounts

    @property
    def _tied(self) -> str:
        count, what = self.top.tied, "more group" if self.is_grouped else "more"
        many = "more groups" if self.is_grouped else "more"
        verbs = ("pays", "is") if count == 1 else ("pay", "are")
        return (
            f"{plural(count, what, many)} {verbs[0]} exactly as much as the last one "
            f"and {verbs[1]} in it too."
        )

    @property
    def left_out(self) -> list[str]:
        """Which accounts are not ranked, or do not move, and why."""
        churned = sum(row.is_churned for row in self.rows)
        without = sum(not row.pays and not row.is_churned for row in self.rows)
        pinned = sum(row.is_pinned and not row.is_churned for row in self.rows)
        day = " on that day" if self.as_of else ""
        return [
            text
            for count, text in (
                (without, f"{plural(without, 'account has', 'accounts have')} no ARR{day}: not ranked."),
                (churned, f"{plural(churned, 'account has', 'accounts have')} churned: no suggestion."),
                (
                    pinned,
                    f"{plural(pinned, 'account is', 'accounts are')} pinned: counted, but not moved.",
                ),
            )
            if count
        ]

    @cached_property
    def digest(self) -> str:
        """Stands for exactly these moves: whoever accepts all of them accepts what they saw."""
        keys = ",".join(sorted(key_of(move) for move in self.moves))
        return blake2s(keys.encode(), digest_size=12).hexdigest()

    @property
    def lines(self) -> list[MoveLine]:
        """The moves of this page of the table."""
        return [self._line(move) for move in self.moves[self.start : self.start + PAGE]]

    def _line(self, move: Suggestion) -> MoveLine:
        return MoveLine(
            key=key_of(move),
            account_id=move.account_id,
            name=move.name,
            arr=money(move.value, self.currency),
            growth=signed_percent(None if move.growth is None else move.growth / 100),
            before=self.tier_name(move.from_tier_id),
            after=self.tier_name(move.to_tier_id),
            reason=move.reason,
            hours_before=number(self.hours.of(move.account_id, move.from_tier_id), 1),
            hours_after=number(self.hours.of(move.account_id, move.to_tier_id), 1),
            planned=self.planned.get(move.account_id, ""),
        )

    def tier_name(self, tier_id: int | None) -> str:
        """A tier's name, or that it is none."""
        tier = self.tiers.get(tier_id or 0)
        return tier.name if tier else "No tier"

    @property
    def cost(self) -> str:
        """What all moves together cost or free, in a sentence."""
        before = sum((self.hours.of(m.account_id, m.from_tier_id) for m in self.moves), Decimal(0))
        after = sum((self.hours.of(m.account_id, m.to_tier_id) for m in self.moves), Decimal(0))
        if before == after:
            return "They would cost as many CSM hours as now."
        verb = "take" if after > before else "free"
        change = f"{number(abs(after - before), 1)} CSM hours a quarter"
        return f"They would {verb} {change}: {number(before, 1)} now, {number(after, 1)} after."

    @property
    def tier_lines(self) -> list[TierLine]:
        """Each tier now and after all moves, the most served first."""
        after = {move.account_id: move.to_tier_id for move in self.moves}
        here = [row for row in self.rows if not row.is_churned]
        was, will = (self._sums(here, chosen) for chosen in ({}, after))
        tiers = sorted(self.tiers.values(), key=lambda tier: tier.position)
        return [_tier_line(tier.name, was[tier.pk], will[tier.pk]) for tier in tiers if not tier.retired_at]

    def _sums(self, rows: Sequence[Ranked], chosen: Mapping[int, int]) -> dict[int, tuple[int, Decimal]]:
        found = {tier_id: (0, Decimal(0)) for tier_id in (*self.tiers, 0)}
        for row in rows:
            tier_id = chosen.get(row.account_id, row.tier_id) or 0
            count, hours = found[tier_id]
            found[tier_id] = (count + 1, hours + self.hours.of(row.account_id, tier_id))
        return found

    def chosen(self, keys: Sequence[str]) -> list[Move]:
        """Those of the moves that were seen and are still suggested."""
        wanted = set(keys)
        return [move_of(move) for move in self.moves if key_of(move) in wanted]


def _tier_line(name: str, was: tuple[int, Decimal], will: tuple[int, Decimal]) -> TierLine:
    change = will[1] - was[1]
    return TierLine(
        name, number(was[0]), number(will[0]), number(was[1], 1), number(will[1], 1), signed(change, 1)
    )


def key_of(move: Suggestion) -> str:
    """Account, from and to as a form sends them."""
    return f"{move.account_id}.{move.from_tier_id or 0}.{move.to_tier_id}"


def move_of(move: Suggestion) -> Move:
    """A suggestion as the actions take it."""
    return Move(move.account_id, move.from_tier_id, move.to_tier_id, move.reason)


def propose(
    rules: Sequence[Rule], share: Decimal, *, currency: str, today: date, as_of: date | None, start: int = 0
) -> Proposal:
    """What these rules suggest; a constant number of queries. Raises RateMissing, ShareRefused."""
    rows = ranked_accounts(as_of)
    return Proposal(
        rows=rows,
        top=concentration(rows, share),
        moves=suggest(rows, rules, currency),
        tiers=Tier.objects.in_bulk(),
        currency=currency,
        hours=QuarterHours(today),
        planned=planned_in_words(),
        as_of=as_of,
        start=start,
    )
