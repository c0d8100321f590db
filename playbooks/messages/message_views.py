"""Messages of an account: the list, one of them, and writing one by hand."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.contacts.models import Contact
from csworkspace.mail.addresses import MailRefused
from csworkspace.mail.models import MailState
from csworkspace.mail.queries import mail_row, suppressed_among, trail_of
from csworkspace.mail.views import choices_for
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import id_in, workspace_url
from playbooks.messages import queries
from playbooks.messages.actions import compose_for, parsed_of, send_message
from playbooks.messages.forms import MessageForm
from playbooks.messages.models import EmailTemplate, Message
from playbooks.messages.placeholders import KNOWN, ValueMissing, names_in, preview
from playbooks.messages.previews import Look, look_at
from playbooks.messages.templates import TemplateConflict, check_texts
from playbooks.messages.values import Letter, contact_values, shared_values

NO_BRACES = str.maketrans("", "", "{}")


@require_safe
def account_messages(request: Any, pk: int) -> HttpResponse:
    """What was written to the account's people, newest first."""
    account = get_account(pk)
    before = id_in(request.GET.get("before", ""))
    rows, next_before = queries.page_of_messages(account.pk, request.workspace.timezone, before)
    context = {
        **account_frame(request, account, "account_timeline"),
        "rows": rows,
        "first_url": "?" if before else "",
        "next_url": f"?before={next_before}" if next_before else "",
        "may_work": may(request.membership.role, Needs.WORK),
    }
    return render(request, "messages/account.html", context)


@require_safe
def message_page(request: Any, pk: int) -> HttpResponse:
    """One message: what was written, what became of it, and what can be done."""
    found = Message.objects.select_related(
        "mail", "account", "sender__user", "template", "step__play", "contact"
    )
    message, zone = get_object_or_404(found, pk=pk), request.workspace.timezone
    may_work = may(request.membership.role, Needs.WORK)
    context = {
        "message": message,
        "mail": message.mail,
        "row": mail_row(message.mail, zone),
        "facts": _facts(request, message),
        "items": trail_of(message.mail, zone),
        "can": choices_for(message.mail) if may_work else {},
        "again_url": _again_url(request, message) if may_work else "",
        "back": workspace_url(request, "message", pk),
        "crumbs": [
            {"label": message.account.name, "url": workspace_url(request, "account", message.account_id)},
            {"label": "Messages", "url": workspace_url(request, "account_messages", message.account_id)},
        ],
    }
    return render(request, "messages/message.html", context)


def _again_url(request: Any, message: Message) -> str:
    """Where to write once more to somebody whom it did not reach; "" if it did, or if they are gone."""
    is_lost = message.mail.state in (MailState.BOUNCED, MailState.SUPPRESSED)
    if not is_lost or message.contact is None or message.contact.left_on:
        return ""
    return workspace_url(request, "message_new", message.account_id) + f"?again={message.pk}"


def _facts(request: Any, message: Message) -> list[dict[str, str]]:
    row = queries.message_row(message, request.workspace.timezone)
    facts = [
        {"label": "To", "value": message.recipient},
        {"label": "Signed by", "value": row.by},
        {"label": "Replies go to", "value": message.mail.reply_to},
        {"label": "When", "value": row.when},
    ]
    if message.template:
        url = workspace_url(request, "email_template", message.template_id)
        may_open = may(request.membership.role, Needs.WORK)
        facts.append({"label": "Template", "value": message.template.name, "url": url if may_open else ""})
    if message.step:
        facts.append(
            {
                "label": "Step of a play",
                "value": message.step.title,
                "url": workspace_url(request, "play", message.step.play_id),
            }
        )
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: Any, pk: int) -> HttpResponse:
    """Write an e-mail: choose a template and a person, change the words, send."""
    account = get_account(pk)
    letter = Letter(account, request.membership, today_of(request.workspace))
    if request.method == "POST":
        form = MessageForm(request.POST, account_id=account.pk)
        if request.POST.get("look"):
            look = _look(form, letter) if form.is_valid() else None
            return _new_page(request, account, form, look)
        if form.is_valid() and (message := _send(request, form, letter)):
            return redirect(workspace_url(request, "message", message.pk))
    else:
        form = MessageForm(initial=_start(request, letter), account_id=account.pk)
    return _new_page(request, account, form)


