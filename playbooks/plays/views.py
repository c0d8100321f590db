"""One play: its page and what people do with it; and starting one by hand."""

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.accounts.frame import account_frame
from accounts.accounts.queries import get_account
from csworkspace.tenancy.clock import today_of
from csworkspace.web.urls import id_in, workspace_url
from csworkspace.web.versions import Conflict, conflict_error
from playbooks.plays import actions
from playbooks.plays.forms import (
    ActForm,
    AssignForm,
    ChoosePlaybookForm,
    OnStepForm,
    SkipForm,
    StartForm,
    StopForm,
)
from playbooks.plays.models import Play
from playbooks.plays.pages import play_context
from playbooks.plays.preview import preview_of
from playbooks.plays.queries import get_plays
from playbooks.plays.refusals import PlayRefused, StartRefused
from playbooks.plays.starting import start_play
from playbooks.signals.models import Signal


def play_page(request: Any, pk: int) -> HttpResponse:
    """One play."""
    play = get_object_or_404(get_plays(), pk=pk)
    return render(request, "plays/detail.html", play_context(request, play))


def _act(
    request: Any,
    pk: int,
    kind: type[ActForm],
    act: Callable[[Play, dict[str, Any]], Any],
    done: str,
    *,
    name: str = "form",
) -> HttpResponse:
    """Do it, and back to the play: 422 for a wrong form, 409 when somebody else was faster."""
    play = get_object_or_404(get_plays(), pk=pk)
    form, status = kind(request.POST, play=play, auto_id=f"{name}_%s"), 422
    if form.is_valid():
        try:
            act(play, form.cleaned_data)
            messages.success(request, done)
            return redirect(workspace_url(request, "play", pk))
        except Conflict as error:
            form.add_error(None, conflict_error(error))
            status = 409
        except PlayRefused as error:
            form.add_error(None, str(error))
    fresh = get_plays().get(pk=pk)
    context = play_context(request, fresh, **{name: form})
    # A form with fields says on its own place what is wrong; a button has none, nor has a play that ended.
    top = form if name == "form" or not context["is_open"] else None
    return render(request, "plays/detail.html", {**context, "form": top}, status=status)


@require_POST
def pauses(request: Any, pk: int) -> HttpResponse:
    """Pause a play."""
    return _act(
        request,
        pk,
        ActForm,
        lambda play, data: actions.pause_play(play, by=request.actor, version=data["version"]),
        "The play is paused. Nothing begins until it is resumed.",
    )


@require_POST
def resumptions(request: Any, pk: int) -> HttpResponse:
    """Resume a play."""
    return _act(
        request,
        pk,
        ActForm,
        lambda play, data: actions.resume_play(play, by=request.actor, version=data["version"]),
        "The play goes on.",
    )


@require_POST
def stops(request: Any, pk: int) -> HttpResponse:
    """Stop a play for good, with a reason."""
    return _act(
        request,
        pk,
        StopForm,
        lambda play, data: actions.stop_play(play, by=request.actor, **data),
        "The play is stopped. What its steps had begun was called off.",
        name="stop",
    )


@require_POST
def assignments(request: Any, pk: int) -> HttpResponse:
    """Hand a play to a colleague."""
    return _act(
        request,
        pk,
        AssignForm,
        lambda play, data: actions.reassign_play(
            play, by=request.actor, owner_id=data["owner"] and data["owner"].pk, version=data["version"]
        ),
        "The play has a new leader.",
        name="assign",
    )


@require_POST
def skips(request: Any, pk: int) -> HttpResponse:
    """Skip a step."""
    return _act(
        request,
        pk,
        SkipForm,
        lambda play, data: actions.skip_step(
            play, data["step"], by=request.actor, reason=data["reason"], version=data["version"]
        ),
        "The step is skipped.",
    )


@require_POST
def retries(request: Any, pk: int) -> HttpResponse:
    """Try a failed step again."""
    return _act(
        request,
        pk,
        OnStepForm,
        lambda play, data: actions.retry_step(play, data["step"], by=request.actor, version=data["version"]),
        "The step is tried again.",
    )


def play_new(request: Any, pk: int) -> HttpResponse:
    """Start a playbook by hand: choose it, see what will happen, start."""
    account, choose = get_account(pk), ChoosePlaybookForm(request.GET)
    playbook = choose.cleaned_data["playbook"] if choose.is_valid() else None
    signal = Signal.objects.filter(pk=id_in(request.GET.get("signal", "")) or 0, account=account).first()
    form = StartForm(request.POST or None, initial={"token": token_urlsafe(12)})
    if request.method == "POST" and playbook and form.is_valid():
        try:
            return redirect(
                workspace_url(request, "play", _start(request, account, playbook, signal, form).pk)
            )
        except StartRefused as error:
            form.add_error(None, str(error))
    context = {
        **account_frame(request, account, "account_plays"),
        "choose": choose,
        "form": form,
        "signal": signal,
        "playbook": playbook,
        "preview": preview_of(playbook, account, today_of(request.workspace), signal) if playbook else None,
        "cancel_url": workspace_url(request, "account_plays", pk),
        "query": request.GET.urlencode(),
    }
    return render(request, "plays/new.html", context, status=422 if form.errors else 200)


def _start(request: Any, account: Any, playbook: Any, signal: Signal | None, form: StartForm) -> Play:
    data = form.cleaned_data
    known = Play.objects.filter(playbook=playbook, account=account, cause=f"by hand {data['token']}").first()
    if known is not None:
        return known
    is_first = signal and not Play.objects.filter(
        playbook=playbook, account=account, cause=f"signal {signal.pk}"
    )
    words = f"Signal: {signal.title}" if signal else "Started by hand"
    play = start_play(
        playbook,
        account,
        by=request.actor,
        cause=f"signal {signal.pk}" if signal and is_first else f"by hand {data['token']}",
        cause_words=data["reason"] or words,
        signal=signal,
        owner_id=data["owner"].pk if data["owner"] else None,
    )
    messages.success(request, f"{playbook.name} has started on {account.name}.")
    return play
