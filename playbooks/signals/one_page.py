"""What the page of one signal shows."""

from datetime import timedelta
from typing import Any

from django import forms

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import Fact, get_account
from csworkspace.audit.queries import history_of
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.indicators.models import Severity
from playbooks.signals.forms import SNOOZE_DAYS, ResolveForm, SeenForm, SnoozeForm
from playbooks.signals.links import indicator_link, play_link, task_link
from playbooks.signals.models import Signal, SignalState
from playbooks.signals.queries import unresolved_of
from playbooks.signals.rows import evidence_rows, row_of, source_words

TAB, OTHERS = "account_signals", 10


def forms_of(request: Any, one: Signal) -> dict[str, forms.Form]:
    """What can be done with it, as forms that carry its version."""
    seen = {"version": one.version}
    until = today_of(request.workspace) + timedelta(days=SNOOZE_DAYS)
    return {
        "seen": SeenForm(initial=seen, auto_id="seen_%s"),
        "snooze": SnoozeForm(initial={**seen, "until": until}, auto_id="snooze_%s"),
        "resolve": ResolveForm(initial=seen, auto_id="resolve_%s"),
    }


def signal_context(request: Any, one: Signal) -> dict[str, Any]:
    """Everything on the page but its forms; four queries."""
    account, today = get_account(one.account_id), today_of(request.workspace)
    others = unresolved_of(one.account_id).exclude(pk=one.pk).select_related("indicator", "owner__user")
    may_work = may(request.membership.role, Needs.WORK)
    return {
        **account_frame(request, account, TAB),
        "one": one,
        "row": row_of(one, today),
        "meaning": one.indicator.description if one.indicator else "",
        "evidence": evidence_rows(request, one),
        "facts": facts_of(request, one),
        "history": history_of([("signal", [one.pk])], request.workspace.timezone).entries,
        "others": [row_of(other, today) for other in others[:OTHERS]],
        "all_url": workspace_url(request, TAB, one.account_id),
        "may_work": may_work,
        "steps": [link for link in (play_link(request, one), task_link(request, one)) if link and may_work],
        "is_snoozed": one.state == SignalState.SNOOZED,
    }


def facts_of(request: Any, one: Signal) -> list[Fact]:
    """Kind, severity, who raised it, when, and when it was last looked at."""
    source = indicator_link(request, one)
    facts = [
        Fact("Kind", one.get_kind_display()),
        Fact("Severity", Severity(one.severity).label),
        Fact("Raised by", source.label if source else source_words(one), source.url if source else ""),
        Fact("Raised", times.moment(one.raised_at, request.workspace.timezone)),
        Fact("Last looked at", times.day(one.last_seen_on)),
        Fact("Account’s owner", str(one.account.owner) if one.account.owner_id else "Nobody"),
    ]
    if one.acknowledged_at:
        who = str(one.owner) if one.owner else "Somebody"
        facts.append(
            Fact("Taken by", f"{who}, {times.moment(one.acknowledged_at, request.workspace.timezone)}")
        )
    if one.playbook:
        facts.append(Fact("Suggested play", one.playbook.name))
    return facts
