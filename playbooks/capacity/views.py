"""The capacity page, the accounts behind its numbers, people's time, and the inverse question."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict
from playbooks.capacity import actions, pages
from playbooks.capacity.arithmetic import accounts_served, productive_hours, quarter_start
from playbooks.capacity.forms import USUAL, AbsenceForm, CalculatorForm, CapacityForm, QuarterForm
from playbooks.capacity.models import Absence
from playbooks.capacity.queries import absences_of, capacity_of, get_member, read_state
from playbooks.capacity.state import State, tier_loads
from playbooks.capacity.words import exact_hours, hours_words, over_words, short


@require_safe
def capacity_page(request: Any) -> HttpResponse:
    """Hours promised against hours available: now and in the next four quarters."""
    state = read_state(today_of(request.workspace))
    link = behind_link(request, state)
    warnings, left_out = pages.warnings(state, link)
    worst = state.quarters[pages.worst_quarter(state)]
    context = {
        "tabs": capacity_tabs(request, "capacity"),
        "quarters": state.quarter_names(),
        "warnings": warnings,
        "left_out": left_out,
        "lines": pages.lines(state, link),
        "totals": pages.total_line(state),
        "tiers": pages.tier_lines(state),
        "chart": pages.chart(state),
        "has_csms": bool(state.csms),
        "has_terms": any(state.terms),
        "balance": QuarterForm(
            quarters=state.quarters, names=state.quarter_names(), initial={"quarter": worst.isoformat()}
        ),
    }
    return render(request, "capacity/page.html", context)


def capacity_tabs(request: Any, current: str) -> list[dict[str, Any]]:
    """The parts of capacity."""
    parts = [("Now and next", "capacity"), ("What-if", "scenarios"), ("How many accounts?", "calculator")]
    return [
        {"label": label, "url": workspace_url(request, name), "current": name == current}
        for label, name in parts
    ]


def behind_link(request: Any, state: State) -> pages.Link:
    """The address of the accounts behind a number."""

    def link(owner: int | None, number: int) -> str:
        place = ("nobody_accounts",) if owner is None else ("csm_accounts", owner)
        return f"{workspace_url(request, *place)}?quarter={times.quarter(state.quarters[number])}"

    return link


@require_safe
def csm_accounts(request: Any, pk: int) -> HttpResponse:
    """The accounts behind a CSM's hours in a quarter."""
    return accounts_page(request, get_member(pk))


@require_safe
def nobody_accounts(request: Any) -> HttpResponse:
    """The accounts without an owner, and what they are owed."""
    return accounts_page(request, None)


def accounts_page(request: Any, member: Membership | None) -> HttpResponse:
    """Both of them."""
    state = read_state(today_of(request.workspace))
    number, skip = asked_quarter(request, state), asked_number(request, "after")
    owner = member.pk if member else None
    page = pages.behind(state, owner, number, skip)
    link = behind_link(request, state)
    more = f"{link(owner, number)}&after={skip + pages.PAGE}" if skip + pages.PAGE < page.count else ""
    context = {
        "crumbs": [{"label": "Capacity", "url": workspace_url(request, "capacity")}],
        "name": str(member) if member else "Nobody",
        "member": member,
        "quarter": state.quarter_names()[number],
        "tabs": [
            {"label": name, "url": link(owner, n), "current": n == number}
            for n, name in enumerate(state.quarter_names())
        ],
        "page": page,
        "summary": f"{skip + 1}–{skip + len(page.rows)} of {page.count:,}" if page.rows else "",
        "next_url": more,
        "first_url": link(owner, number) if skip else "",
    }
    return render(request, "capacity/accounts.html", context)


def asked_quarter(request: Any, state: State) -> int:
    """The quarter that the address asks for, or the first one."""
    names = [times.quarter(start) for start in state.quarters]
    asked = request.GET.get("quarter", "")
    return names.index(asked) if asked in names else 0


