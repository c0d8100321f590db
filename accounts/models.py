"""The floor's models, gathered for one migration history."""

from accounts.accounts.models import Account, AccountDomain, PortalViewer, ShareLink, Tier
from accounts.book.models import BookRow
from accounts.contacts.models import Contact, ContactIdentity
from accounts.imports.models import Batch, Reject
from accounts.metrics.models import Measurement, Metric, MetricState
from accounts.usage.models import Event, EventKey, TouchedDays

__all__ = [
    "Account",
    "AccountDomain",
    "Batch",
    "BookRow",
    "Contact",
    "ContactIdentity",
    "Event",
    "EventKey",
    "Measurement",
    "Metric",
    "MetricState",
    "PortalViewer",
    "Reject",
    "ShareLink",
    "Tier",
    "TouchedDays",
]
