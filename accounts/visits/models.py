"""Who of a customer looked into the portal, and on which days."""

from django.db import models

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class PortalVisit(TenantModel):
    """A customer's person looked at a page of the portal on a day; one row per person, page and day.

    visitor: "member 12", or "link 7" for whoever holds a share link. page: the route's name, with the
    id of what was opened, such as "portal_report 12".
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    visitor = models.CharField(max_length=40, db_collation="C")
    visitor_name = models.CharField(max_length=160)
    page = models.CharField(max_length=80, db_collation="C")
    day = models.DateField()
    views = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account", "day", "visitor", "page"], name="portal_visit_once"
            ),
        ]
