"""Templates of e-mails to customers, and what was sent to whom."""

from django.db import models

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.mail.models import OutgoingMail
from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.plays.models import PlayStep


class EmailTemplate(TenantModel):
    """Subject and body of an e-mail, with placeholders of a fixed list; see `messages.placeholders`."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="email_template_key")]

    def __str__(self) -> str:
        return self.name


class Message(TenantModel):
    """One e-mail to one contact of an account, as it was written; its fate is its mail's."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="messages")
    contact = TenantForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    mail = TenantForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="+")
    template = TenantForeignKey(EmailTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    step = TenantForeignKey(PlayStep, on_delete=models.SET_NULL, null=True, related_name="messages")
    sender = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "mail"], name="message_mail")]
        indexes = [models.Index(fields=["workspace", "account", "-id"], name="message_account")]

    def __str__(self) -> str:
        return self.subject
