"""The page on which a person looks at the e-mails of a play before they leave."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.web.formats import plural
from csworkspace.web.urls import workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.messages.forms import ReviewForm
from playbooks.messages.reviewing import pile_of, send_reviewed, waits_for_look
from playbooks.plays.advancing import run_of
from playbooks.plays.models import Play, PlayState, PlayStep
from playbooks.plays.queries import get_plays
from playbooks.plays.refusals import PlayRefused


@require_http_methods(["GET", "HEAD", "POST"])
def step_review(request: Any, pk: int) -> HttpResponse:
    """Each e-mail of the step as it will go out; send, or skip."""
    step = get_object_or_404(PlayStep, pk=pk)
    play = get_object_or_404(get_plays(), pk=step.play_id)
    form, status = ReviewForm(request.POST or None, subject=play, prefix=None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _sent(request, play, step, form)
            except Conflict as error:
                form.add_error(None, conflict_error(error))
                status = 409
            except PlayRefused as error:
                form.add_error(None, str(error))
    return _page(request, get_plays().get(pk=play.pk), step, form, status)


def _sent(request: Any, play: Play, step: PlayStep, form: ReviewForm) -> HttpResponse:
    data = form.cleaned_data
    number = send_reviewed(
        play, step.pk, data["to"], by=request.actor, seen=data["seen"], version=data["version"]
    )
    them = "it" if number == 1 else "them"
    messages.success(request, f"{plural(number, 'e-mail')} sent off; the play shows what becomes of {them}.")
    return redirect(workspace_url(request, "play", play.pk))


def _page(request: Any, play: Play, step: PlayStep, form: ReviewForm, status: int) -> HttpResponse:
    step.refresh_from_db()
    is_waiting = waits_for_look(step)
    pile = pile_of(run_of(play, step)) if is_waiting else None
    context = {
        **account_frame(request, get_account(play.account_id), "account_plays"),
        "play": play,
        "step": step,
        "pile": pile,
        "form": form,
        "chosen": request.POST.getlist("to") if form.is_bound else None,
        "is_paused": play.state == PlayState.PAUSED,
        "send_label": f"Send {plural(len(pile.sheets), 'e-mail')}" if pile else "",
    }
    return render(request, "messages/review.html", context, status=status)
