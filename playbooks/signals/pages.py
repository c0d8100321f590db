"""What the inbox and its parts show."""

from typing import Any

from accounts.book.queries import read_surroundings
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats
from csworkspace.web.slots import tabs
from csworkspace.web.urls import workspace_url
from playbooks.indicators.models import Indicator, SignalKind
from playbooks.signals.filters import ALL, NOBODY, WAITING, SignalFilter, read_filter
from playbooks.signals.forms import ManyForm, SignalFilterForm, empty_many
from playbooks.signals.lists import counts_by_state, groups_of, read_cursor
from playbooks.signals.models import SignalState
from playbooks.signals.queries import Held, accounts_owned_by, held_back_on, most_per_day

TABS = {
    WAITING: "To look at",
    SignalState.OPEN.value: "Open",
    SignalState.ACKNOWLEDGED.value: "Acknowledged",
    SignalState.SNOOZED.value: "Snoozed",
    SignalState.RESOLVED.value: "Resolved",
}
SEVERITIES = [("", "Any severity"), ("2", "Medium and high"), ("3", "High")]
MOST_INDICATORS = 500


def section_tabs(request: Any, current: str) -> list[dict[str, Any]]:
    """The pages beside the inbox, such as incidents."""
    return [
        {"label": tab.label, "url": workspace_url(request, tab.url_name), "current": tab.url_name == current}
        for tab in tabs("signals")
    ]


def inbox_context(request: Any, *, form: ManyForm | None = None) -> dict[str, Any]:
    """Everything on the page; eight queries, a few more for a segment."""
    today = today_of(request.workspace)
    view = read_filter(request.GET, request.membership)
    after = read_cursor(request.GET.get("after", ""))
    groups, last = groups_of(view, today, after)
    counts = counts_by_state(view)
    return {
        "view": view,
        "tabs": section_tabs(request, "signals"),
        "filter_form": _filter_form(request, view),
        "states": _states(view, counts),
        "groups": groups,
        "first_url": view.url() if after else "",
        "next_url": f"{view.url()}&after={'.'.join(map(str, last))}" if last else "",
        "csv_url": workspace_url(request, "signals_csv") + view.url(),
        "held": held_words(_held(view, request), most_per_day()),
        "settings_url": settings_url(request),
        "many": form or empty_many(today),
        "back": view.url(),
        "here": request.get_full_path(),
        "may_work": may(request.membership.role, Needs.WORK),
        "is_empty": not groups and not any(counts.values()) and not view.narrows,
        "is_mine": view.owner == str(request.membership.pk),
        "everybody_url": view.url(owner=ALL),
    }


def _held(view: SignalFilter, request: Any) -> Held:
    today = today_of(request.workspace)
    if view.owner in (ALL, NOBODY):
        return held_back_on(today)
    return held_back_on(today, accounts_owned_by(int(view.owner)))


def settings_url(request: Any) -> str:
    """Where the cap is set, for who may."""
    return workspace_url(request, "signal_settings") if may(request.membership.role, Needs.MANAGE) else ""


def held_words(held: Held, most: int) -> str:
    """ "3 signals of 2 accounts are held back today…", or nothing."""
    if not held.signals:
        return ""
    verb = "is" if held.signals == 1 else "are"
    return (
        f"{formats.plural(held.signals, 'signal')} of {formats.plural(held.accounts, 'account')} {verb} held "
        f"back today: indicators raise at most {formats.plural(most, 'signal')} on an account a day, the "
        "most severe first. What still holds tomorrow is raised then."
    )


def _filter_form(request: Any, view: SignalFilter) -> SignalFilterForm:
    around, me = read_surroundings(request.membership.pk), request.membership.pk
    rows = Indicator.objects.order_by("name", "pk").values_list("pk", "name")[:MOST_INDICATORS]
    mine = [(str(me), "Mine")] if me in around.team else []
    others = [(str(pk), name) for pk, name in around.team.items() if pk != me]
    choices = {
        "owner": [*mine, (ALL, "The whole team"), (NOBODY, "Nobody"), *others],
        "kind": [("", "Any kind"), *SignalKind.choices],
        "severity": SEVERITIES,
        "tier": [("", "Any tier"), *((str(pk), name) for pk, name in around.tiers.items())],
        "segment": [("", "Any segment"), *((str(pk), name) for pk, name in around.segments.items())],
        "indicator": [("", "Any indicator"), *((str(pk), name) for pk, name in rows)],
    }
    return SignalFilterForm(choices=choices, initial=vars(view), auto_id="filter_%s")


def _states(view: SignalFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    found = {**counts, WAITING: counts[SignalState.OPEN] + counts[SignalState.ACKNOWLEDGED]}
    return [
        {
            "label": label,
            "url": view.url(state=state),
            "count": formats.number(found[state]),
            "current": state == view.state,
        }
        for state, label in TABS.items()
    ]
