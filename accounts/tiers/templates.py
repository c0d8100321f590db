"""Sets of tiers to start from: plain data, meant to be adapted.

Hours are CSM time per account each time. The numbers are starting points for a subscription
company with some hundred accounts: the top tier of three costs 16 hours an account and quarter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.tiers.models import Colour, DeliveredBy, Entry, Per, ServiceKind, Touch
from accounts.tiers.terms import quarterly_hours


@dataclass(frozen=True)
class ReadyLevel:
    """One service and its terms; the fields are those of `models.Promise`."""

    service: str
    kind: str
    times: int
    per: str
    hours: Decimal = Decimal(0)
    delivered_by: str = DeliveredBy.PERSON
    grace_days: int = 14
    response_hours: Decimal | None = None


@dataclass(frozen=True)
class ReadyTier:
    """One tier of a set; the fields are those of `models.Tier`."""

    name: str
    description: str
    colour: str
    touch: str
    entry: str
    levels: Sequence[ReadyLevel]
    entry_share: Decimal | None = None
    entry_arr: Decimal | None = None
    entry_growth: Decimal | None = None

    @property
    def hours_a_quarter(self) -> Decimal:
        """CSM hours per account and quarter."""
        return sum((quarterly_hours(one.times, one.per, one.hours) for one in self.levels), Decimal(0))


@dataclass(frozen=True)
class ReadySet:
    """Tiers that belong together, the most served first."""

    key: str
    name: str
    description: str
    tiers: Sequence[ReadyTier]


def by_person(service: str, kind: str, times: int, per: str, hours: str, grace: int = 14) -> ReadyLevel:
    """A service that a CSM delivers."""
    return ReadyLevel(service, kind, times, per, Decimal(hours), grace_days=grace)


def automated(service: str, kind: str, times: int, per: str, hours: str = "0", grace: int = 7) -> ReadyLevel:
    """A service that the workspace delivers; `hours` are those of checking and signing it."""
    return ReadyLevel(service, kind, times, per, Decimal(hours), DeliveredBy.AUTOMATED, grace)


def self_service(
    service: str, kind: str, times: int, per: str, hours: str = "0", grace: int = 14
) -> ReadyLevel:
    """A service that customers take themselves; `hours` are an account's part of keeping it up."""
    return ReadyLevel(service, kind, times, per, Decimal(hours), DeliveredBy.SELF_SERVICE, grace)


def response(within: int, times: int, per: str, hours: str) -> ReadyLevel:
    """Requests answered within some hours; `times` is how many are expected."""
    return ReadyLevel(
        "Response time",
        ServiceKind.RESPONSE,
        times,
        per,
        Decimal(hours),
        grace_days=0,
        response_hours=Decimal(within),
    )


