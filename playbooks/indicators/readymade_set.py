"""The ready-made indicators: generic ones, and the upstream ones that come earlier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playbooks.indicators.models import Severity, SignalKind

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
RISK, PEOPLE, CHANCE = SignalKind.RISK, SignalKind.PEOPLE, SignalKind.OPPORTUNITY
# Metrics that events give, as they are defined if no metric counts the same.
METRICS: dict[str, dict[str, Any]] = {
    "activity-4-weeks": {
        "name": "4-week activity",
        "aggregation": "count",
        "window_days": 28,
        "unit": "events",
        "description": "Everything that was done in four weeks.",
    },
    "users-4-weeks": {
        "name": "4-week users",
        "aggregation": "users",
        "window_days": 28,
        "unit": "users",
        "description": "Different people who were active in four weeks.",
    },
    "days-4-weeks": {
        "name": "4-week active days",
        "aggregation": "days",
        "window_days": 28,
        "unit": "days",
        "description": "Days of four weeks on which anybody was active.",
    },
}
# Numbers of people's own: their name, and what their keys contain.
OUTCOMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nps": ("NPS", ("nps",)),
    "support": ("support cases", ("support", "ticket", "cases")),
}


@dataclass(frozen=True)
class ReadyMade:
    """One of the set; what is empty is taken from its measure. metric: a name of METRICS or OUTCOMES."""

    key: str
    name: str
    description: str
    section: str
    kind: str
    severity: int
    measure: str
    metric: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    when: str = ""
    begins: str = ""
    ends: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    explanation: str = ""
    cool_down_days: int = 14


FELL, ROSE = {"direction": "fell"}, {"direction": "rose"}
USE, AGREED, WHO, CHANCES = "Use falls", "What was agreed", "People", "Opportunities"
READY_MADE = (
    ReadyMade("activity-fell", "Activity fell", "Much less is done than in the three months before.",
              USE, RISK, HIGH, "metric_change", "activity-4-weeks", FELL, begins="50", ends="35",
              scope={"tenure_days": 90}),
    ReadyMade("users-fell", "Fewer people active", "People stop coming before an account stops.",
              USE, RISK, HIGH, "metric_change", "users-4-weeks", {**FELL, "base": "4"}, begins="35",
              ends="20",
              scope={"tenure_days": 90}),
    ReadyMade("days-fell", "Used on fewer days", "It is leaving the daily work.",
              USE, RISK, MEDIUM, "metric_change", "days-4-weeks", {**FELL, "base": "6"}, begins="40",
              ends="25",
              scope={"tenure_days": 90}),
    ReadyMade("breadth-fell", "Breadth of use fell", "Fewer different features: earlier than fewer people.",
              USE, RISK, MEDIUM, "features", begins="40", ends="25", scope={"tenure_days": 90}),
    ReadyMade("silent-account", "Nobody active", "No activity of anybody for three weeks.",
              USE, RISK, HIGH, "silence", begins="21", ends="7"),
    ReadyMade("behind-peers", "Far behind its peers", "In the lowest tenth of all accounts by people active.",
              USE, RISK, LOW, "metric_peers", "users-4-weeks", {"peers": "all", "how": "rank"}, "at_most",
              "10", "15", {"tenure_days": 180}, "{metric} is {value}: {standing} of {others} others"),
    ReadyMade("renewal-and-falling", "Renews soon, and use falls", "Talk before they decide without us.",
              USE, RISK, HIGH, "metric_change", "users-4-weeks", {**FELL, "base": "4"}, begins="20",
              ends="10",
              scope={"renewal_days": 120}),
    ReadyMade("target-slipping", "Target slipping",
              "The worst target has been behind its path for two weeks.",
              AGREED, RISK, HIGH, "plan_target", params={"days": 14}, begins="10", ends="5"),
    ReadyMade("behaviour-lost", "Behaviour lost", "They did it, and do it no more.",
              AGREED, RISK, MEDIUM, "behaviour_lost", params={"days": 60}),
    ReadyMade("first-steps-late", "First steps late", "Sixty days a customer, without the first behaviour.",
              AGREED, RISK, HIGH, "behaviour_by_day", begins="60", ends="60"),
    ReadyMade("advice-ignored", "Recommendation ignored", "Open for a month without an answer.",
              AGREED, RISK, LOW, "recommendation_ignored", begins="30", ends="30"),
    ReadyMade("service-missed", "Service owed and missed", "We did not keep what we promised.",
              AGREED, RISK, HIGH, "service_missed"),
    ReadyMade("portal-unread", "Portal unread", "Nobody of the customer has looked in for six weeks.",
              AGREED, RISK, LOW, "portal_unread", params={"what": "portal"}, begins="45", ends="30"),
    ReadyMade("report-unread", "Report unread", "The newest report was issued two weeks ago and not opened.",
              AGREED, RISK, LOW, "portal_unread", params={"what": "report"}, begins="14", ends="14",
              explanation="Nobody has opened “{report}” in the {days} since it was issued on {since}"),
    ReadyMade("incident-met", "Met an incident", "Two or more people were at work while it lasted.",
              AGREED, SignalKind.INCIDENT, MEDIUM, "incident_exposure", begins="2", ends="1"),
    ReadyMade("main-contact-silent", "Main contact silent", "A champion, sponsor or admin stays away.",
              WHO, PEOPLE, HIGH, "contact_silent", begins="30", ends="7"),
    ReadyMade("sponsor-silent", "Sponsor silent", "Who decides has not looked in for two months.",
              WHO, PEOPLE, MEDIUM, "contact_silent", params={"roles": ["sponsor"]}, begins="60", ends="14",
              cool_down_days=30),
    ReadyMade("main-contact-left", "Main contact left", "Meet and retrain the new team: the safe switch.",
              WHO, PEOPLE, HIGH, "contact_left", params={"days": 60}),
    ReadyMade("no-champion", "No champion", "Nobody there speaks for us.",
              WHO, PEOPLE, MEDIUM, "no_champion", cool_down_days=60),
    ReadyMade("new-leadership", "New leadership", "Who decides may not know why they bought.",
              WHO, PEOPLE, MEDIUM, "news", params={"kinds": ["leadership", "acquisition"], "days": 60}),
    ReadyMade("nps-low", "NPS low", "What they say themselves.",
              WHO, RISK, MEDIUM, "metric", "nps", when="at_most", begins="6", ends="7"),
    ReadyMade("support-rose", "More support cases", "Something does not work for them.",
              WHO, RISK, MEDIUM, "metric_change", "support", {**ROSE, "base": "2"}, begins="100", ends="50"),
    ReadyMade("paywall-hit", "Ran into the paywall", "They want what they do not have.",
              CHANCES, CHANCE, MEDIUM, "feature_use"),
    ReadyMade("seats-near", "Seat limit near", "Nine of ten seats are in use.",
              CHANCES, CHANCE, MEDIUM, "metric_share", "users-4-weeks", {"attribute": "seats"}, "at_least",
              "90", "85", explanation="{share} of {compared} seats are in use"),
    ReadyMade("nps-high", "NPS high", "They would recommend us: ask whether they do.",
              CHANCES, SignalKind.MILESTONE, LOW, "metric", "nps", when="at_least", begins="9", ends="8",
              cool_down_days=60),
    ReadyMade("users-rose", "Growing fast", "Half as many people again as before.",
              CHANCES, CHANCE, LOW, "metric_change", "users-4-weeks", ROSE, begins="50", ends="30"),
    ReadyMade("funding", "Funding or growth", "Money and plans: a time to talk.",
              CHANCES, SignalKind.BUYING, MEDIUM, "news"),
)  # fmt: skip
