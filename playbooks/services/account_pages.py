"""What an account's pages show of services: the tab, and one service that is owed."""

from typing import Any

from accounts.accounts.frame import account_frame
from accounts.tiers.models import DeliveredBy, ServiceKind
from accounts.tiers.terms import Terms, in_words
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.web import times
from csworkspace.web.formats import DASH, number
from csworkspace.web.urls import workspace_url
from playbooks.services.clock import Clock, clock_of
from playbooks.services.lists import OccurrenceRow, over_of_account, read_cursor, row_of, to_do_of_account
from playbooks.services.models import ServiceOccurrence
from playbooks.services.pages import RULES, percent_text
from playbooks.services.periods import period_words
from playbooks.services.queries import attainment_of, counts, terms_on, with_status
from playbooks.services.status import Attainment, OccurrenceStatus, last_day
from playbooks.services.windows import Window, four_quarters, this_quarter

TAB = "account_services"
MOST_TO_DO = 60


def account_services_context(request: Any, account: Any) -> dict[str, Any]:
    """The account's tab; eight queries."""
    clock = clock_of(request.workspace)
    year, quarter = four_quarters(clock.today), this_quarter(clock.today)
    to_do = to_do_of_account(account.pk, clock, MOST_TO_DO)
    terms = terms_on(account.pk, clock.today)
    return {
        **account_frame(request, account, TAB),
        **_over(account.pk, clock, request.GET.get("after", "")),
        "figures": _figures(account.pk, to_do, (year, quarter), clock),
        "to_do": to_do,
        "promised": _promised(account.pk, terms, year, clock),
        "year": year,
        "today": clock.today.isoformat(),
        "rules": RULES,
        "has_response": bool(response_services(terms)),
        "may_work": may(request.membership.role, Needs.WORK),
    }


def _over(account_id: int, clock: Clock, asked: str) -> dict[str, Any]:
    after = read_cursor(asked)
    rows, more = over_of_account(account_id, clock, after)
    return {
        "over": rows,
        "first_url": "?#over" if after else "",
        "next_url": f"?after={rows[-1].cursor}#over" if more else "",
    }


def response_services(terms: dict[int, Terms]) -> dict[int, str]:
    """The services that promise a response time, by id."""
    return {pk: one.service for pk, one in terms.items() if one.kind == ServiceKind.RESPONSE}


def within(account_id: int, window: Window, clock: Clock) -> Any:
    """The account's services that are due in a window, with their status."""
    rows = ServiceOccurrence.objects.filter(
        account_id=account_id, due_on__gte=window.since, due_on__lte=window.until
    )
    return with_status(clock.today, clock.now, rows)


def _figures(
    account_id: int, to_do: list[OccurrenceRow], spans: tuple[Window, ...], clock: Clock
) -> list[dict[str, str]]:
    shares = [(window, attainment_of(within(account_id, window, clock))) for window in spans]
    late = [row for row in to_do if row.status == OccurrenceStatus.LATE]
    following = next((row for row in to_do if row.status != OccurrenceStatus.LATE), None)
    return [
        *(
            {"label": window.label, "value": percent_text(found.percent), "note": kept_words(found)}
            for window, found in shares
        ),
        {"label": "Late now", "value": number(len(late)), "note": late[0].service if late else ""},
        {
            "label": "Next due",
            "value": following.due_short if following else DASH,
            "note": f"{following.service}, {following.when}" if following else "",
        },
    ]


def kept_words(found: Attainment) -> str:
    """ "5 of 6 on time", or that nothing was due."""
    return f"{found.on_time} of {found.owed} on time" if found.owed else "Nothing was due yet"


def _promised(account_id: int, terms: dict[int, Terms], window: Window, clock: Clock) -> list[dict[str, Any]]:
    """Each service that is promised now or was owed in the window, with what was kept."""
    rows = within(account_id, window, clock).order_by().values("service_id", "service__name")
    found = rows.annotate(**counts()).values_list("service_id", "service__name", *OccurrenceStatus.values)
    kept = {row[0]: (row[1], Attainment(*_in_order(row[2:]))) for row in found}
    names = {pk: name for pk, (name, _) in kept.items()} | {pk: one.service for pk, one in terms.items()}
    return [
        {
            "name": name,
            "terms": in_words(terms[pk]) if pk in terms else "Not promised now",
            "kept": kept[pk][1] if pk in kept else Attainment(),
            "percent": percent_text(kept[pk][1].percent if pk in kept else None),
        }
        for pk, name in sorted(names.items(), key=lambda item: item[1].casefold())
    ]


def _in_order(values: tuple[int, ...]) -> list[int]:
    """Counts by status in the order of Attainment's fields."""
    by_name = dict(zip(OccurrenceStatus.values, values, strict=True))
    return [by_name[name] for name in Attainment.__dataclass_fields__]


def occurrence_context(request: Any, account: Any, one: ServiceOccurrence) -> dict[str, Any]:
    """One service that is owed: its facts, and what happened to it. `one` is of `with_status`."""
    zone = request.workspace.timezone
    row = row_of(one, clock_of(request.workspace))
    proof = workspace_url(request, one.proof_page, one.proof_id) if one.proof_page else ""
    return {
        **account_frame(request, account, TAB),
        "one": one,
        "row": row,
        "period": period_words(one.period),
        "facts": _facts(one, zone, proof),
        "history": history_of([("serviceoccurrence", [one.pk])], zone).entries,
        "may_work": may(request.membership.role, Needs.WORK),
    }


def _facts(one: ServiceOccurrence, zone: str, proof: str) -> list[dict[str, str]]:
    asked = {
        "Asked": times.moment(one.asked_at, zone),
        "Promised answer": times.moment(one.answer_by, zone),
        "Answered": times.moment(one.answered_at, zone),
    }
    owed = {
        "Owed": f"{times.day_range(one.starts_on, one.due_on)}",
        "On time until": times.day(last_day(one)),
        "Missed after": times.day(one.missed_after),
    }
    rest = {
        "Owner": str(one.owner) if one.owner else "Nobody",
        "Promised by": one.tier.name if one.tier else "Own terms of the account",
        "Delivered by": DeliveredBy(one.delivered_by).label,
        "CSM time": f"{number(one.hours)} h",
    }
    facts = [
        {"label": label, "value": text} for label, text in ((asked if one.asked_at else owed) | rest).items()
    ]
    return [*facts, *_outcome(one, zone, proof)]


def _outcome(one: ServiceOccurrence, zone: str, proof: str) -> list[dict[str, str]]:
    if one.waived_at:
        when = times.moment(one.waived_at, zone).partition(",")[0]
        return [{"label": "Waived", "value": f"{when}: {one.waived_reason}"}]
    if not one.delivered_on:
        return []
    found = [{"label": "Delivered", "value": f"{times.day(one.delivered_on)} by {one.deliverer}"}]
    if one.note:
        found.append({"label": "Note", "value": one.note})
    if proof:
        found.append({"label": "Proof", "value": one.proof_title, "url": proof})
    return found