def _look(form: MessageForm, letter: Letter) -> Look | None:
    """The e-mail as it would leave; None, with the errors on their fields, if it cannot."""
    data = form.cleaned_data
    try:
        parsed = check_texts(data["subject"], data["body"])
    except TemplateConflict as error:
        _refuse(form, error)
        return None
    return look_at(parsed, letter.account, data["contact"], letter.sender, letter.today, by_hand=True)


def _refuse(form: MessageForm, error: TemplateConflict) -> None:
    for field, complaints in error.all:
        for complaint in complaints:
            form.add_error(field, complaint)


def _send(request: Any, form: MessageForm, letter: Letter) -> Message | None:
    """Send it; None, with the error on its field, if it cannot be."""
    data = form.cleaned_data
    template = EmailTemplate.objects.filter(pk=data["template"]).first() if data["template"] else None
    try:
        [written] = compose_for([data["contact"]], check_texts(data["subject"], data["body"]), letter)
        key = f"by hand {request.membership.pk} {data['once']}"
        sent = send_message(written, letter, by=request.actor, key=key, template=template)
    except TemplateConflict as error:
        _refuse(form, error)
        return None
    except (ValueMissing, MailRefused) as error:
        form.add_error("body", str(error))
        return None
    if sent.mail.state == "suppressed":
        messages.warning(request, f"Not sent: {sent.mail.error}")
    else:
        messages.success(request, f"The e-mail to {data['contact'].name} is on its way.")
    return sent


def _start(request: Any, letter: Letter) -> dict[str, Any]:
    """The form as `?template=&contact=` begin it: the template's words with this person's values.

    `?again=`: with the words of a message that did not arrive.
    """
    form = MessageForm(account_id=letter.account.pk)
    again = id_in(request.GET.get("again", ""))
    lost = Message.objects.filter(account=letter.account, pk=again).first() if again is not None else None
    if lost is not None and lost.contact_id in form.contacts:
        texts = {"subject": lost.subject.translate(NO_BRACES), "body": lost.text.translate(NO_BRACES)}
        return {"once": uuid.uuid4(), "contact": lost.contact_id, **texts}
    contact = form.contacts.get(id_in(request.GET.get("contact", "")) or 0) or next(
        iter(form.contacts.values()), None
    )
    start: dict[str, Any] = {"once": uuid.uuid4(), "contact": contact.pk if contact else None}
    pk = id_in(request.GET.get("template", ""))
    template = queries.templates_in_use().filter(pk=pk).first() if pk is not None else None
    if template is None or contact is None:
        return start
    return {**start, "template": template.pk, **_texts(template, contact, letter)}


def _texts(template: EmailTemplate, contact: Contact, letter: Letter) -> dict[str, str]:
    """A template's words for a person; a placeholder without a value stays, to be filled in by hand."""
    try:
        parsed = parsed_of(template)
    except TemplateConflict:
        return {"subject": template.subject, "body": template.body}
    names = names_in([*parsed.subject, *parsed.body])
    found = {**shared_values(names, letter), **contact_values(contact, names)}
    # The form's text is read for placeholders again when it is sent: a name must not become one.
    values = {name: value.translate(NO_BRACES) if value else value for name, value in found.items()}
    return {"subject": preview(parsed.subject, values), "body": preview(parsed.body, values)}


def _new_page(request: Any, account: Any, form: MessageForm, look: Look | None = None) -> HttpResponse:
    addresses = [one.email for one in form.contacts.values()]
    context = {
        **account_frame(request, account, "account_timeline"),
        "form": form,
        "look": look,
        "templates": queries.templates_in_use(),
        "chosen": form["template"].value(),
        "chosen_contact": form["contact"].value(),
        "contacts": list(form.contacts.values()),
        "suppressed": suppressed_among(addresses),
        "known": ["{{" + name + "}}" for name in KNOWN],
        "cancel_url": workspace_url(request, "account_messages", account.pk),
        "people_url": workspace_url(request, "contact_new", account.pk),
    }
    return render(request, "messages/new.html", context, status=422 if form.errors else 200)
