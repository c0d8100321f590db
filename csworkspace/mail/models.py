"""E-mails that leave the workspace: each a row, written with the intent and sent once."""

from django.db import models

from csworkspace.tenancy.models import TenantModel


class Audience(models.TextChoices):
    """Whom a mail is for: only customers' mails carry an unsubscribe link and respect suppressions."""

    TEAM = "team", "Team"
    CUSTOMER = "customer", "Customer"


class MailState(models.TextChoices):
    """Where a mail stands.

    uncertain: whether the server took it is not known (the worker died while it was talking to it);
    it is never sent again by itself, a person decides.
    """

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    UNCERTAIN = "uncertain", "Not known whether sent"
    FAILED = "failed", "Failed"
    SUPPRESSED = "suppressed", "Not sent: suppressed"
    BOUNCED = "bounced", "Bounced"
    CANCELLED = "cancelled", "Cancelled"


# Of these nobody has got anything.
CAME_TO_NOTHING = (MailState.FAILED, MailState.SUPPRESSED, MailState.BOUNCED, MailState.CANCELLED)
# Nothing more happens to these by itself.
ENDED = (MailState.SENT, *CAME_TO_NOTHING)
NOT_LEFT = (MailState.WAITING, MailState.SENDING)


class OutgoingMail(TenantModel):
    """One mail to one recipient.

    key: what it is for ("playstep 12 contact 7"): the same intent never makes a second mail.
    send_after: not before that moment; grows with every attempt that failed for a while.
    sending_since: when the last attempt began. is_held: it waits because the mail server does not take
    mails, not because of its recipient. pause_reason: why it does not leave although its moment may have
    come, until it is resumed. stop_reason: why it is not to leave any more, said while an attempt
    was being made. trail: what happened to it, [{"at": ISO moment, "what": sentence}].
    """

    key = models.CharField(max_length=160, db_collation="C")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    to = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    send_after = models.DateTimeField()
    sending_since = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False)
    pause_reason = models.CharField(max_length=200, blank=True)
    stop_reason = models.CharField(max_length=200, blank=True)
    trail = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="mail_once")]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="mail_latest"),
            models.Index(fields=["workspace", "message_id"], name="mail_message_id"),
            models.Index(
                fields=["workspace", "send_after"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="mail_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.subject}” to {self.to}"

    @property
    def state_label(self) -> str:
        """Where it stands, in a word or two."""
        return "Paused" if self.pause_reason else MailState(self.state).label

    @property
    def is_tried_again(self) -> bool:
        """Whether another attempt follows one that failed, by itself."""
        return self.state == MailState.WAITING and self.attempts > 0 and not self.pause_reason

    @property
    def trouble(self) -> str:
        """Why it has not left, in a sentence; "" if nothing keeps it."""
        return self.pause_reason or self.error


class SuppressionReason(models.TextChoices):
    """Why an address gets no more customer mails."""

    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Bounced"
    COMPLAINED = "complained", "Reported as spam"
    BY_HAND = "by_hand", "Stopped by hand"


class Suppression(TenantModel):
    """An address (lower case) that gets no customer mails any more, and why."""

    address = models.EmailField(db_collation="C")
    reason = models.CharField(max_length=12, choices=SuppressionReason.choices)
    detail = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "csworkspace"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "address"], name="suppression_address"),
        ]

    def __str__(self) -> str:
        return self.address
