"""One value of one account: a small form in the cell, or a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.accounts.models import Account
from accounts.book.columns import COLUMNS
from accounts.book.forms import ValueForm
from accounts.book.inline import Overtaken, back_of, change_value, row_html, toast
from accounts.changes.fields import FIELDS, ChangeRefused, words_of
from accounts.changes.models import ChangeSet

EDITABLE = {column.edits for column in COLUMNS.values() if column.edits}


def account_value(request: Any, pk: int) -> HttpResponse:
    """Show the form of one value, or set it: 409 when somebody else was faster."""
    account = get_object_or_404(Account, pk=pk)
    field = request.GET.get("field") or request.POST.get("field", "")
    if field not in EDITABLE:
        raise Http404("no such field")
    form, notice = ValueForm(request.POST or None, field=field, account=account), ""
    if request.method == "POST" and form.is_valid():
        try:
            return answer(request, account, field, form.cleaned_data)
        except Overtaken:
            form = ValueForm(field=field, account=account)
            notice = f"Somebody else changed this meanwhile: it is {words_of([field])[field](form.now)} now."
        except ChangeRefused as error:
            form.add_error("value", str(error))
    context = {"account": account, "field": field, "form": form, "notice": notice, "back": back_of(request)}
    context["label"] = FIELDS[field].label
    template = "book/_value.html" if request.htmx else "book/value.html"
    return render(request, template, context, status=409 if notice else 422 if form.errors else 200)


def answer(request: Any, account: Account, field: str, values: dict[str, Any]) -> HttpResponse:
    """Set the value and show the row with the way back. Raises Overtaken, ChangeRefused."""
    seen, after, back = values["seen"], values["value"], back_of(request)
    done = change_value(account, field, seen, after, by=request.actor) if seen != after else None
    if request.htmx:
        return redrawn(request, account, back, done)
    if done is None:
        messages.info(request, "Nothing had changed.")
        return redirect(back)
    return redirect(f"{back}{'&' if '?' in back else '?'}changed={done.pk}")


def redrawn(request: Any, account: Account, back: str, done: ChangeSet | None) -> HttpResponse:
    """The row for htmx, and what happened beside it."""
    context = {
        "row": row_html(request, account, back),
        "toast": toast(request, done, back) if done else None,
    }
    response = render(request, "book/_row_and_toast.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "closest tr", "outerHTML"
    return response
