"""The evidence behind a metric of an account, and entering what no event carries."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.metrics import evidence, words
from accounts.metrics.actions import MetricError, enter_measurement
from accounts.metrics.counting import window_of
from accounts.metrics.forms import DayForm, ValueForm
from accounts.metrics.models import Metric, MetricKind
from accounts.metrics.queries import evidence_url_by_key
from accounts.usage.lines import read_events, read_place
from accounts.usage.queries import bounds
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.urls import workspace_url


def evidence_page(request: Any, account: int, key: str) -> HttpResponse:
    """A metric of an account: course, measurements, and for a day the events that make up its value."""
    found, metric = get_account(account), get_object_or_404(Metric, key=key)
    today = today_of(request.workspace)
    form = DayForm({"day": request.GET.get("day") or today.isoformat()}, today=today, auto_id="shown_%s")
    day = form.cleaned_data["day"] if form.is_valid() else today
    context = {**evidence_context(request, found, metric, day, today), "day_form": form}
    if metric.kind == MetricKind.OUTCOME:
        context["form"] = ValueForm(unit=metric.unit, initial={"day": day})
    return render(request, "metrics/evidence.html", context, status=422 if form.errors else 200)


def measurement_new(request: Any, account: int, key: str) -> HttpResponse:
    """Enter a value of an outcome metric."""
    found, metric = get_account(account), get_object_or_404(Metric, key=key)
    today = today_of(request.workspace)
    form = ValueForm(request.POST or None, unit=metric.unit, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            entered = enter_measurement(found, metric, by=request.actor, **form.cleaned_data)
            messages.success(request, f"{metric.name} was entered for {times.day(entered.day)}.")
            return redirect(evidence_url_by_key(request, account, key, entered.day))
        except MetricError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {**evidence_context(request, found, metric, today, today), "form": form}
    context["day_form"] = DayForm(initial={"day": today}, today=today, auto_id="shown_%s")
    return render(request, "metrics/evidence.html", context, status=422 if form.errors else 200)


def evidence_context(request: Any, account: Any, metric: Metric, day: date, today: date) -> dict[str, Any]:
    """Everything the page shows for a day."""
    zone = request.workspace.timezone
    course = evidence.course_of(account.pk, metric, day, today)
    return {
        **account_frame(request, account, "account_usage"),
        "metric": metric,
        "definition": words.definition_in_words(metric),
        "facts": facts_of(metric),
        "day": {"text": times.day(day), "iso": day.isoformat(), **evidence.neighbours(day, today)},
        "course": course,
        "rows": evidence.measurements(account.pk, metric, day, zone),
        "is_outcome": metric.kind == MetricKind.OUTCOME,
        **(usage_context(request, account, metric, day, course) if words.is_usage(metric) else {}),
    }


def usage_context(
    request: Any, account: Any, metric: Metric, day: date, course: evidence.Course
) -> dict[str, Any]:
    """The events of the day's window, and what they add up to; two queries."""
    zone, first_last = request.workspace.timezone, window_of(metric, day)
    after = read_place(request.GET.get("from", ""))
    events = read_events(
        account.pk,
        metric.features,
        *bounds(*first_last, zone),
        zone=zone,
        sources=workspace_url(request, "sources"),
        after=after,
    )
    here = f"?day={day.isoformat()}"
    return {
        "proof": evidence.proof_of(account.pk, metric, day, course.held, zone),
        "window": times.day_range(*first_last),
        "events": events.lines,
        "first_url": f"{here}#events" if after else "",
        "next_url": f"{here}&from={events.next_place}#events" if events.next_place else "",
    }


def facts_of(metric: Metric) -> list[dict[str, str]]:
    """The definition as facts."""
    facts = [("What is counted", words.definition_in_words(metric))]
    if metric.description:
        facts.append(("Why it matters", metric.description))
    facts += [
        ("Source", words.source_in_words(metric)),
        ("Unit", metric.unit or "none"),
        ("Direction", words.direction_in_words(metric)),
    ]
    return [{"label": label, "value": value} for label, value in facts]
