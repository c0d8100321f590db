"""The ground's models, gathered for one migration history."""

from csworkspace.audit.models import AuditEntry
from csworkspace.files.models import StoredFile
from csworkspace.jobs.models import Job
from csworkspace.people.models import ApiKey, Invitation, Membership, User
from csworkspace.tenancy.models import DoorCrossing, Workspace

__all__ = [
    "ApiKey",
    "AuditEntry",
    "DoorCrossing",
    "Invitation",
    "Job",
    "Membership",
    "StoredFile",
    "User",
    "Workspace",
]
