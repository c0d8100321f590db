"""Accounts that need attention for a reason that no other row of the day tells."""

from typing import Any

from accounts.book.models import BookRow, PlanStatus
from playbooks.attention.scoring import PLAN_WORDS, SIGNAL_WORD
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind

# Plans, renewals and signals have rows of their own; the score words them so.
TOLD = (
    PLAN_WORDS[PlanStatus.OFF_TRACK].casefold(),
    PLAN_WORDS[PlanStatus.SLIPPING].casefold(),
    "renews ",
    "renewal was due",
)


def other_needs(view: Viewpoint) -> list[Item]:
    """The heaviest such reason of each account; one query."""
    rows = BookRow.objects.filter(attention__gt=0)
    if view.owner_id is not None:
        rows = rows.filter(owner_id=view.owner_id)
    found = rows.order_by("-attention", "account_id").values_list("account_id", "reasons")[:CAP]
    reasons = [(pk, untold(reasons)) for pk, reasons in found]
    return [_item(view, pk, reason) for pk, reason in reasons if reason]


def untold(reasons: list[dict[str, Any]]) -> str:
    """The first reason that is not about targets, the renewal or signals; "" if there is none."""
    texts = [str(reason["text"]) for reason in reasons]
    return next((text for text in texts if not is_told(text.casefold())), "")


def is_told(text: str) -> bool:
    """Whether another row tells it. Only a signal's reason begins with its word, others hold theirs."""
    return text.startswith(SIGNAL_WORD.casefold()) or any(told in text for told in TOLD)


def _item(view: Viewpoint, account_id: int, reason: str) -> Item:
    return Item(
        key=f"attention-{account_id}",
        kind=Kind.ATTENTION,
        account_id=account_id,
        reason=f"Needs attention: {reason}",
        step=view.link("Open the account", "account", account_id),
    )
