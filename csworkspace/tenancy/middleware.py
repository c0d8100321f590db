"""One transaction around the whole request, rendering included."""

from collections.abc import Callable

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StreamingOutsideTransaction(RuntimeError):
    """A response would read rows after the transaction, where nothing is visible."""


class TransactionMiddleware:
    """Wrap everything below in one transaction; a failed request leaves nothing.

    An exception has become a response by the time it gets here, so that the
    roll-back is explicit. A refusal that a view answers (a wrong password, an
    invalid form) is no failure: what it wrote is kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request inside a transaction."""
        with transaction.atomic():
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                raise StreamingOutsideTransaction(request.path)
            if response.status_code >= 500 or has_failed(request, response):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view was left half-done; answering is others' work."""
        request.csw_failed = True  # type: ignore[attr-defined]


def has_failed(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the view ended with an exception: a 404 or 403 from Django, or any error of the API."""
    return getattr(request, "csw_failed", False) or getattr(response, "exception", False)