def asked_number(request: Any, name: str) -> int:
    """A small number of the address; 0 for anything else."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 8 else 0


def csm_edit(request: Any, pk: int) -> HttpResponse:
    """A CSM's working time and whom they can look after."""
    member = get_member(pk)
    row = capacity_of(member)
    initial = {field: getattr(row, field) for field in actions.FIELDS}
    form = CapacityForm(request.POST or None, subject=row, initial=initial)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_capacity(member, by=request.actor, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect(workspace_url(request, "csm_edit", pk))
        except Conflict as conflict:
            messages.error(request, str(conflict))
            status = 409
    return member_page(request, member, form, AbsenceForm(auto_id="absence_%s"), status)


def member_page(
    request: Any, member: Membership, form: CapacityForm, absence: AbsenceForm, status: int
) -> HttpResponse:
    """The page of both forms and the calendar."""
    today = today_of(request.workspace)
    state = read_state(today)
    has = state.has(member.pk)
    context = {
        "crumbs": [{"label": "Capacity", "url": workspace_url(request, "capacity")}],
        "member": member,
        "form": form,
        "absence_form": absence,
        "hours": list(zip(state.quarter_names(), map(hours_words, has), strict=True)) if any(has) else [],
        "absences": [
            {"pk": one.pk, "days": times.day_range(one.starts_on, one.ends_on), "note": one.note}
            for one in absences_of(member, quarter_start(today))
        ],
    }
    return render(request, "capacity/member.html", context, status=status)


@require_POST
def absence_new(request: Any, pk: int) -> HttpResponse:
    """Note days on which a CSM is away."""
    member = get_member(pk)
    form = AbsenceForm(request.POST, auto_id="absence_%s")
    if form.is_valid():
        actions.add_absence(member, by=request.actor, **form.cleaned_data)
        messages.success(request, "The absence is in the calendar.")
        return redirect(workspace_url(request, "csm_edit", pk))
    row = capacity_of(member)
    initial = {field: getattr(row, field) for field in actions.FIELDS}
    return member_page(request, member, CapacityForm(subject=row, initial=initial), form, 422)


@require_POST
def absence_remove(request: Any, pk: int) -> HttpResponse:
    """Take days out of the calendar."""
    absence = get_object_or_404(Absence.objects.select_related("membership__user"), pk=pk)
    actions.remove_absence(absence, by=request.actor)
    messages.success(request, "The absence is removed.")
    return redirect(workspace_url(request, "csm_edit", absence.membership_id))


@require_safe
def calculator(request: Any) -> HttpResponse:
    """How many accounts can a CSM serve at this level?"""
    state = read_state(today_of(request.workspace))
    levels = [tier for tier in tier_loads(state) if tier.hours_an_account]
    usual = {**USUAL, "hours_an_account": levels[0].hours_an_account if levels else Decimal(16)}
    asked = "hours_per_week" in request.GET
    form = CalculatorForm(request.GET if asked else None, initial=usual)
    values = usual if not asked else form.cleaned_data if form.is_valid() else None
    context = {
        "tabs": capacity_tabs(request, "calculator"),
        "form": form,
        "levels": [
            {"name": tier.name, "hours": short(tier.hours_an_account), "query": _query(tier.hours_an_account)}
            for tier in levels
        ],
        "answer": answer(values) if values else None,
    }
    return render(request, "capacity/calculator.html", context, status=422 if form.errors else 200)


def _query(hours_an_account: Any) -> str:
    """The usual working time with a tier's hours, as an address asks for it."""
    return f"?hours_per_week=40&meeting_share=25&leave_share=15&hours_an_account={hours_an_account:.2f}"


def answer(values: dict[str, Any]) -> dict[str, str]:
    """The number of accounts, and the formula with its numbers."""
    an_account = values["hours_an_account"]
    week, meetings, leave = (values[name] for name in USUAL)
    hours = productive_hours(week, meetings, leave)
    served = accounts_served(hours, an_account)
    whole = int(served) * an_account
    return {
        "accounts": short(served),
        "hours": hours_words(hours),
        "formula": pages.formula(week, meetings, leave, hours),
        "division": f"{hours_words(hours)} ÷ {exact_hours(an_account)} an account = {short(served)} accounts",
        "whole": f"{plural(int(served), 'whole account')}, {hours_words(whole)}",
        "left": over_words(whole, hours),
    }
