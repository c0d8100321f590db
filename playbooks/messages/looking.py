"""Choosing whose mail a template's preview shows."""

from typing import Any

from django.db.models import Q

from accounts.accounts.models import Account, Stage
from accounts.contacts.models import Contact
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import id_in
from playbooks.messages.actions import parsed_of
from playbooks.messages.forms import LookForm
from playbooks.messages.models import EmailTemplate
from playbooks.messages.people import contacts_of
from playbooks.messages.previews import look_at
from playbooks.messages.templates import TemplateConflict

OFFERED = 8


def look_context(request: Any, template: EmailTemplate, chosen: Any = None) -> dict[str, Any]:
    """The preview of `?account=&contact=`, or of one of the person's own accounts; `?q=` finds others."""
    wanted = request.GET if chosen is None else chosen
    account, others = _account(request, wanted)
    contacts = contacts_of(account.pk) if account else []
    contact = next((one for one in contacts if str(one.pk) == wanted.get("contact")), None)
    contact = contact or (contacts[0] if contacts else None)
    complaints: list[str] = []
    look = None
    try:
        parsed = parsed_of(template)
        if account and contact:
            look = look_at(parsed, account, contact, request.membership, today_of(request.workspace))
    except TemplateConflict as error:
        complaints = error.complaints
    initial = {"account": account.pk if account else None, "contact": contact.pk if contact else None}
    return {
        "look": look,
        "look_account": account,
        "others": others,
        "q": wanted.get("q", "")[:100],
        "form": LookForm(initial=initial, contacts=contacts, auto_id="look_%s"),
        "complaints": complaints,
    }


def _account(request: Any, wanted: Any) -> tuple[Account | None, list[Account]]:
    """The chosen account, and others that the search found."""
    accounts = Account.objects.select_related("owner__user", "tier").exclude(stage=Stage.CHURNED)
    q = wanted.get("q", "").strip()[:100]
    found = list(accounts.filter(name__icontains=q).order_by("name", "pk")[:OFFERED]) if q else []
    if found:
        return found[0], found[1:]
    pk = id_in(wanted.get("account", ""))
    if pk is not None:
        return accounts.filter(pk=pk).first(), []
    with_people = accounts.filter(pk__in=Contact.objects.filter(left_on=None).values("account_id"))
    mine = with_people.filter(Q(owner=request.membership)).order_by("name", "pk").first()
    return mine or with_people.order_by("name", "pk").first(), []
