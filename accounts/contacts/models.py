"""People at an account, and the identities that resolve to them."""

from django.db import models

from accounts.accounts.models import Account
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class ContactRole(models.TextChoices):
    """What a contact is to the relationship."""

    SPONSOR = "sponsor", "Executive sponsor"
    CHAMPION = "champion", "Champion"
    ADMIN = "admin", "Administrator"
    USER = "user", "User"
    BILLING = "billing", "Billing"


class Contact(TenantModel):
    """A person at an account."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=ContactRole.choices, default=ContactRole.USER)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "account"], name="contact_account")]

    def __str__(self) -> str:
        return self.name


class ContactIdentity(TenantModel):
    """An e-mail address or product user id, normalised, that means one contact."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    value = models.CharField(max_length=254, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "value"], name="contact_identity"),
        ]
        indexes = [models.Index(fields=["workspace", "contact"], name="contact_identity_contact")]

    def __str__(self) -> str:
        return self.value
