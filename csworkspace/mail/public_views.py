"""Unsubscribing: a page for people, and one click for mail programs (RFC 8058). No sign-in."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from csworkspace.audit.actor import Actor
from csworkspace.mail.actions import unsubscribe
from csworkspace.mail.models import Audience, OutgoingMail
from csworkspace.mail.sending import is_suppressed
from csworkspace.mail.tokens import mail_in
from csworkspace.people.addresses import client_address
from csworkspace.tenancy.database import enter_workspace, set_local
from csworkspace.tenancy.models import Workspace


# The token is the proof, and mail programs that post for a person have no cookie of ours.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: Any, token: str) -> HttpResponseBase:
    """GET shows a button and changes nothing, because scanners follow links; POST unsubscribes."""
    mail = find_mail(token)
    if mail is None:
        return sealed(render(request, "mail/link_gone.html", status=404))
    if request.method == "POST":
        by = Actor(label=mail.to[:160], origin=client_address(request))
        unsubscribe(mail, by=by)
    context = {
        "sender": Workspace.objects.get().name,
        "address": mail.to,
        "is_done": is_suppressed(mail),
    }
    return sealed(render(request, "mail/unsubscribe.html", context))


def find_mail(token: str) -> OutgoingMail | None:
    """The customer mail of a token, its workspace left open; None, and nothing open, otherwise."""
    named = mail_in(token)
    if named is None:
        return None
    enter_workspace(named[0])
    mail = OutgoingMail.objects.filter(pk=named[1], audience=Audience.CUSTOMER).first()
    if mail is None:
        set_local(workspace="")
    return mail


def sealed(response: HttpResponseBase) -> HttpResponseBase:
    """The token is in this page's address: nothing may pass it on."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
