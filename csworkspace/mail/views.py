"""The outbox, one mail, and what people decide about it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from csworkspace.mail import actions, queries
from csworkspace.mail.forms import OutboxFilter
from csworkspace.mail.models import Audience, MailState, OutgoingMail
from csworkspace.people.access import Needs, may
from csworkspace.web.settings_tabs import settings_tabs
from csworkspace.web.slots import panels
from csworkspace.web.urls import way_back, workspace_url
from csworkspace.web.versions import Conflict


@require_safe
def outbox(request: Any) -> HttpResponseBase:
    """All mails, newest first, with what is wrong with the server if anything is."""
    states = queries.state_choices()
    chosen = OutboxFilter(request.GET or None, states=states)
    chosen.is_valid()
    wanted = (
        {name: chosen.cleaned_data.get(name) for name in ("state", "audience", "q")}
        if chosen.is_bound
        else {}
    )
    kept = {name: value for name, value in wanted.items() if value}
    before = chosen.cleaned_data.get("before") if chosen.is_bound else None
    listed = queries.list_mails(
        request.workspace.timezone, kept.get("state", ""), kept.get("audience", ""), kept.get("q", ""), before
    )
    context = {
        "form": OutboxFilter(initial=kept, states=states),
        "rows": listed.rows,
        "is_filtered": bool(kept),
        "notice": queries.server_notice(request.workspace.timezone),
        "first_url": f"?{urlencode(kept)}" if before else "",
        "next_url": f"?{urlencode({**kept, 'before': listed.next_before})}" if listed.next_before else "",
        "tabs": settings_tabs(request, "outbox"),
    }
    return render(request, "mail/outbox.html", context)


@require_safe
def mail_page(request: Any, pk: int) -> HttpResponseBase:
    """One mail: its text, its attempts, and what can be done."""
    mail, zone = get_object_or_404(OutgoingMail, pk=pk), request.workspace.timezone
    context = {
        "mail": mail,
        "row": queries.mail_row(mail, zone),
        "facts": queries.mail_facts(mail, zone),
        "items": queries.trail_of(mail, zone),
        "panels": panels("mail", request, mail),
        "can": choices_for(mail),
        "back": workspace_url(request, "outbox_mail", mail.pk),
        "crumbs": [{"label": "Outbox", "url": workspace_url(request, "outbox")}],
    }
    return render(request, "mail/mail.html", context)


def choices_for(mail: OutgoingMail) -> dict[str, bool]:
    """What a person may do with a mail in its state; templates/mail/_choices.html shows it."""
    return {
        "try_now": mail.state in (MailState.WAITING, MailState.FAILED, MailState.CANCELLED),
        "decide": mail.state == MailState.UNCERTAIN,
        "cancel": mail.state == MailState.WAITING,
    }


def _decide(request: Any, pk: int, act: Callable[[OutgoingMail], Any], done: str) -> HttpResponseBase:
    """Do it and go back to where it was decided; a conflict is said there.

    Who does not manage the workspace decides about messages to customers only: what it writes to
    colleagues is theirs.
    """
    manages = may(request.membership.role, Needs.MANAGE)
    mails = OutgoingMail.objects.all() if manages else OutgoingMail.objects.filter(audience=Audience.CUSTOMER)
    mail = get_object_or_404(mails, pk=pk)
    try:
        act(mail)
        messages.success(request, done)
    except Conflict as error:
        messages.warning(request, str(error))
    usual = workspace_url(request, "outbox_mail", pk) if manages else workspace_url(request, "workspace_root")
    return redirect(way_back(request, usual))


@require_POST
def sendings(request: Any, pk: int) -> HttpResponseBase:
    """Try now, or send again."""
    return _decide(
        request, pk, lambda mail: actions.retry_mail(mail, by=request.actor), "The mail is being sent."
    )


@require_POST
def confirmations(request: Any, pk: int) -> HttpResponseBase:
    """It was sent."""
    return _decide(
        request, pk, lambda mail: actions.say_sent(mail, by=request.actor), "The mail is marked as sent."
    )


@require_POST
def cancellations(request: Any, pk: int) -> HttpResponseBase:
    """Do not send it."""

    def cancel(mail: OutgoingMail) -> None:
        if not actions.cancel_mail(mail, by=request.actor):
            raise Conflict("This mail has ended, or may be leaving just now; look at it once more.")

    return _decide(request, pk, cancel, "The mail will not be sent.")
