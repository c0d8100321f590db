"""Binding invited customers to the accounts they may see."""

from collections.abc import Sequence

from django.db import transaction

from accounts.accounts.models import Account, PortalViewer
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership


def find_by_name(names: Sequence[str]) -> dict[str, list[int]]:
    """Each name as it was typed → the ids of the accounts that are called so."""
    found: dict[str, list[int]] = {name: [] for name in names}
    for pk, name in Account.objects.filter(name__in=names).order_by("id").values_list("pk", "name"):
        found[name].append(pk)
    return found


def names_of(ids: Sequence[int]) -> dict[int, str]:
    """Account id → name, for those that still exist."""
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))


@transaction.atomic
def bind_viewer(member: Membership, ids: Sequence[int], by: Actor) -> None:
    """Let a customer see these accounts and no others; what an earlier invitation opened is closed."""
    for closed in member.portal_bindings.exclude(account__in=ids).select_related("account").order_by("id"):
        closed.delete()
        record("closed to customer", closed.account, by=by, before={"viewer": member.user.email})
    for account in Account.objects.filter(pk__in=ids).order_by("id"):
        _, created = PortalViewer.objects.get_or_create(membership=member, account=account)
        if created:
            record("opened to customer", account, by=by, after={"viewer": member.user.email})
