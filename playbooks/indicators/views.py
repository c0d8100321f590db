"""Indicators: the list, one of them, the form with its preview, and the ready-made set."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.indicators import actions, pages, readymade
from playbooks.indicators.actions import IndicatorRetired
from playbooks.indicators.definition import stored
from playbooks.indicators.forms import IndicatorForm, initial_for, initial_of
from playbooks.indicators.measures import Measure, measure_named
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names

# A new one moves no score by itself; the scores are a floor above.
UNWEIGHED = (
    " It does not count in the value score until somebody gives it a weight, under Settings, Score weights."
)


def indicator_list(request: Any) -> HttpResponse:
    """Every indicator: what it tests, and on how many accounts it holds."""
    context = {"rows": pages.list_rows(request), "tabs": settings_tabs(request, "indicators")}
    return render(request, "indicators/list.html", context)


def indicator_page(request: Any, pk: int) -> HttpResponse:
    """One indicator."""
    indicator = get_object_or_404(Indicator.objects.select_related("playbook"), pk=pk)
    context = pages.detail_context(request, indicator, today_of(request.workspace))
    return render(request, "indicators/detail.html", context)


def indicator_new(request: Any) -> HttpResponse:
    """First the measure is chosen, then its form is filled in."""
    measure = measure_named(request.POST.get("measure") or request.GET.get("measure", ""))
    if measure is None:
        return render(request, "indicators/choose.html", {"sections": pages.measure_choices()})
    return edit(request, measure, None)


def indicator_edit(request: Any, pk: int) -> HttpResponse:
    """Change an indicator; another measure would be another indicator."""
    indicator = get_object_or_404(Indicator, pk=pk, retired_at=None)
    measure = measure_named(indicator.measure)
    if measure is None:
        messages.error(request, "What it measures is not part of this program any more. Retire it.")
        return redirect(workspace_url(request, "indicator", pk))
    return edit(request, measure, indicator)


def edit(request: Any, measure: Measure, indicator: Indicator | None) -> HttpResponse:
    """Show the form, preview it, or save: 422 when refused, 409 after a conflict."""
    names, status = Names(), 200
    stored = indicator.definition.get("params") if indicator else None
    initial = initial_of(indicator) if indicator else initial_for(measure)
    data = request.POST if request.method == "POST" else None
    form = IndicatorForm(
        data, subject=indicator, measure=measure, names=names, params=stored, initial=initial
    )
    if data is not None:
        # A look at what it would find needs no name yet.
        form.fields["name"].required = data.get("do") != "preview"
        valid = form.is_valid()
        if valid and data.get("do") != "preview":
            saved, status = save(request, form, indicator)
            if saved:
                words = UNWEIGHED if indicator is None else ""
                messages.success(request, f"{saved.name} is saved and is being evaluated.{words}")
                return redirect(workspace_url(request, "indicator", saved.pk))
        status = 422 if status == 200 and not valid and data.get("do") != "preview" else status
    context = {**form_context(request, form, indicator), "is_conflict": status == 409}
    return render(request, "indicators/form.html", context, status=status)


def save(request: Any, form: IndicatorForm, indicator: Indicator | None) -> tuple[Indicator | None, int]:
    """Save what the form says; else None with the error in the form, and the status to answer."""
    values = form.values()
    try:
        if indicator is None:
            return actions.create_indicator(by=request.actor, **values), 200
        version = form.cleaned_data.get("version")
        return actions.edit_indicator(indicator, by=request.actor, version=version, **values), 200
    except (Conflict, IndicatorRetired) as error:
        form.add_error(None, conflict_error(error))
        return None, 409


def form_context(request: Any, form: IndicatorForm, indicator: Indicator | None) -> dict[str, Any]:
    """The page of the form, the preview included."""
    home = ("indicator", indicator.pk) if indicator else ("indicators",)
    return {
        "form": form,
        "params": form.params_form,
        "measure": form.measure,
        "indicator": indicator,
        "page_title": f"Edit {indicator.name}" if indicator else "New indicator",
        "preview": preview_of(request, form),
        "cancel_url": workspace_url(request, *home),
    }


def preview_of(request: Any, form: IndicatorForm) -> pages.Preview:
    """What the form gives as far as it is filled in; of a stored indicator that is shown, what it says."""
    today = today_of(request.workspace)
    definition = form.definition
    explanation = form.data.get("explanation", "")
    if isinstance(form.subject, Indicator) and not form.is_bound:
        explanation = form.subject.explanation
        with suppress(KeyError, TypeError, ValueError, ArithmeticError):
            definition = stored(form.subject.definition)
    return pages.preview(request, form.measure, definition, explanation, today, form.names)


@require_POST
def indicator_previews(request: Any) -> HttpResponse:
    """Where it would hold, as the form is typed."""
    measure = measure_named(request.POST.get("measure", ""))
    if measure is None:
        return HttpResponse(status=422)
    form = IndicatorForm(request.POST, measure=measure, names=Names())
    form.is_valid()
    context = {"preview": preview_of(request, form), "problems": form.non_field_errors()}
    return render(request, "indicators/_preview.html", context)


@require_POST
def indicator_pauses(request: Any, pk: int) -> HttpResponse:
    """Pause an indicator, or let it go on."""
    active = request.POST.get("active") == "1"
    return _change(request, pk, lambda one, version: actions.set_active(
        one, by=request.actor, active=active, version=version
    ), "goes on" if active else "is paused; its readings have ended")  # fmt: skip


@require_POST
def indicator_retirements(request: Any, pk: int) -> HttpResponse:
    """Take an indicator out of use for good."""
    return _change(request, pk, lambda one, version: actions.retire_indicator(
        one, by=request.actor, version=version
    ), "is retired; its history stays")  # fmt: skip


def _change(request: Any, pk: int, act: Any, words: str) -> HttpResponse:
    """One change of state: back to the page, with 409 if somebody was faster."""
    indicator = get_object_or_404(Indicator, pk=pk)
    seen = request.POST.get("version", "")
    try:
        act(indicator, int(seen) if seen.isdecimal() and len(seen) < 10 else None)
    except (Conflict, IndicatorRetired) as error:
        fresh = get_object_or_404(Indicator.objects.select_related("playbook"), pk=pk)
        context = pages.detail_context(request, fresh, today_of(request.workspace))
        return render(request, "indicators/detail.html", {**context, "conflict": str(error)}, status=409)
    messages.success(request, f"{indicator.name} {words}.")
    return redirect(workspace_url(request, "indicator", pk))


def ready_made(request: Any) -> HttpResponse:
    """Indicators to start from; POST adds one of them, or all."""
    if request.method == "POST":
        wanted = request.POST.get("key", "")
        added = readymade.add([wanted] if wanted else None, by=request.actor)
        if added:
            messages.success(request, f"{plural(len(added), 'indicator was', 'indicators were')} added.")
        else:
            messages.info(request, "There was nothing to add.")
        return redirect(workspace_url(request, "ready_made_indicators"))
    return render(request, "indicators/ready_made.html", {"sections": readymade.sections(request)})
