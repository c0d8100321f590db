"""How the indicators stand on one account."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url
from playbooks.indicators import pages, queries
from playbooks.indicators.explaining import rule_in_words
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names

# The tab under which these pages lie, once there is one.
TAB = "account_signals"


def account_indicators(request: Any, pk: int) -> HttpResponse:
    """Every indicator of an account."""
    account = get_account(pk)
    rows = pages.account_rows(request, pk, today_of(request.workspace))
    held = sum(row["rank"] == 0 for row in rows)
    context = {**account_frame(request, account, TAB), "rows": rows, "held": held}
    return render(request, "indicators/account.html", context)


def account_readings(request: Any, pk: int, key: str) -> HttpResponse:
    """One indicator of an account: how it stands, by what, and how it went."""
    account, indicator = get_account(pk), get_object_or_404(Indicator, key=key)
    today, names = today_of(request.workspace), Names()
    found = queries.readings_of(indicator.pk, pk, pages.HISTORY)
    current = next((one for one in found if one.superseded_at is None), None)
    context = {
        **account_frame(request, account, TAB),
        "indicator": indicator,
        "rule": rule_in_words(indicator, names),
        "row": pages.account_row(request, indicator, current, pk, today, names),
        "proofs": pages.proof_rows(request, indicator, current, today, names) if current else [],
        "history": pages.reading_history(request, indicator, found, today, names),
        "all_url": workspace_url(request, "account_indicators", pk),
    }
    return render(request, "indicators/readings.html", context)
