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
    """Let a customer see these accounts, beside those they see already."""
    for account in Account.objects.filter(pk__in=ids).order_by("id"):
        _, created = PortalViewer.objects.get_or_create(membership=member, account=account)
        if created:
            record("opened to customer", account, by=by, after={"viewer": member.user.email})
