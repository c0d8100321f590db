"""E-mail templates: the list, one with its preview, making and changing them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csworkspace.audit.queries import history_of
from csworkspace.mail.addresses import MailRefused
from csworkspace.people.access import Needs, may
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.messages import queries, templates
from playbooks.messages.actions import send_test
from playbooks.messages.forms import TemplateForm
from playbooks.messages.library import LIBRARY
from playbooks.messages.looking import look_context
from playbooks.messages.models import EmailTemplate
from playbooks.messages.placeholders import KNOWN, METRIC
from playbooks.messages.values import metric_keys


@require_safe
def email_templates(request: Any) -> HttpResponse:
    """All templates, and the ready-made ones that are not there yet."""
    there = set(EmailTemplate.objects.values_list("key", flat=True))
    context = {
        "rows": queries.template_rows(),
        "ready_made": [draft for draft in LIBRARY.values() if draft.key not in there],
        "tabs": settings_tabs(request, "email_templates"),
        "may_manage": may(request.membership.role, Needs.MANAGE),
    }
    return render(request, "messages/templates.html", context)


@require_POST
def email_template_copies(request: Any) -> HttpResponse:
    """Add a ready-made template, or all of them."""
    wanted = request.POST.get("key", "")
    chosen = [draft for draft in LIBRARY.values() if wanted in ("", draft.key)]
    made = templates.ensure_templates(chosen, by=request.actor)
    if len(made) == 1:
        return redirect(workspace_url(request, "email_template", made[0].pk))
    messages.success(request, "The ready-made templates are there. Make them yours before the first mail.")
    return redirect(workspace_url(request, "email_templates"))


@require_safe
def email_template(request: Any, pk: int) -> HttpResponse:
    """One template, as a real recipient would get it."""
    template = get_object_or_404(EmailTemplate, pk=pk)
    context = {
        "template": template,
        **look_context(request, template),
        "entries": history_of([("emailtemplate", [pk])], request.workspace.timezone).entries,
        "may_manage": may(request.membership.role, Needs.MANAGE),
        "crumbs": _crumbs(request),
    }
    return render(request, "messages/template.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def email_template_new(request: Any) -> HttpResponse:
    """Make a template."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = templates.create_template(form.draft(), by=request.actor)
            return redirect(workspace_url(request, "email_template", made.pk))
        except templates.TemplateConflict as error:
            _refuse(form, error)
    return _form_page(request, form, "New e-mail template", workspace_url(request, "email_templates"))


@require_http_methods(["GET", "HEAD", "POST"])
def email_template_edit(request: Any, pk: int) -> HttpResponse:
    """Change a template; mails that were written stay as they are."""
    template = get_object_or_404(EmailTemplate, pk=pk)
    initial = {name: getattr(template, name) for name in ("name", "purpose", "body")}
    initial["subject_line"] = template.subject
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial, subject=template)
    back, status = workspace_url(request, "email_template", pk), 422
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["version"]
            templates.edit_template(template, form.draft(), by=request.actor, seen=seen)
            messages.success(request, "Saved. Mails from now on use this text.")
            return redirect(back)
        except templates.TemplateConflict as error:
            _refuse(form, error)
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
    return _form_page(request, form, template.name, back, status)


def _refuse(form: TemplateForm, error: templates.TemplateConflict) -> None:
    for field, complaints in error.all:
        for complaint in complaints:
            form.add_error("subject_line" if field == "subject" else field, complaint)


def _form_page(request: Any, form: TemplateForm, title: str, back: str, status: int = 422) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "cancel_url": back,
        "known": [("{{" + name + "}}", text) for name, text in KNOWN.items()],
        "metrics": ["{{" + METRIC + key + "}}" for key in metric_keys()],
        "crumbs": _crumbs(request),
    }
    return render(request, "messages/template_form.html", context, status=status if form.errors else 200)


@require_POST
def email_template_retirements(request: Any, pk: int) -> HttpResponse:
    """Offer a template no more, or again."""
    template = get_object_or_404(EmailTemplate, pk=pk)
    back = request.POST.get("back") == "1"
    templates.retire_template(template, by=request.actor, back=back)
    words = "can be chosen again" if back else "is retired: playbooks that use it say so and wait"
    messages.success(request, f"“{template}” {words}.")
    return redirect(workspace_url(request, "email_template", pk))


@require_POST
def email_template_tests(request: Any, pk: int) -> HttpResponse:
    """Send what the preview shows to oneself."""
    template = get_object_or_404(EmailTemplate, pk=pk)
    look = look_context(request, template, request.POST)["look"]
    subject, text = (look.subject, look.text) if look else (template.subject, template.body)
    try:
        key = f"test {request.membership.pk} {uuid.uuid4()}"
        send_test(template, subject, text, request.membership, by=request.actor, key=key)
        messages.success(request, f"A test is on its way to {request.membership.user.email}.")
    except MailRefused as error:
        messages.error(request, str(error))
    query = f"?account={look.account.pk}&contact={look.contact.pk}" if look else ""
    return redirect(workspace_url(request, "email_template", pk) + query)


def _crumbs(request: Any) -> list[dict[str, str]]:
    return [{"label": "E-mail templates", "url": workspace_url(request, "email_templates")}]
