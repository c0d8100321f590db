"""The account's timeline."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.web.slots import panels
from playbooks.timeline.page import timeline_context


@require_safe
def account_timeline(request: Any, pk: int) -> HttpResponse:
    """The whole story of an account, newest first; by htmx only the next page of it."""
    account = get_account(pk)
    partial = bool(request.htmx) and "before" in request.GET and not request.htmx.history_restore_request
    context = timeline_context(request, account.pk, goes_on=partial)
    if not partial:
        context |= account_frame(request, account, "account_timeline")
        context["top_panels"] = panels("account.timeline", request, account)
    response = render(request, "timeline/_chapter.html" if partial else "timeline/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
