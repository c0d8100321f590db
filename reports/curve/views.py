"""The portfolio's curve, and its download."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from csworkspace.tenancy.clock import today_of
from reports.curve.download import csv_of
from reports.curve.pages import curve_context
from reports.curve.spec import read_spec


def curve(request: Any) -> HttpResponse:
    """The distribution of all accounts, how it moved, and who moved it."""
    return render(request, "curve/page.html", curve_context(request))


def curve_csv(request: Any) -> HttpResponse:
    """Every account on the curve, with what it was compared with."""
    spec, _ = read_spec(request.GET, today_of(request.workspace))
    response = HttpResponse(csv_of(spec), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-scores-{spec.on}.csv"'
    return response
