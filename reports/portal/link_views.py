"""Making and revoking share links, for staff."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.accounts.models import Account, ShareLink
from csworkspace.web.urls import workspace_url
from reports.portal.actions import create_link, revoke_link
from reports.portal.forms import ShareLinkForm
from reports.portal.public_views import sealed


def link_new(request: Any, pk: int) -> HttpResponse:
    """Make a link; its address is shown once."""
    account = get_object_or_404(Account, pk=pk)
    form = ShareLinkForm(request.POST or None)
    back = workspace_url(request, "account_reports", account.pk)
    context = {"account": account, "form": form, "cancel_url": back, "crumbs": _crumbs(request, account)}
    if request.method == "POST" and form.is_valid():
        link, token = create_link(account, by=request.actor, **form.cleaned_data)
        address = settings.SITE_URL + reverse("share_entry", args=[token])
        made = {**context, "link": link, "address": address, "done_url": back}
        return sealed(render(request, "portal/link_made.html", made))
    return render(request, "portal/link_new.html", context, status=422 if form.errors else 200)


@require_POST
def link_revoke(request: Any, pk: int) -> HttpResponse:
    """Stop a link."""
    link = get_object_or_404(ShareLink, pk=pk)
    revoke_link(link, by=request.actor)
    messages.success(request, f"The link “{link.label}” no longer works.")
    return redirect(workspace_url(request, "account_reports", link.account_id))


def _crumbs(request: Any, account: Account) -> list[dict[str, str]]:
    return [
        {"label": account.name, "url": workspace_url(request, "account", account.pk)},
        {"label": "Reports", "url": workspace_url(request, "account_reports", account.pk)},
    ]
