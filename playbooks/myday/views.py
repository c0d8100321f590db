"""The page a CSM starts the day on."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from csworkspace.tenancy.clock import today_of
from playbooks.myday.page import day_context
from playbooks.myday.providers import Viewpoint
from playbooks.myday.whose import choose


def my_day(request: Any) -> HttpResponse:
    """What is owed, due, slipping and new: one's own, a colleague's, or the whole team's."""
    chosen = choose(request.membership, request.GET.get("who", ""))
    view = Viewpoint(request, chosen.owner_id, today_of(request.workspace))
    partial = request.htmx and not request.htmx.history_restore_request
    context = {"partial": partial, "chosen": chosen, **day_context(view, chosen.team)}
    response = render(request, "myday/_day.html" if partial else "myday/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
