"""Routes that say what they need of the person."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from csworkspace.people.access import Needs

View = Callable[..., HttpResponseBase]


def route(pattern: str, view: View, name: str, *, needs: Needs) -> URLPattern:
    """A `path` whose view carries `.needs`; AccessMiddleware enforces it.

    Workspace routes are included under `w/<slug:workspace>/`; the middleware
    takes that argument away, the view gets `request.workspace`.
    """

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    guarded.needs = needs  # type: ignore[attr-defined]
    guarded.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return path(pattern, guarded, name=name)
