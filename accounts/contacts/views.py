"""The people of an account."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.contacts import actions
from accounts.contacts.facts import facts_of_people
from accounts.contacts.forms import ContactForm, initial_of
from accounts.contacts.identities import IdentityError
from accounts.contacts.models import Contact
from accounts.contacts.queries import people_of, with_identities
from csworkspace.web.formats import DASH
from csworkspace.web.urls import workspace_url


def people(request: Any, pk: int) -> HttpResponse:
    """The people tab."""
    account = get_account(pk)
    known = facts_of_people(request, account.pk)
    rows = [
        (person, [(label, words.get(person.pk, DASH)) for label, words in known])
        for person in people_of(account.pk)
    ]
    context = {
        **account_frame(request, account, "account_people"),
        "people": rows,
        "labels": [label for label, _ in known],
    }
    return render(request, "contacts/list.html", context)


def contact_new(request: Any, pk: int) -> HttpResponse:
    """Add a person to an account."""
    account = get_account(pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contact = attempt(
            form, lambda: actions.create_contact(account, by=request.actor, **form.cleaned_data)
        )
        if contact:
            messages.success(request, f"{contact.name} was added.")
            return redirect(workspace_url(request, "account_people", account.pk))
    context = {"form": form, "title": "Add a person", "submit_label": "Add person"}
    return contact_page(request, account, context)


def contact_edit(request: Any, pk: int) -> HttpResponse:
    """Edit a person and their identities."""
    contact = get_object_or_404(with_identities(), pk=pk)
    account = get_account(contact.account_id)
    form = ContactForm(request.POST or None, initial=initial_of(contact))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: actions.edit_contact(contact, by=request.actor, **form.cleaned_data))
        if changed is not None:
            messages.success(request, "Saved." if changed else "Nothing had changed.")
            return redirect(workspace_url(request, "account_people", account.pk))
    context = {"form": form, "title": f"Edit {contact.name}", "submit_label": "Save", "contact": contact}
    return contact_page(request, account, context)


@require_POST
def contact_remove(request: Any, pk: int) -> HttpResponse:
    """Delete a person; their usage stays with the account."""
    contact = get_object_or_404(Contact, pk=pk)
    actions.remove_contact(contact, by=request.actor)
    messages.success(request, f"{contact.name} was removed.")
    return redirect(workspace_url(request, "account_people", contact.account_id))


def contact_page(request: Any, account: Any, context: dict[str, Any]) -> HttpResponse:
    """The form inside the account's frame."""
    frame = account_frame(request, account, "account_people")
    cancel_url = workspace_url(request, "account_people", account.pk)
    status = 422 if context["form"].errors else 200
    return render(
        request, "contacts/form.html", {**frame, **context, "cancel_url": cancel_url}, status=status
    )


def attempt(form: ContactForm, act: Callable[[], Any]) -> Any:
    """Run an action; None, with the error on its field, when it is refused."""
    try:
        return act()
    except (IdentityError, actions.IdentityTaken) as error:
        taken_email = form.cleaned_data["email"] and form.cleaned_data["email"] in str(error)
        form.add_error("email" if taken_email else "identities", str(error))
    return None
