"""How the account stands, as the book of business shows it: money, activity, level, plan, services."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from accounts.book.models import LONG_AGO, NEVER, PlanStatus
from accounts.metrics.models import Metric
from accounts.segments.criteria.parts import (
    IN,
    KNOWN,
    NOT_IN,
    UNKNOWN,
    choice_of,
    compared,
    days,
    numbers,
)
from accounts.segments.registry import CURRENCY, Asked, Choice, Criterion, Need, Operator, Shape, Sql

MONEY, STANDING, SERVICES = "Money and renewal", "How it stands", "Services"


def plan_choices() -> list[Choice]:
    """How a plan can stand."""
    return [Choice(value, label) for value, label in PlanStatus.choices]


def currency_choices() -> list[Choice]:
    """The currencies in which accounts pay."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct currency from accounts_bookrow order by 1 limit 100")
        return [Choice(code, code) for (code,) in cursor.fetchall()]


def arr_sql(asked: Asked) -> Sql:
    """ARR in the workspace's currency; without a rate it fits no comparison."""
    if asked.op in ("known", "unknown"):
        return f"row.arr {'>=' if asked.op == 'known' else '<'} 0", []
    return compared("row.arr_sort", "bigint", known="row.arr_sort >= 0", times=100)(asked)


def renewal_sql(asked: Asked) -> Sql:
    """When the subscription ends."""
    column = "row.renewal_on"
    if asked.op == "within":
        return f"{column} between %s and %s", [asked.today, asked.today + timedelta(int(asked.value))]
    if asked.op == "later":
        return f"{column} > %s and {column} < %s", [asked.today + timedelta(int(asked.value)), NEVER]
    if asked.op == "overdue":
        return f"{column} < %s", [asked.today]
    if asked.op == "between":
        return f"{column} between %s and %s", asked.value
    return f"{column} = %s", [NEVER]


def active_sql(asked: Asked) -> Sql:
    """When somebody there last used the product; "not within" is also true of those who never did."""
    if asked.op == "never":
        return "row.last_active_on = %s", [LONG_AGO]
    sign = ">=" if asked.op == "within" else "<"
    return f"row.last_active_on {sign} %s", [asked.today - timedelta(int(asked.value))]


def attention_sql(asked: Asked) -> Sql:
    """The score from 0 (fine) to 100."""
    if asked.op in ("needed", "not_needed"):
        return f"row.attention {'>' if asked.op == 'needed' else '='} 0", []
    return compared("row.attention", "smallint")(asked)


def missing_headline(words: Sequence[str]) -> dict[str, str]:
    """Without a headline metric no account has a value."""
    if Metric.objects.filter(is_headline=True, retired_at=None).exists():
        return {}
    advice = "Make a metric the headline, or take the condition out."
    return dict.fromkeys(words, f"There is no headline metric any more. {advice}")


def level_sql(asked: Asked) -> Sql:
    """The maturity level; level 0 is below the first."""
    if asked.op == "unknown":
        return "row.level = -1", []
    if asked.op == "is":
        return "row.level = %s", [int(asked.value)]
    return compared("row.level", "smallint", known="row.level >= 0")(asked)


def late_sql(asked: Asked) -> Sql:
    """How many owed services are late."""
    if asked.op in ("some", "no"):
        return f"row.services_late {'>' if asked.op == 'some' else '='} 0", []
    return compared("row.services_late", "integer")(asked)


def owed_sql(asked: Asked) -> Sql:
    """When the next service is owed."""
    column = "row.next_owed_on"
    if asked.op == "within":
        return f"{column} between %s and %s", [asked.today, asked.today + timedelta(int(asked.value))]
    if asked.op == "overdue":
        return f"{column} < %s", [asked.today]
    return f"{column} = %s", [NEVER]


LEVEL = numbers(lowest=0, highest=7)
CRITERIA = (
    Criterion("arr", "ARR", MONEY, (*numbers(CURRENCY, places=2, highest=10**12), KNOWN, UNKNOWN), arr_sql),
    Criterion(
        "currency", "Currency", MONEY, (IN, NOT_IN), choice_of("currency", "varchar"), currency_choices,
        open_choices=True,
    ),
    Criterion(
        "renewal",
        "Renewal",
        MONEY,
        (
            days("within", "is within the next"),
            days("later", "is later than in"),
            Operator("overdue", "is overdue"),
            Operator("between", "is between", Shape.DATES),
            UNKNOWN,
        ),
        renewal_sql,
    ),
    Criterion(
        "active",
        "Last active",
        STANDING,
        (
            days("within", "is within the last"),
            days("not_within", "is not within the last"),
            Operator("never", "is never"),
        ),
        active_sql,
    ),
    Criterion(
        "attention",
        "Attention",
        STANDING,
        (
            Operator("needed", "is needed"),
            Operator("not_needed", "is not needed"),
            *numbers("of 100", highest=100)[:2],
        ),
        attention_sql,
    ),
    Criterion(
        "headline",
        "Headline metric",
        STANDING,
        (*numbers(places=6), UNKNOWN),
        compared("row.headline_sort", "double precision", known="row.headline_sort >= 0"),
        need=Need(lambda asked: ["headline"], missing_headline),
    ),
    Criterion(
        "level",
        "Maturity level",
        STANDING,
        (
            *LEVEL[:2],
            Operator("is", "is", Shape.NUMBER, lowest=0, highest=7, places=0),
            Operator("unknown", "is not assessed"),
        ),
        level_sql,
    ),
    Criterion(
        "plan", "Plan", STANDING, (IN, NOT_IN), choice_of("plan_status", "varchar"), plan_choices
    ),
    Criterion(
        "attainment",
        "Services on time",
        SERVICES,
        (*numbers("%", highest=100), Operator("unknown", "is not known: none was due")),
        compared("row.attainment", "smallint", known="row.attainment >= 0"),
    ),
    Criterion(
        "services_late",
        "Late services",
        SERVICES,
        (
            Operator("some", "exist"),
            Operator("no", "do not exist"),
            numbers("services", lowest=1, highest=1000)[0],
        ),
        late_sql,
    ),
    Criterion(
        "next_owed",
        "Next service owed",
        SERVICES,
        (
            days("within", "is due within the next"),
            Operator("overdue", "is overdue"),
            Operator("nothing", "does not exist"),
        ),
        owed_sql,
    ),
)  # fmt: skip
