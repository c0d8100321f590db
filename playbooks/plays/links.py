"""Links to pages of other concepts."""

from typing import Any

from django.urls import NoReverseMatch

from csworkspace.web.urls import workspace_url


def page_of(request: Any, name: str, *args: Any) -> str:
    """The address of a page; "" where there is none, or nothing that it would be of."""
    if None in args:
        return ""
    try:
        return workspace_url(request, name, *args)
    except NoReverseMatch:
        return ""
