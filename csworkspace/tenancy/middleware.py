"""One transaction around the whole request, rendering included."""

from collections.abc import Callable

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StreamingOutsideTransaction(RuntimeError):
    """A response would read rows after the transaction, where nothing is visible."""


class TransactionMiddleware:
    """Wrap everything below in one transaction; a failed request leaves nothing.

    An exception has become a 500 response by the time it gets here, so that the
    roll-back is explicit.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request inside a transaction."""
        with transaction.atomic():
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                raise StreamingOutsideTransaction(request.path)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
