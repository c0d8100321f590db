"""The list of all active plans, those that need attention first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.book.models import BookRow, PlanStatus
from accounts.segments.evaluate import accounts_in
from csworkspace.web import times
from playbooks.plans.models import Plan, PlanState
from playbooks.plans.standings import PlanStanding, plan_standings

PAGE = 50
WORST_FIRST = (
    PlanStatus.OFF_TRACK,
    PlanStatus.SLIPPING,
    PlanStatus.NO_DATA,
    PlanStatus.ON_TRACK,
    PlanStatus.AHEAD,
)
Cursor = tuple[int, int]


@dataclass(frozen=True)
class PlanRow:
    """An active plan in the list, ready to print."""

    id: int
    account_id: int
    account: str
    title: str
    status: str
    status_label: str
    targets: str
    owner: str
    ends: str
    shared: bool
    cursor: str


def followed(owner_id: int | None = None, segment_id: int | None = None) -> QuerySet[BookRow]:
    """The book's rows of accounts that follow a plan, of one owner and in one segment if given."""
    rows = BookRow.objects.filter(account__plans__state=PlanState.ACTIVE)
    if segment_id:
        rows = rows.filter(account_id__in=accounts_in(segment_id))
    return rows.filter(account__plans__owner_id=owner_id) if owner_id else rows


def tally(owner_id: int | None = None, segment_id: int | None = None) -> dict[str, int]:
    """How many active plans have which status; one query, and those that read the segment."""
    counts = (
        followed(owner_id, segment_id).values_list("plan_status").annotate(Count("account", distinct=True))
    )
    return dict(counts.order_by())


def plan_rows(
    today: date,
    *,
    status: str = "",
    owner_id: int | None = None,
    segment_id: int | None = None,
    after: Cursor | None = None,
) -> tuple[list[PlanRow], bool]:
    """A page of active plans and whether more follow: the highest attention first.

    Four queries at most, and those that read the segment.
    """
    rows = followed(owner_id, segment_id)
    if status:
        rows = rows.filter(plan_status=status)
    if after:
        rows = rows.filter(Q(attention__lt=after[0]) | Q(attention=after[0], account_id__gt=after[1]))
    found = list(rows.order_by("-attention", "account_id").values_list("account_id", "attention")[: PAGE + 1])
    page = found[:PAGE]
    return _rows([account_id for account_id, _ in page], dict(page), today), len(found) > PAGE


def _rows(account_ids: Sequence[int], attention: dict[int, int], today: date) -> list[PlanRow]:
    plans = {
        plan.account_id: plan
        for plan in Plan.objects.select_related("account", "owner__user").filter(
            account_id__in=account_ids, state=PlanState.ACTIVE
        )
    }
    standings = plan_standings(account_ids, today)
    return [_row(plans[pk], standings.get(pk), attention[pk], today) for pk in account_ids if pk in plans]


def _row(plan: Plan, standing: PlanStanding | None, attention: int, today: date) -> PlanRow:
    status = standing.status if standing else PlanStatus.NO_DATA
    count = len(standing.statuses) if standing else 0
    good = standing.on_track if standing else 0
    return PlanRow(
        id=plan.pk,
        account_id=plan.account_id,
        account=plan.account.name,
        title=plan.title,
        status=status,
        status_label=status.label,
        targets=f"{good} of {count} on track",
        owner=str(plan.owner) if plan.owner else "Nobody",
        ends=f"{times.day(plan.ends_on)}, {times.relative_day(plan.ends_on, today)}",
        shared=plan.shared_at is not None,
        cursor=f"{attention}.{plan.account_id}",
    )


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that a link carries; None for anything else."""
    attention, _, account = text.partition(".")
    if attention.isdecimal() and account.isdecimal() and len(attention) < 4 and len(account) < 19:
        return int(attention), int(account)
    return None
