"""The settings page of the working calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from csworkspace.calendar import actions
from csworkspace.calendar.forms import FileForm, HolidayForm, PasteForm, WeekForm
from csworkspace.calendar.models import Holiday
from csworkspace.calendar.queries import kept_calendar
from csworkspace.tenancy.clock import today_of
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error

PAGE = "work_calendar"


def show(request: Any, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with a form that was refused if there is one."""
    today = today_of(request.workspace)
    forms = {
        "week": WeekForm.of(kept_calendar()),
        "one": HolidayForm(auto_id="one_%s"),
        "lines": PasteForm(auto_id="paste_%s"),
        "file": FileForm(auto_id="file_%s", today=today),
        **bound,
    }
    holidays = list(Holiday.objects.order_by("day"))
    context = {
        "forms": forms,
        "coming": [_row(one) for one in holidays if one.day >= today],
        "past": [_row(one) for one in holidays if one.day < today][::-1],
        "zone": request.workspace.timezone,
        "tabs": settings_tabs(request, PAGE),
    }
    return render(request, "calendar/page.html", context, status=status)


def _row(one: Holiday) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "day": times.day(one.day), "weekday": f"{one.day:%A}"}


@require_http_methods(["GET", "HEAD", "POST"])
def work_calendar(request: Any) -> HttpResponse:
    """Working days and hours, and the holidays."""
    if request.method != "POST":
        return show(request)
    form, status = WeekForm.of(kept_calendar(), request.POST), 422
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            actions.set_calendar(by=request.actor, seen=values.pop("version") or 0, **values)
            messages.success(request, "The working week is saved. New due dates go by it.")
            return redirect(workspace_url(request, PAGE))
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
    return show(request, status, week=form)


@require_POST
def holidays(request: Any) -> HttpResponse:
    """Add a holiday, pasted lines, or those of a file."""
    today = today_of(request.workspace)
    name = "one"
    form: HolidayForm | PasteForm | FileForm = HolidayForm(request.POST, auto_id="one_%s")
    if "lines" in request.POST:
        name, form = "lines", PasteForm(request.POST, auto_id="paste_%s")
    elif "file" in request.FILES or "import" in request.POST:
        name, form = "file", FileForm(request.POST, request.FILES, auto_id="file_%s", today=today)
    if not form.is_valid():
        return show(request, 422, **{name: form})
    added = actions.add_holidays(form.holidays(), by=request.actor)
    messages.success(request, words_of(added))
    for problem in getattr(form, "passed_over", []):
        messages.warning(request, problem)
    return redirect(f"{workspace_url(request, PAGE)}#holidays")


def words_of(added: actions.Added) -> str:
    """ "3 holidays added, 1 renamed; 2 were there already." """
    parts = [f"{plural(added.new, 'holiday')} added"]
    parts += [f"{added.renamed} renamed"] if added.renamed else []
    there = f"; {added.same} {'was' if added.same == 1 else 'were'} there already" if added.same else ""
    return f"{', '.join(parts)}{there}."


@require_POST
def holiday_removals(request: Any, pk: int) -> HttpResponse:
    """Take a holiday away."""
    holiday = get_object_or_404(Holiday, pk=pk)
    actions.remove_holiday(holiday, by=request.actor)
    messages.success(request, f"{holiday.name} on {times.day(holiday.day)} is no holiday any more.")
    return redirect(f"{workspace_url(request, PAGE)}#holidays")
