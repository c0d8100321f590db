"""Targets of active plans that are off track or slipping."""

from accounts.book.models import BookRow, PlanStatus
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from playbooks.myday.words import target_words
from playbooks.plans.queries import agreed_of
from playbooks.plans.standings import Standing, active_targets, stand

KINDS = {PlanStatus.OFF_TRACK: Kind.OFF_TRACK, PlanStatus.SLIPPING: Kind.SLIPPING}
# Plans whose targets are looked at; each has a few.
PLANS = 200


def slipping_targets(view: Viewpoint) -> list[Item]:
    """The targets behind, of the accounts whose plan stands so in the book; three queries."""
    rows = BookRow.objects.filter(plan_status__in=list(KINDS))
    if view.owner_id is not None:
        rows = rows.filter(owner_id=view.owner_id)
    # "off_track" comes before "slipping" in the alphabet too.
    account_ids = rows.order_by("plan_status", "-arr_sort", "account_id").values_list("account_id", flat=True)
    standings = stand(active_targets(list(account_ids[:PLANS])), view.today)
    return [_item(view, one) for one in standings if one.status in KINDS][:CAP]


def _item(view: Viewpoint, one: Standing) -> Item:
    target = one.target
    metric = target.metric
    assert one.measured is not None  # without a measurement the status is "no data"
    return Item(
        key=f"target-{target.pk}",
        kind=KINDS[one.status],
        account_id=target.account_id,
        reason=target_words(
            metric.name, metric.unit, agreed_of(target), one.measured, one.status, view.today
        ),
        step=view.link("Open the target", "plan", target.objective.plan_id, anchor=f"target-{target.pk}"),
        due_on=target.due_on,
    )
