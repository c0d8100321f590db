"""Where a request comes from."""

from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """The visitor's address.

    Behind PROXY_COUNT proxies of our own it is the entry of X-Forwarded-For that the
    outermost of them wrote; what stands before it is the visitor's own claim.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    count = settings.PROXY_COUNT
    if not count or len(hops) < count or not hops[-count]:
        return direct
    return hops[-count][:45]
