"""Service tiers, and what each of them promises from which day on."""

from django.db import models
from django.db.models import Q

from csworkspace.tenancy.models import TenantForeignKey, TenantModel


class Colour(models.TextChoices):
    """What a tier is marked with on pages and charts, as the tokens of static/css call it."""

    PETROL = "petrol", "Petrol"
    AMBER = "amber", "Amber"
    RUST = "rust", "Rust"
    VIOLET = "violet", "Violet"
    MOSS = "moss", "Moss"
    SLATE = "slate", "Slate"


class Touch(models.TextChoices):
    """How much of a person an account of the tier gets."""

    HIGH = "high", "High touch"
    SHARED = "shared", "Shared"
    SELF_SERVICE = "self_service", "Self-service"


class Entry(models.TextChoices):
    """Which accounts belong into a tier; suggestions follow it, nothing moves by itself."""

    SHARE = "share", "The smallest group that carries a share of revenue"
    VALUE = "value", "ARR or growth from a threshold on"
    REST = "rest", "Everybody who is in no tier above"
    HAND = "hand", "By hand only"


class Tier(TenantModel):
    """A service tier; position 1 is the most served.

    entry_share: percent of revenue that the group carries, for SHARE. entry_arr (in the
    workspace's currency) and entry_growth (percent a year): for VALUE, either is enough.
    `version` grows with every change by a person, terms included.
    """

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=300, blank=True)
    colour = models.CharField(max_length=8, choices=Colour.choices, default=Colour.PETROL)
    touch = models.CharField(max_length=12, choices=Touch.choices, default=Touch.SHARED)
    entry = models.CharField(max_length=8, choices=Entry.choices, default=Entry.HAND)
    entry_share = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    entry_arr = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    entry_growth = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="tier_name"),
            models.UniqueConstraint(fields=["workspace", "position"], name="tier_position"),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceKind(models.TextChoices):
    """What a service is; the kind says how it is delivered."""

    KICKOFF = "kickoff", "Kick-off"
    QBR = "qbr", "Business review"
    EXECUTIVE = "executive", "Executive review"
    HEALTH = "health", "Health check"
    TRAINING = "training", "Training"
    REPORT = "report", "Value-progress report"
    RESPONSE = "response", "Response time"
    CAMPAIGN = "campaign", "Campaign"
    OTHER = "other", "Other"


class Service(TenantModel):
    """Something that the team does for accounts, such as "QBR"; tiers say how often."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ServiceKind.choices, default=ServiceKind.OTHER)
    description = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="service_name")]

    def __str__(self) -> str:
        return self.name


class TierVersion(TenantModel):
    """What a tier promises from a day on, until its next version begins."""

    tier = TenantForeignKey(Tier, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    starts_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "tier", "number"], name="tier_version_number"),
            models.UniqueConstraint(fields=["workspace", "tier", "starts_on"], name="tier_version_start"),
        ]

    def __str__(self) -> str:
        return f"{self.tier}, version {self.number}"


class Per(models.TextChoices):
    """The span that a cadence counts in; the last two happen once, around a date of the account."""

    WEEK = "week", "a week"
    MONTH = "month", "a month"
    QUARTER = "quarter", "a quarter"
    HALF_YEAR = "half_year", "a half-year"
    YEAR = "year", "a year"
    ONBOARDING = "onboarding", "at onboarding"
    RENEWAL = "renewal", "before each renewal"


class DeliveredBy(models.TextChoices):
    """Who delivers a service."""

    PERSON = "person", "Person"
    AUTOMATED = "automated", "Automated"
    SELF_SERVICE = "self_service", "Self-service"


class Promise(TenantModel):
    """The terms of one service: how often, at what cost in time, by whom.

    times per `per` is the cadence (for a response time: how many requests are expected).
    hours: CSM time per account each time. grace_days: how long after its date it still is
    on time. response_hours: within how many hours a request is answered, for response times.
    """

    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    times = models.PositiveSmallIntegerField(default=1)
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.QUARTER)
    hours = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    delivered_by = models.CharField(max_length=12, choices=DeliveredBy.choices, default=DeliveredBy.PERSON)
    grace_days = models.PositiveSmallIntegerField(default=14)
    response_hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True


class ServiceLevel(Promise):
    """One service that a version of a tier promises."""

    version = TenantForeignKey(TierVersion, on_delete=models.CASCADE, related_name="levels")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version", "service"], name="service_level_once"),
            models.CheckConstraint(condition=Q(times__gte=1), name="service_level_times"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="service_level_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.service} of {self.version}"
