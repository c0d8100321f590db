"""The floor's models, gathered for one migration history."""

from accounts.accounts.models import Account, AccountDomain, PortalViewer, ShareLink
from accounts.book.models import BookRow, SavedView
from accounts.changes.models import ChangedValue, ChangeSet
from accounts.contacts.models import Contact, ContactIdentity
from accounts.imports.models import Batch, Reject
from accounts.incidents.models import Incident
from accounts.metrics.models import Measurement, Metric, MetricState
from accounts.news.models import News
from accounts.revenue.models import ArrPoint, CurrencyRate
from accounts.segments.models import Segment, SegmentStay
from accounts.tiering.models import ServiceOverride, TierPlacement
from accounts.tiers.models import Service, ServiceLevel, Tier, TierVersion
from accounts.usage.models import Event, EventKey, TouchedDays
from accounts.visits.models import PortalVisit

__all__ = [
    "Account",
    "AccountDomain",
    "ArrPoint",
    "Batch",
    "BookRow",
    "ChangeSet",
    "ChangedValue",
    "Contact",
    "ContactIdentity",
    "CurrencyRate",
    "Event",
    "EventKey",
    "Incident",
    "Measurement",
    "Metric",
    "MetricState",
    "News",
    "PortalViewer",
    "PortalVisit",
    "Reject",
    "SavedView",
    "Segment",
    "SegmentStay",
    "Service",
    "ServiceLevel",
    "ServiceOverride",
    "ShareLink",
    "Tier",
    "TierPlacement",
    "TierVersion",
    "TouchedDays",
]
