"""The events behind a behaviour that feature usage shows."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.usage.lines import read_events, read_place
from accounts.usage.queries import bounds
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url
from playbooks.frameworks.evidence import evaluate_one, feature_key
from playbooks.frameworks.models import Behaviour, Evidence
from playbooks.frameworks.words import evidence_sentence, need_words

FIRST_DAY = date(1990, 1, 1)


def read_day(text: str, today: date) -> date:
    """The day an address names; today for none, and for what is no day or cannot be meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= today else today


def behaviour_evidence(request: Any, account: int, behaviour: int) -> HttpResponse:
    """What was counted for a behaviour on a day, and each event with its source."""
    subject, today = get_account(account), today_of(request.workspace)
    found = get_object_or_404(
        Behaviour.objects.select_related("level__framework", "metric").filter(evidence=Evidence.FEATURE),
        pk=behaviour,
    )
    day = read_day(request.GET.get("day", ""), today)
    context = {
        **account_frame(request, subject, "account_maturity"),
        "behaviour": found,
        "needs": need_words(found),
        "sentence": evidence_sentence(found, evaluate_one(found, account, day)),
        **_events(request, account, found, day),
    }
    return render(request, "frameworks/evidence.html", context)


def _events(request: Any, account_id: int, behaviour: Behaviour, day: date) -> dict[str, Any]:
    features, window = feature_key(behaviour)
    first, zone = day - timedelta(days=window - 1), request.workspace.timezone
    after = read_place(request.GET.get("from", ""))
    page = read_events(
        account_id,
        features,
        *bounds(first, day, zone),
        zone=zone,
        sources=workspace_url(request, "sources"),
        after=after,
    )
    here = f"?day={day.isoformat()}"
    return {
        "events": page.lines,
        "window": times.day_range(first, day),
        "first_url": here if after else "",
        "next_url": f"{here}&from={page.next_place}" if page.next_place else "",
    }
