"""Starting from a ready set of tiers: choose, look at what it would make, accept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.tiers import actions, template_pages
from accounts.tiers.forms import TemplateForm
from accounts.tiers.starting import find_template
from accounts.tiers.templates import TEMPLATES
from accounts.tiers.views import Crumbs, crumbs
from csworkspace.tenancy.clock import today_of
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url


def tier_templates(request: Any) -> HttpResponse:
    """The sets to start from; with `key` what one of them would make; POST makes it."""
    today = today_of(request.workspace)
    key = request.POST.get("key") or request.GET.get("key")
    if not key:
        sets = [template_pages.ready_card(one) for one in TEMPLATES.values()]
        return render(request, "tiers/templates.html", {"sets": sets, "crumbs": crumbs(request)})
    try:
        template = find_template(key)
    except ValueError as error:
        raise Http404(str(error)) from error
    form = TemplateForm(request.POST or None, initial={"key": key, "starts_on": today}, today=today)
    if request.method == "POST" and form.is_valid() and (made := apply(request, form)):
        return made
    preview = template_pages.preview(template, request.workspace.currency)
    context = {"template": template, "preview": preview, "form": form, "crumbs": below(request)}
    return render(request, "tiers/template.html", context, status=422 if form.errors else 200)


def apply(request: Any, form: TemplateForm) -> HttpResponse | None:
    """Make what is missing; None, with the reason in the form, when it is refused."""
    try:
        made = actions.apply_template(by=request.actor, **form.cleaned_data)
    except ValueError as error:
        form.add_error(None, str(error))
        return None
    if made:
        messages.success(
            request, f"{plural(len(made), 'tier')} made ready. Adapt them to what your team can keep."
        )
    else:
        messages.info(request, "All of these tiers promise something already, so nothing was changed.")
    return redirect(workspace_url(request, "tiers"))


def below(request: Any) -> Crumbs:
    """The way down to one template."""
    return [*crumbs(request), {"label": "Templates", "url": workspace_url(request, "tier_templates")}]
