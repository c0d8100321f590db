"""Telling members something, once."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from csworkspace.notifications.models import Notification
from csworkspace.notifications.registry import kind_of


@transaction.atomic
def notify(
    member_ids: Iterable[int],
    kind: str,
    title: str,
    *,
    key: str,
    text: str = "",
    page: str = "",
    page_args: Iterable[Any] = (),
) -> None:
    """Tell members something; who was told with the same `key` before is not told again.

    page and page_args: the route that it leads to.
    """
    kind_of(kind)
    rows = [
        Notification(
            member_id=member_id,
            kind=kind,
            key=key[:160],
            title=title[:200],
            text=text[:500],
            page=page,
            page_args=list(page_args),
        )
        for member_id in sorted(set(member_ids))
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
