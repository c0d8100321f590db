"""Signals that nobody has looked at yet, in a person's day."""

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from csworkspace.web import times
from csworkspace.web.formats import plural
from playbooks.indicators.models import Severity
from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from playbooks.signals.models import Signal, SignalState
from playbooks.signals.rows import tone_of


def new_signals(view: Viewpoint) -> list[Item]:
    """The worst open signal of each account, which says how many others there are; one query."""
    rows = Signal.objects.filter(state=SignalState.OPEN)
    if view.owner_id is not None:
        rows = rows.filter(account__owner_id=view.owner_id)
    first = [F("severity").desc(), F("id").desc()]
    numbered = rows.annotate(
        place=Window(RowNumber(), partition_by=F("account_id"), order_by=first),
        number=Window(Count("id"), partition_by=F("account_id")),
    )
    found = numbered.filter(place=1).order_by("-severity", "-pk")[:CAP]
    return [_item(view, one) for one in found]


def _item(view: Viewpoint, one: Signal) -> Item:
    number: int = one.number  # type: ignore[attr-defined]
    more = f" (and {plural(number - 1, 'more signal')})" if number > 1 else ""
    return Item(
        key=f"signal-{one.pk}",
        kind=Kind.SIGNAL,
        account_id=one.account_id,
        reason=f"{one.title}{more}",
        step=view.link("Look at it", "signal", one.pk),
        due_on=one.raised_on,
        when=times.day_short(one.raised_on, view.today),
        rank=-one.severity,
        tone=tone_of(one.kind, Severity(one.severity)),
    )
