"""The customer's page of what is behind a number."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.metrics.models import Aggregation, Metric
from csworkspace.charts import Series, line_chart
from csworkspace.tenancy.clock import today_of
from csworkspace.web.times import day
from playbooks.plans.models import Target
from reports.portal import evidence
from reports.portal.frame import portal_account, portal_frame
from reports.portal.queries import shared_plan
from reports.reports.parts import source_words

FIRST_DAY = date(2000, 1, 1)


@require_safe
def evidence_page(request: Any, pk: int, key: str) -> HttpResponse:
    """The measurements of a metric of the shared plan, and for a day its use by feature."""
    account = portal_account(pk)
    metric = shown_metric(account.pk, key)
    zone = request.workspace.timezone
    on = day_of(request.GET.get("day", ""), today_of(request.workspace))
    points = evidence.daily_points(account.pk, metric, on)
    context = {
        **portal_frame(request, account, "portal_progress"),
        "metric": metric,
        "words": source_words(metric),
        "on": {"text": day(on), "iso": on.isoformat()},
        "value": evidence.value_text(account.pk, metric, on),
        "chart": line_chart(Series(metric.name, points), title=metric.name, unit=metric.unit)
        if points
        else None,
        "rows": evidence.measurements(account.pk, metric, on, zone),
        "uses": evidence.uses_by_feature(account.pk, metric, on, zone) if metric.aggregation else None,
        "counts_people": metric.aggregation == Aggregation.USERS,
    }
    return render(request, "portal/evidence.html", context)


def shown_metric(account_id: int, key: str) -> Metric:
    """A metric that the shared plan has a target for; 404 for every other."""
    plan = shared_plan(account_id)
    if plan is None:
        raise Http404("nothing is shared")
    targets = Target.objects.filter(objective__plan=plan, metric__key=key)
    return get_object_or_404(Metric, pk__in=targets.values("metric_id"))


def day_of(text: str, today: date) -> date:
    """The day in the address, at most today; today for anything else, and for days before any use."""
    try:
        on = min(date.fromisoformat(text), today) if len(text) == 10 else today
    except ValueError:
        return today
    return on if on >= FIRST_DAY else today
