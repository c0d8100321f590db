"""Template tags that every page may use: `{% load ws %}`."""

from typing import Any

from django import template

from csworkspace.people.access import Needs, may
from csworkspace.web.urls import workspace_url

register = template.Library()


@register.simple_tag(takes_context=True)
def wurl(context: Any, name: str, *args: Any) -> str:
    """The address of a route of the open workspace: `{% wurl "account" account.id %}`."""
    return workspace_url(context["request"], name, *args)


@register.simple_tag(takes_context=True)
def allowed(context: Any, needs: str) -> bool:
    """Whether the person may do what needs "work", "manage" or "admin"."""
    role = context.get("role")
    return bool(role) and may(role, Needs(needs))
