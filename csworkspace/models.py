"""The ground's models, gathered for one migration history."""

from csworkspace.audit.models import AuditEntry
from csworkspace.calendar.models import Holiday, WorkCalendar
from csworkspace.files.models import StoredFile
from csworkspace.jobs.models import Job
from csworkspace.mail.models import OutgoingMail, Suppression
from csworkspace.notifications.models import DigestSetting, Notification, NotificationPreference
from csworkspace.people.models import ApiKey, Invitation, Membership, User
from csworkspace.tenancy.models import DoorCrossing, Workspace
from csworkspace.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "AuditEntry",
    "DigestSetting",
    "DoorCrossing",
    "Holiday",
    "Invitation",
    "Job",
    "Membership",
    "Notification",
    "NotificationPreference",
    "OutgoingMail",
    "StoredFile",
    "Suppression",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkCalendar",
    "Workspace",
]
