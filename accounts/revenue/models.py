"""What accounts pay, over time, and how currencies are compared."""

from django.db import models
from django.db.models import Q

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class CurrencyRate(TenantModel):
    """A stated rate: units of `into_currency` for one unit of `currency`, from a day on.

    into_currency: the workspace's currency when the rate was stated. Only rates into its currency of
    now are used: after a change of it the old rates rest, and are there again if it returns.
    """

    currency = models.CharField(max_length=3)
    into_currency = models.CharField(max_length=3)
    since = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "into_currency", "currency", "since"], name="currency_rate_since"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="currency_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} in {self.into_currency} from {self.since}"


class ArrPoint(TenantModel):
    """An account's ARR from a day on, until its next point; None when it is not known any more."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="arr_points", db_index=False)
    as_of = models.DateField()
    arr = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "account", "as_of"], name="arr_point_once"),
        ]
