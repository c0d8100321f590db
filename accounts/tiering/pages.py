"""The context of the page of suggested tiers, and the picture on it."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from accounts.revenue.rates import RateMissing
from accounts.tiering.actions import Plans
from accounts.tiering.forms import AcceptForm, PinForm
from accounts.tiering.proposal import PAGE, Proposal, propose
from accounts.tiering.queries import pinned_accounts, planned_days
from accounts.tiering.revenue_rows import rules_of
from accounts.tiering.thresholds import ThresholdForm
from accounts.tiers.models import Entry
from accounts.tiers.queries import tiers
from csworkspace.charts import Carrier, Chart, pareto_chart
from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import number, plural
from csworkspace.web.urls import workspace_url


@dataclass(frozen=True)
class Attempt:
    """A proposal; without one thresholds were refused, or amounts cannot be compared, as `refusal` says."""

    proposal: Proposal | None
    refusal: str = ""


def threshold_form(request: Any, data: Any) -> ThresholdForm:
    """The thresholds of a request (its GET or POST), about the tiers as they are."""
    return ThresholdForm(data, rules_of(tiers()), today_of(request.workspace))


def attempt(request: Any, form: ThresholdForm, start: int = 0) -> Attempt:
    """What the thresholds suggest; nothing with wrong ones."""
    workspace = request.workspace
    if form.errors:
        return Attempt(None)
    try:
        found = propose(
            form.chosen_rules,
            form.chosen_share,
            currency=workspace.currency,
            today=today_of(workspace),
            as_of=form.values.get("as_of"),
            start=start,
        )
    except RateMissing as error:
        return Attempt(None, str(error))
    return Attempt(found)


def page_context(request: Any, form: ThresholdForm, found: Attempt) -> dict[str, Any]:
    """What templates/tiering/suggestions.html prints."""
    today = today_of(request.workspace)
    return {
        "form": form,
        "rules": form.rules,
        "has_rules": any(rule.entry != Entry.HAND for rule in form.rules),
        "proposal": found.proposal,
        "refusal": found.refusal,
        "chart": chart_of(found.proposal) if found.proposal else None,
        "accept_form": AcceptForm(today=today),
        "pin_form": PinForm(),
        "kept": form.query,
        "pager": pager(request, form, found.proposal),
        "planned": planned_days(),
        "cancel_url": workspace_url(request, "planned_moves_cancel"),
        "pinned": pinned_accounts(),
        "crumbs": [{"label": "Tiers", "url": workspace_url(request, "tiers")}],
    }


def chart_of(proposal: Proposal) -> Chart:
    """The picture of the concentration."""
    carriers = [Carrier(group.name, group.value, carried) for group, carried in proposal.top.curve]
    return pareto_chart(
        carriers,
        cut=proposal.top.groups,
        title="ARR",
        unit=proposal.currency,
        what="group" if proposal.is_grouped else "account",
        cut_note=proposal.cut_note,
        uid="pareto",
    )


def replaced_in_words(plans: Plans) -> str:
    """That older plans are gone, in a sentence; nothing when there were none."""
    verb = "It replaces" if plans.made == 1 else "They replace"
    return f" {verb} {plural(plans.replaced, 'older plan')}." if plans.replaced else ""


def pager(request: Any, form: ThresholdForm, proposal: Proposal | None) -> dict[str, str]:
    """Where the table goes on."""
    total, start = (len(proposal.moves), proposal.start) if proposal else (0, 0)
    if total <= PAGE:
        return {}
    last = min(start + PAGE, total)
    return {
        "summary": f"{number(start + 1)}–{number(last)} of {plural(total, 'suggestion')}",
        "previous_url": _page_url(request, form, max(start - PAGE, 0)) if start else "",
        "next_url": _page_url(request, form, last) if last < total else "",
    }


def _page_url(request: Any, form: ThresholdForm, start: int) -> str:
    address = workspace_url(request, "tier_suggestions")
    return f"{address}?{urlencode({**form.query, 'start': str(start)})}"
