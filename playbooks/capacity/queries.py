"""Reads about capacity: a constant number of queries, however many accounts and CSMs there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.accounts.models import Account, Stage
from accounts.revenue.rates import RateMissing
from accounts.tiering.models import TierPlacement
from accounts.tiering.queries import overrides_on
from accounts.tiering.revenue_rows import ranked_accounts, rules_of
from accounts.tiers.queries import tiers
from accounts.tiers.terms import terms_of_tiers
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.clock import zone
from playbooks.capacity.arithmetic import (
    NOTHING,
    Span,
    away_share,
    deciding_day,
    productive_hours,
    quarters_from,
)
from playbooks.capacity.models import Absence, CsmCapacity, Scenario
from playbooks.capacity.relationships import OwnerChange, held_since
from playbooks.capacity.state import AccountRow, Csm, Hours, State, TierRow
from playbooks.capacity.steps import Step

Tiers = tuple[int | None, ...]


def read_state(today: date) -> State:
    """The team, its accounts and its promises in this quarter and the next four."""
    quarters = quarters_from(today)
    days = [deciding_day(start, today) for start in quarters]
    accounts = read_accounts(days)
    return State(
        today=today,
        quarters=quarters,
        accounts=accounts,
        csms=read_csms(quarters, {row.owner for row in accounts.values()} - {None}),
        tiers={tier.pk: TierRow(tier.pk, tier.name, tier.entry_share) for tier in tiers()},
        terms=tuple(terms_of_tiers(day) for day in days),
        overrides=tuple(overrides_on(day) for day in days),
    )


def with_revenue(state: State) -> State:
    """The same with what tiers are suggested from, or why that cannot be read."""
    try:
        ranked = tuple(ranked_accounts())
    except RateMissing as error:
        return replace(state, revenue_problem=str(error))
    return replace(state, ranked=ranked, rules=tuple(rules_of(tiers())))


def read_state_for(steps: Sequence[Step], today: date) -> State:
    """The state with everything that these steps need."""
    state = read_state(today)
    return with_revenue(state) if any(step["do"] == "threshold" for step in steps) else state


def read_accounts(days: list[date]) -> dict[int, AccountRow]:
    """The accounts that are not churned, by name, with their tiers on these days; two queries."""
    moves = planned_moves(days)
    same: dict[int | None, Tiers] = {}
    fields = ("id", "name", "owner_id", "stage", "customer_since", "renewal_on", "tier_id")
    rows = Account.objects.exclude(stage=Stage.CHURNED).order_by("name", "id").values_list(*fields)
    found = {}
    for pk, name, owner, stage, since, renewal_on, tier in rows:
        held = moves.get(pk) or same.setdefault(tier, (tier,) * len(days))
        found[pk] = AccountRow(pk, name, owner, stage, since, renewal_on, held, tier)
    return found


def planned_moves(days: list[date]) -> dict[int, Tiers]:
    """Account → its tiers on these days, for accounts with a move that is still to come."""
    planned = TierPlacement.objects.filter(is_planned=True, since__lte=days[-1])
    rows = planned.order_by("since", "id").values_list("account_id", "account__tier_id", "since", "tier_id")
    found: dict[int, list[int | None]] = {}
    for account, tier, since, to in rows:
        held = found.setdefault(account, [tier] * len(days))
        held[:] = [to if since <= day else before for day, before in zip(days, held, strict=True)]
    return {account: tuple(held) for account, held in found.items()}


def read_csms(quarters: tuple[date, ...], owners: set[int | None]) -> dict[int, Csm]:
    """The active CSMs and everybody else who owns accounts, by name; three queries."""
    wanted = Q(role=Role.CSM, is_active=True) | Q(pk__in=owners)
    members = Membership.objects.select_related("user").filter(wanted)
    known = {one.membership_id: one for one in CsmCapacity.objects.all()}
    away = read_absences(quarters[0])
    ordered = sorted(members, key=lambda member: (str(member).casefold(), member.pk))
    return {one.pk: csm_of(one, known.get(one.pk), away.get(one.pk, []), quarters) for one in ordered}


def csm_of(
    member: Membership, known: CsmCapacity | None, away: list[Span], quarters: tuple[date, ...]
) -> Csm:
    """A CSM with their hours; without settings the usual ones, and none for whom has no access any more."""
    row = known or CsmCapacity(membership=member)
    hours = hours_of(row, away, quarters) if member.is_active else (NOTHING,) * len(quarters)
    note = "" if member.is_active else "no access any more"
    return Csm(
        id=member.pk,
        name=str(member),
        hours=hours,
        languages=frozenset(row.languages),
        regions=frozenset(row.regions),
        skills=frozenset(row.skills),
        note=note if not member.is_active or known else "usual hours",
    )


def hours_of(row: CsmCapacity, away: list[Span], quarters: tuple[date, ...]) -> Hours:
    """Productive hours in each quarter."""
    shares = [away_share(start, away) for start in quarters]
    return tuple(
        productive_hours(Decimal(row.hours_per_week), row.meeting_share, row.leave_share, share)
        for share in shares
    )


def read_absences(since: date) -> dict[int, list[Span]]:
    """Membership id → absences that have not ended before a day."""
    found: dict[int, list[Span]] = {}
    rows = Absence.objects.filter(ends_on__gte=since).order_by("starts_on")
    for member, first, last in rows.values_list("membership_id", "starts_on", "ends_on"):
        found.setdefault(member, []).append((first, last))
    return found


def get_member(pk: int) -> Membership:
    """A member of the staff, or 404."""
    return get_object_or_404(Membership.objects.select_related("user").exclude(role=Role.VIEWER), pk=pk)


def capacity_of(member: Membership) -> CsmCapacity:
    """A member's settings; unsaved ones with the usual values and version 0 if there are none."""
    found = CsmCapacity.objects.filter(membership=member).first()
    return found or CsmCapacity(membership=member, version=0)


def absences_of(member: Membership, since: date) -> QuerySet[Absence]:
    """A member's absences that have not ended before a day."""
    return Absence.objects.filter(membership=member, ends_on__gte=since).order_by("starts_on", "id")


def scenarios() -> QuerySet[Scenario]:
    """All what-ifs and proposals, the newest first."""
    return Scenario.objects.select_related("job", "change_set").order_by("-id")


def get_scenario(pk: int) -> Scenario:
    """A what-if or proposal, or 404."""
    return get_object_or_404(scenarios(), pk=pk)


def attributes_of(account_ids: list[int]) -> Mapping[int, dict[str, object]]:
    """Account → its attributes, for what a CSM must match."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "attributes"))


def owned_since(day: date) -> dict[int, date]:
    """Account → since when it is its owner's; missing where that was before `day`, or is not known because
    the account came into the workspace with its owner. Two queries.

    The audit log is the one place where every change of an owner stands, however it was made.
    """
    tz = ZoneInfo(zone())
    changed = AuditEntry.objects.filter(
        object_type="account",
        object_id__in=Account.objects.exclude(stage=Stage.CHURNED).exclude(owner=None).values("pk"),
        at__gte=datetime.combine(day, time(), tz),
        before__has_key="owner",
        after__has_key="owner",
    )
    moves: dict[int, list[OwnerChange]] = {}
    fields = ("object_id", "at", "before__owner", "after__owner")
    for pk, at, left, came in changed.order_by("id").values_list(*fields):
        moves.setdefault(pk, []).append(OwnerChange(at, left, came))
    found = {pk: held_since(of) for pk, of in moves.items()}
    return {pk: at.astimezone(tz).date() for pk, at in found.items() if at}