THREE_TIERS = ReadySet(
    "three-tiers",
    "Three tiers: Top, Leveraged, Scalable",
    "For companies where few accounts carry much of the revenue: people for these, data signed by the CSM "
    "for the middle, and self-service for the long tail.",
    [
        ReadyTier(
            "Top",
            "Executive relationship, a named CSM and a business review every quarter.",
            Colour.PETROL,
            Touch.HIGH,
            Entry.SHARE,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "6"),
                by_person("QBR", ServiceKind.QBR, 1, Per.QUARTER, "8"),
                by_person("Executive review", ServiceKind.EXECUTIVE, 1, Per.HALF_YEAR, "4", 30),
                by_person("Health check", ServiceKind.HEALTH, 1, Per.MONTH, "1", 7),
                by_person("Training", ServiceKind.TRAINING, 1, Per.HALF_YEAR, "3", 30),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.MONTH),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "4", 7),
                response(4, 2, Per.MONTH, "0.25"),
            ],
            entry_share=Decimal(40),
        ),
        ReadyTier(
            "Leveraged",
            "A shared CSM: data delivered by the workspace and signed by the CSM, a review every half-year.",
            Colour.AMBER,
            Touch.SHARED,
            Entry.VALUE,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "3"),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.MONTH, "0.5"),
                by_person("QBR", ServiceKind.QBR, 1, Per.HALF_YEAR, "4", 30),
                by_person("Health check", ServiceKind.HEALTH, 1, Per.QUARTER, "0.75"),
                self_service("Training", ServiceKind.TRAINING, 1, Per.QUARTER),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "1.5", 7),
                response(8, 1, Per.MONTH, "0.25"),
            ],
            entry_arr=Decimal(25_000),
            entry_growth=Decimal(30),
        ),
        ReadyTier(
            "Scalable",
            "Self-service: portal and content, campaigns with the account's own numbers, office hours.",
            Colour.SLATE,
            Touch.SELF_SERVICE,
            Entry.REST,
            [
                self_service("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING),
                self_service("Portal and content", ServiceKind.OTHER, 1, Per.QUARTER, "0.1", 30),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.QUARTER),
                automated("Campaign", ServiceKind.CAMPAIGN, 1, Per.MONTH, "0.05"),
                response(24, 1, Per.QUARTER, "0.25"),
            ],
        ),
    ],
)
TWO_TIERS = ReadySet(
    "two-tiers",
    "Two tiers: Managed, Digital",
    "For small teams: half of the revenue gets a person, everybody else gets a product that explains itself.",
    [
        ReadyTier(
            "Managed",
            "A named CSM, a business review every quarter.",
            Colour.PETROL,
            Touch.HIGH,
            Entry.SHARE,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "4"),
                by_person("QBR", ServiceKind.QBR, 1, Per.QUARTER, "5"),
                by_person("Health check", ServiceKind.HEALTH, 1, Per.MONTH, "0.5", 7),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.MONTH),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "3", 7),
                response(8, 1, Per.MONTH, "0.5"),
            ],
            entry_share=Decimal(50),
        ),
        ReadyTier(
            "Digital",
            "Portal, content and campaigns; people answer questions.",
            Colour.MOSS,
            Touch.SELF_SERVICE,
            Entry.REST,
            [
                self_service("Portal and content", ServiceKind.OTHER, 1, Per.QUARTER, "0.1", 30),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.QUARTER),
                automated("Campaign", ServiceKind.CAMPAIGN, 1, Per.MONTH, "0.05"),
                response(24, 1, Per.QUARTER, "0.25"),
            ],
        ),
    ],
)
ENTERPRISE = ReadySet(
    "enterprise",
    "Enterprise high touch: Strategic, Enterprise, Growth",
    "For few and large customers: a working session every week or month, reviews every month or quarter, "
    "and an executive sponsor for those who decide the year.",
    [
        ReadyTier(
            "Strategic",
            "An executive sponsor and a CSM who know the customer's year; placed by hand.",
            Colour.VIOLET,
            Touch.HIGH,
            Entry.HAND,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "12"),
                by_person("Working session", ServiceKind.OTHER, 1, Per.WEEK, "1", 7),
                by_person("Monthly review", ServiceKind.QBR, 1, Per.MONTH, "4", 7),
                by_person("Executive review", ServiceKind.EXECUTIVE, 1, Per.QUARTER, "6"),
                by_person("Training", ServiceKind.TRAINING, 1, Per.QUARTER, "4", 30),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "12", 7),
                response(2, 1, Per.WEEK, "0.25"),
            ],
        ),
        ReadyTier(
            "Enterprise",
            "A named CSM, a working session every month, a business review every quarter.",
            Colour.PETROL,
            Touch.HIGH,
            Entry.SHARE,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "8"),
                by_person("Working session", ServiceKind.OTHER, 1, Per.MONTH, "1.5", 7),
                by_person("QBR", ServiceKind.QBR, 1, Per.QUARTER, "8"),
                by_person("Executive review", ServiceKind.EXECUTIVE, 1, Per.HALF_YEAR, "5", 30),
                by_person("Training", ServiceKind.TRAINING, 1, Per.HALF_YEAR, "4", 30),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "8", 7),
                response(4, 2, Per.MONTH, "0.25"),
            ],
            entry_share=Decimal(50),
        ),
        ReadyTier(
            "Growth",
            "A shared CSM for customers who may become large.",
            Colour.AMBER,
            Touch.SHARED,
            Entry.REST,
            [
                by_person("Kick-off", ServiceKind.KICKOFF, 1, Per.ONBOARDING, "4"),
                by_person("QBR", ServiceKind.QBR, 1, Per.HALF_YEAR, "5", 30),
                by_person("Health check", ServiceKind.HEALTH, 1, Per.QUARTER, "1"),
                automated("Value-progress report", ServiceKind.REPORT, 1, Per.MONTH, "0.25"),
                by_person("Renewal preparation", ServiceKind.OTHER, 1, Per.RENEWAL, "3", 7),
                response(8, 1, Per.MONTH, "0.25"),
            ],
        ),
    ],
)
TEMPLATES = {one.key: one for one in (THREE_TIERS, TWO_TIERS, ENTERPRISE)}
