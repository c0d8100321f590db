"""Saved views of the demo's book: what its people look at, some shared, some for themselves."""

from accounts.book.filters import BookFilter
from accounts.book.models import SavedView
from accounts.book.saving import save_view
from accounts.tiers.models import Tier
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership, Role


def save_views(by: Actor) -> None:
    """A few views for the first CSM and the manager; a name that is there already is left alone."""
    csm = Membership.objects.filter(role=Role.CSM).order_by("pk")[0]
    manager = Membership.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    top = Tier.objects.order_by("position").values_list("pk", flat=True)[0]
    renewals = BookFilter(sort="renewal", descending=False, cols="renewal,arr,attention,plan,owner,tags")
    owed = BookFilter(
        owner=str(csm.pk), sort="owed", descending=False, cols="owed,late,attainment,tier,attention,active"
    )
    promises = BookFilter(
        tier=str(top), sort="attainment", cols="attainment,late,owed,arr,renewal,plan,owner"
    )
    trouble = BookFilter(attention="1", cols="attention,plan,level,headline,arr,owner,stage")
    for owner, name, view, is_shared in (
        (manager, "Next renewals", renewals, True),
        (manager, "Promises to the top tier", promises, True),
        (manager, "Who needs help", trouble, False),
        (csm, "What I owe next", owed, False),
    ):
        if not SavedView.objects.filter(owner=owner, name=name).exists():
            save_view(view, by=by, owner=owner, name=name, is_shared=is_shared)
