"""Telling owners of new signals, and managers when the cap holds some back."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from csworkspace.audit.actor import Actor
from csworkspace.notifications.actions import notify, retitle
from csworkspace.people.models import Membership, Role
from csworkspace.web import formats, times
from playbooks.indicators.models import Severity
from playbooks.signals.models import Signal, SignalSource
from playbooks.signals.queries import held_back_on, most_per_day, unresolved

RAISED, HELD_BACK = "signal_raised", "signals_held_back"


def tell_owners(signal_ids: Sequence[int], *, back: bool = False, by: Actor | None = None) -> int:
    """Tell the owners of accounts of their signals, once for each account; how many were told.

    by: who raised them by hand, if anybody did: they know.
    """
    rows = unresolved().filter(pk__in=signal_ids, account__owner__is_active=True)
    found = list(rows.select_related("account").order_by("account_id", "-severity", "pk"))
    told = 0
    for _, group in groupby(found, key=lambda one: one.account_id):
        _tell(list(group), back, by)
        told += 1
    return told


def _tell(signals: list[Signal], back: bool, by: Actor | None) -> None:
    """One notification about the signals of one account, the worst of them first."""
    worst, account = signals[0], signals[0].account
    assert account.owner_id is not None  # looked for
    more = formats.plural(len(signals) - 1, "more signal")
    newest = max(one.pk for one in signals)
    snoozed = f" back {worst.version}" if back else ""
    notify(
        [account.owner_id],
        RAISED,
        f"{account.name}: {worst.title}",
        # Who runs twice tells once: the same signals make the same key.
        key=f"signal {newest}{snoozed}",
        text=words_of(worst, more if len(signals) > 1 else "", back),
        page="signal" if len(signals) == 1 else "account_signals",
        page_args=[worst.pk if len(signals) == 1 else account.pk],
        by=by if all(one.source == SignalSource.PERSON for one in signals) else None,
    )


def words_of(worst: Signal, more: str, back: bool) -> str:
    """ "Risk, high. And 2 more signals of this account." """
    kind, severity = worst.get_kind_display(), Severity(worst.severity).label.lower()
    said = f"{kind}, {severity}."
    if back:
        said = f"The snooze has ended. {said}"
    return f"{said} And {more} of this account." if more else said


def tell_managers(day: date) -> None:
    """Tell managers and admins once a day that the cap holds signals back."""
    held = held_back_on(day)
    if not held.signals:
        return
    roles = (Role.MANAGER, Role.ADMIN)
    members = Membership.objects.filter(is_active=True, role__in=roles).values_list("pk", flat=True)
    some, accounts = formats.plural(held.signals, "signal"), formats.plural(held.accounts, "account")
    key, title = f"signals held back {day.isoformat()}", f"{some} of {accounts} wait for another day"
    notify(
        members,
        HELD_BACK,
        title,
        key=key,
        text=f"Indicators raise at most {most_per_day()} signals on one account and day, the most severe "
        f"first. What still holds after {times.day(day)} is raised then.",
        page="signals",
    )
    # Told once, with the number as it is by now.
    retitle(HELD_BACK, key, title)
