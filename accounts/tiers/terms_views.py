"""Setting what a tier promises from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.tiers import actions
from accounts.tiers.models import Tier, TierVersion
from accounts.tiers.pages import in_hours
from accounts.tiers.queries import levels_of, members_of, newest_version, services, tiers
from accounts.tiers.terms import Terms, hours_a_quarter, next_quarter
from accounts.tiers.terms_forms import TermsForm, row_of, terms_form
from accounts.tiers.views import crumbs
from accounts.tiers.wording import PAST_START
from csworkspace.tenancy.clock import today_of
from csworkspace.web import formats, times
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict


@dataclass(frozen=True)
class Reckoning:
    """The hours that the form as it stands would cost, beside those of the newest version."""

    hours: str
    before: str
    label: str
    together: str


def tier_terms(request: Any, pk: int) -> HttpResponse:
    """The service levels as one form. 422 when refused, 409 when somebody else was faster."""
    tier, today = get_object_or_404(tiers(), pk=pk), today_of(request.workspace)
    newest, status = newest_version(tier), 422
    before = levels_of(newest) if newest else []
    form = shown_form(request.POST or None, tier, newest, before, today)
    if request.method == "POST" and form.head.is_bound and form.is_valid():
        try:
            save(request, tier, newest, form)
            return redirect(workspace_url(request, "tier", pk))
        except Conflict as error:
            form.head.add_error(None, str(error))
            status = 409
        except ValueError as error:
            form.head.add_error(None, str(error))
    context = {
        "tier": tier,
        "form": form,
        "reckoning": reckon(form, tier, newest, before),
        "crumbs": crumbs(request, tier),
        "is_conflict": status == 409,
    }
    return render(request, "tiers/terms.html", context, status=status if form.errors else 200)


def shown_form(
    data: Any, tier: Tier, newest: TierVersion | None, before: Sequence[Terms], today: date
) -> TermsForm:
    """The form for what begins next: the planned version to go on with, else the next quarter."""
    if newest is None:
        start, hint = today, f"The first version may begin on any day. {PAST_START}"
    elif newest.starts_on > today:
        start = newest.starts_on
        hint = f"{times.day(start)} replaces the planned version {newest.number}; a later day follows it."
    else:
        start, hint = next_quarter(today), "Today or later. What was owed before stays as it was."
    rows = [row_of(one) for one in before] if newest else [{}]
    head = {"starts_on": start, "note": newest.note if newest and newest.starts_on > today else ""}
    return terms_form(data, tier, services=list(services()), today=today, head=head, hint=hint, rows=rows)


def save(request: Any, tier: Tier, newest: TierVersion | None, form: TermsForm) -> None:
    """Write the version and say what it means. Raises TermsRefused, Conflict."""
    made = actions.set_terms(tier, by=request.actor, terms=form.terms(), **form.head.cleaned_data)
    if newest and made.pk == newest.pk and made.starts_on != form.head.cleaned_data["starts_on"]:
        messages.info(request, f"Nothing differs from version {made.number}, so nothing was saved.")
        return
    messages.success(request, f"{tier.name} promises this from {times.day(made.starts_on)} on.")


def reckon(form: TermsForm, tier: Tier, newest: TierVersion | None, before: Sequence[Terms]) -> Reckoning:
    """What the rows cost together, beside the newest version; one query."""
    hours, count, cost = form.hours_a_quarter, members_of(tier).served, hours_a_quarter(before)
    return Reckoning(
        hours=in_hours(hours),
        before=f"{in_hours(cost)} in version {newest.number}" if newest and cost != hours else "",
        label=f"{formats.plural(count, 'account')} of the tier, a quarter",
        together=in_hours(hours * count),
    )
