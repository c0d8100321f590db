"""Whether a playbook works: its plays, and similar accounts without one."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import id_in, workspace_url
from playbooks.playbooks import pages
from playbooks.playbooks.effect import FEWEST, Share
from playbooks.playbooks.effect_queries import (
    SHOWN,
    Case,
    Comparison,
    Figures,
    cases,
    figures_of,
    plays_behind,
)
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import current_of, draft_of
from playbooks.playbooks.shapes import Definition
from playbooks.playbooks.words import success_words

PER_PAGE = 50
COMPARED = {
    "compared": "Accounts with a play after the signal",
    "without": "Accounts with the same signal and no play",
}


def playbook_effect(request: Any, pk: int) -> HttpResponse:
    """The figures, by version and in all, and the comparison."""
    playbook = get_object_or_404(Playbook, pk=pk)
    today = today_of(request.workspace)
    definition, _ = pages.understood(current_of(playbook))
    rows = [_row(request, playbook, one) for one in figures_of(playbook, today, request.workspace.timezone)]
    context = {
        "playbook": playbook,
        "tabs": pages.tabs_of(request, playbook, "playbook_effect", draft_of(playbook)),
        "crumbs": pages.crumbs(request),
        "total": rows[0] if rows else None,
        "rows": rows[1:],
        "measure": success_words(definition, Names()) if definition else "",
        "measure_text": definition.success.words if definition else "",
        "comparison": _comparison(request, playbook, definition, today) if definition and rows else None,
    }
    return render(request, "playbooks/effect.html", context)


def rate_words(one: Share) -> str:
    """72% (54–85%)."""
    if one.rate is None or one.low is None or one.high is None:
        return formats.DASH
    return f"{formats.percent(one.rate)} ({_interval(one)})"


def _interval(one: Share) -> str:
    if one.low is None:
        return formats.DASH
    return f"{formats.percent(one.low).removesuffix('%')}{formats.DASH}{formats.percent(one.high)}"


def _row(request: Any, playbook: Playbook, one: Figures) -> dict[str, Any]:
    base = f"{workspace_url(request, 'playbook_effect_list', playbook.pk)}?"
    base += f"version={one.number}&" if one.number else ""
    counts = {
        "started": one.started,
        "running": one.running,
        "finished": one.finished,
        "stopped": one.stopped,
    }
    cells = [
        {
            "label": name.capitalize(),
            "value": formats.number(count),
            "url": f"{base}show={name}" if count else "",
        }
        for name, count in counts.items()
    ]
    median = one.median_days
    return {
        "label": f"Version {one.number}" if one.number else "All versions",
        "cells": cells,
        "passed": formats.number(one.success.of),
        "met": formats.number(one.success.met),
        "met_url": f"{base}show=met" if one.success.met else "",
        "rate": rate_words(one.success),
        "share": formats.percent(one.success.rate),
        "share_note": f"{one.success.met} of {one.success.of} plays whose window has passed; "
        f"95% interval {_interval(one.success)}",
        "median": formats.plural(round(median), "day") if median is not None else formats.DASH,
        "is_small": one.success.of < FEWEST,
    }


def _comparison(request: Any, playbook: Playbook, definition: Definition, today: date) -> dict[str, Any]:
    comparison = Comparison(playbook, definition, today)
    one, other = comparison.shares
    base = workspace_url(request, "playbook_effect_list", playbook.pk)
    sides = [
        {"label": "With a play", "share": one, "rate": rate_words(one), "url": f"{base}?show=compared"},
        {"label": "Without a play", "share": other, "rate": rate_words(other), "url": f"{base}?show=without"},
    ]
    return {
        "reason": comparison.reason,
        "sides": sides,
        "window": formats.plural(definition.success.window_days, "day"),
        "left_out": comparison.left_out,
        "verdict": _verdict(comparison),
        "fewest": FEWEST,
    }


def _verdict(comparison: Comparison) -> str:
    found = comparison.difference
    if found is None:
        return f"Too few to tell: at least {FEWEST} are needed on either side."
    points = [formats.signed(round(100 * value)) for value in (found.value, found.low, found.high)]
    text = f"Difference: {points[0]} percentage points (95% interval {points[1]} to {points[2]})."
    if found.is_clear:
        return text
    return f"{text} The interval includes 0: this may be chance."


def playbook_effect_list(request: Any, pk: int) -> HttpResponse:
    """The plays, or accounts, behind one of the figures (`?show=&version=&page=`)."""
    playbook = get_object_or_404(Playbook, pk=pk)
    show, number = request.GET.get("show", "started"), id_in(request.GET.get("version", ""))
    page = max(1, min(id_in(request.GET.get("page", "")) or 1, 10_000))
    start = (page - 1) * PER_PAGE
    if show in SHOWN:
        title, found = (
            SHOWN[show][0],
            list(plays_behind(playbook, show, number)[start : start + PER_PAGE + 1]),
        )
        rows = [_play_row(request, play) for play in found]
    elif show in COMPARED and (definition := pages.understood(current_of(playbook))[0]):
        title, everything = (
            COMPARED[show],
            cases(Comparison(playbook, definition, today_of(request.workspace)), show),
        )
        rows = [_case_row(request, case) for case in everything[start : start + PER_PAGE + 1]]
    else:
        raise Http404
    base = f"?show={show}" + (f"&version={number}" if number is not None else "")
    context = {
        "playbook": playbook,
        "page_title": title + (f", version {number}" if number is not None else ""),
        "crumbs": [
            *pages.crumbs(request, playbook),
            {"label": "Effect", "url": workspace_url(request, "playbook_effect", pk)},
        ],
        "rows": rows[:PER_PAGE],
        "summary": f"Page {page}",
        "previous_url": f"{base}&page={page - 1}" if page > 1 else "",
        "next_url": f"{base}&page={page + 1}" if len(rows) > PER_PAGE else "",
    }
    return render(request, "playbooks/effect_list.html", context)


def _play_row(request: Any, play: Any) -> dict[str, str]:
    met = {True: "Met", False: "Not met", None: "Not known yet"}[play.succeeded]
    return {
        "account": play.account.name,
        "url": workspace_url(request, "play", play.pk),
        "since": times.day(play.started_on),
        "state": str(play.get_state_display()),
        "met": met,
        "note": play.cause_words,
    }


def _case_row(request: Any, case: Case) -> dict[str, str]:
    name, pk = ("play", case.play_id) if case.play_id else ("signal", case.signal_id)
    met = "Met" if case.met else "Not met"
    return {
        "account": case.account,
        "url": workspace_url(request, name, pk),
        "since": times.day(case.since),
        "state": "",
        "met": f"{met}, on {times.day(case.met_on)}" if case.met_on else met,
        "note": "",
    }
