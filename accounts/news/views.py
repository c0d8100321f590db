"""An account's news: all of it, and entering a piece."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from accounts.news.actions import NewsRefused, add_news, remove_news
from accounts.news.forms import NewsForm
from accounts.news.models import News
from accounts.news.queries import news_page, read_cursor
from csworkspace.people.access import Needs, may
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import workspace_url

# News is on the tab of signals, which a floor above brings; its label in lower case finds it.
TAB = "signals"


def account_news(request: Any, pk: int) -> HttpResponse:
    """The news of an account, the newest first."""
    account = get_account(pk)
    after = read_cursor(request.GET.get("after", ""))
    items, last = news_page(account.pk, today_of(request.workspace), after)
    here = workspace_url(request, "account_news", pk)
    context = {
        **account_frame(request, account, TAB),
        "items": items,
        "first_url": here if after else "",
        "next_url": f"{here}?after={last}" if last else "",
        "may_work": may(request.membership.role, Needs.WORK),
    }
    return render(request, "news/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def news_new(request: Any, pk: int) -> HttpResponse:
    """Enter a piece of news."""
    account = get_account(pk)
    form = NewsForm(request.POST or None, initial={"happened_on": today_of(request.workspace)})
    if request.method == "POST" and form.is_valid():
        try:
            add_news(account, form.told(account.pk), by=request.actor)
            messages.success(request, "The news is entered.")
            return redirect(workspace_url(request, "account_news", pk))
        except NewsRefused as error:
            form.add_error(error.field, str(error))
    context = {
        **account_frame(request, account, TAB),
        "form": form,
        "cancel_url": workspace_url(request, "account_news", pk),
    }
    return render(request, "news/new.html", context, status=422 if form.errors else 200)


@require_POST
def news_remove(request: Any, pk: int) -> HttpResponse:
    """Take a piece of news back."""
    news = get_object_or_404(News, pk=pk)
    remove_news(news, by=request.actor)
    messages.success(request, "The news is removed.")
    return redirect(workspace_url(request, "account_news", news.account_id))
