"""What the workspace tells its members, in the page and by e-mail."""

from django.db import models
from django.db.models import Q

from csworkspace.people.models import Membership
from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class EmailWhen(models.TextChoices):
    """When a notification is also mailed."""

    AT_ONCE = "at_once", "At once"
    DIGEST = "digest", "In the daily digest"
    NEVER = "never", "Never"


class Notification(TenantModel):
    """One thing told to one member, once: `key` says what about ("task 12 due").

    page and page_args: the route that it leads to. mailed_at: when it left by e-mail, at once or in
    a digest.
    """

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160, db_collation="C")
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, blank=True)
    page = models.CharField(max_length=60, blank=True)
    page_args = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "member", "key"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "member", "-id"], name="notification_latest"),
            models.Index(
                fields=["workspace", "member"], condition=Q(read_at=None), name="notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NotificationPreference(TenantModel):
    """What a member chose for one kind of notification; without a row the kind's usual holds."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    in_app = models.BooleanField(default=True)
    email = models.CharField(max_length=8, choices=EmailWhen.choices, default=EmailWhen.DIGEST)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "member", "kind"], name="preference_once"),
        ]


class DigestSetting(TenantModel):
    """When a member's daily digest leaves, the last day on which it did, and when its news was read then.

    hour: of the workspace's day, 0 to 23. Only on working days if `working_days_only`.
    """

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=True)
    hour = models.PositiveSmallIntegerField(default=7)
    working_days_only = models.BooleanField(default=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace", "member"], name="digest_once")]
