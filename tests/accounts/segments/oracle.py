"""Segments evaluated in Python, account by account: what the SQL is held against."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.accounts.models import Account
from accounts.book.models import LONG_AGO, NEVER, BookRow
from accounts.contacts.models import Contact
from accounts.metrics.models import MetricState
from csworkspace.tenancy.clock import today

NUMBERS = {
    "at_least": lambda value, wanted: value >= Decimal(wanted),
    "at_most": lambda value, wanted: value <= Decimal(wanted),
    "is": lambda value, wanted: value == Decimal(wanted),
    "between": lambda value, wanted: Decimal(wanted[0]) <= value <= Decimal(wanted[1]),
}


def holds(definition, name):
    """Whether an account (by name) belongs to a definition."""
    account = Account.objects.get(name=name)
    groups = [
        joined(group.match, [condition_holds(item, account) for item in group.conditions])
        for group in definition.groups
    ]
    return joined(definition.match, groups)


def joined(match, found):
    return all(found) if match == "all" else any(found)


def condition_holds(condition, account):
    row = BookRow.objects.get(account=account)
    return RULES[condition.field](condition.op, condition.value, account, row, condition.of)


def number(read, known=lambda value: True):
    """A field that is one number, where it is known."""

    def rule(op, wanted, account, row, of):
        value = read(account, row, of)
        if op in ("known", "unknown"):
            return (value is not None and known(value)) == (op == "known")
        return value is not None and known(value) and NUMBERS[op](value, wanted)

    return rule


def choice(read):
    def rule(op, wanted, account, row, of):
        return (read(account, row) in wanted) == (op == "in")

    return rule


def tags(op, wanted, account, row, of):
    common = set(wanted) & set(account.tags)
    return {"any": bool(common), "all": common == set(wanted), "none": not common}[op]


def attribute(op, wanted, account, row, of):
    text = str(account.attributes.get(of, ""))
    if op in ("known", "unknown"):
        return bool(text) == (op == "known")
    tests = {
        "is": text.lower() == (wanted or "").lower(),
        "is_not": text.lower() != (wanted or "").lower(),
        "contains": (wanted or "").lower() in text.lower(),
    }
    return bool(text) and tests[op]


def group(op, wanted, account, row, of):
    is_parent = Account.objects.filter(parent=account).exists()
    part = account.parent_id is not None
    return {"part": part, "parent": is_parent, "alone": not part and not is_parent}[op]


def days_between(value, first, last):
    return value is not None and first <= value <= last


def since(op, wanted, account, row, of):
    value, day = account.customer_since, today()
    if op == "unknown":
        return value is None
    if value is None:
        return False
    if op == "within":
        return day - timedelta(int(wanted)) < value <= day
    if op == "longer":
        return value <= day - timedelta(int(wanted))
    if op == "between":
        return days_between(value, *map(date.fromisoformat, wanted))
    limit = date.fromisoformat(wanted)
    return value >= limit if op == "from" else value < limit


def renewal(op, wanted, account, row, of):
    value, day = account.renewal_on, today()
    if op == "unknown":
        return value is None
    if value is None:
        return False
    if op == "within":
        return days_between(value, day, day + timedelta(int(wanted)))
    if op == "later":
        return value > day + timedelta(int(wanted))
    return value < day if op == "overdue" else days_between(value, *map(date.fromisoformat, wanted))


def active(op, wanted, account, row, of):
    never = row.last_active_on == LONG_AGO
    if op == "never":
        return never
    recent = not never and row.last_active_on >= today() - timedelta(int(wanted))
    return recent == (op == "within")


def attention(op, wanted, account, row, of):
    if op in ("needed", "not_needed"):
        return (row.attention > 0) == (op == "needed")
    return NUMBERS[op](row.attention, wanted)


def late(op, wanted, account, row, of):
    if op in ("some", "no"):
        return (row.services_late > 0) == (op == "some")
    return NUMBERS[op](row.services_late, wanted)


def owed(op, wanted, account, row, of):
    value, day = row.next_owed_on, today()
    if op == "within":
        return days_between(value, day, day + timedelta(int(wanted)))
    return value < day if op == "overdue" else value == NEVER


def state(account, of):
    return MetricState.objects.filter(account=account, metric_id=int(of)).first()


def value(account, row, of):
    found = state(account, of)
    return found.value if found else None


def metric_change(op, wanted, account, row, of):
    found = state(account, of)
    if found is None or not found.previous:
        return False
    change = (found.value - found.previous) / abs(found.previous) * 100
    wanted = Decimal(wanted)
    return {"rose": change >= wanted, "fell": change <= -wanted, "steady": abs(change) < wanted}[op]


def arr(account, row, of):
    rates = {"USD": 1, "EUR": Decimal("1.1")}
    return (
        account.arr * rates[account.currency]
        if account.currency in rates and account.arr is not None
        else None
    )


def arr_rule(op, wanted, account, row, of):
    if op in ("known", "unknown"):
        return (account.arr is None) == (op == "unknown")
    return number(arr)(op, wanted, account, row, of)


RULES = {
    "tier": choice(lambda account, row: str(account.tier_id or "none")),
    "stage": choice(lambda account, row: account.stage),
    "owner": choice(lambda account, row: str(account.owner_id or "none")),
    "currency": choice(lambda account, row: account.currency),
    "plan": choice(lambda account, row: row.plan_status),
    "tags": tags,
    "attribute": attribute,
    "group": group,
    "contacts": number(lambda a, row, of: Contact.objects.filter(account=a, left_on=None).count()),
    "since": since,
    "arr": arr_rule,
    "renewal": renewal,
    "active": active,
    "attention": attention,
    "headline": number(lambda account, row, of: row.headline, lambda value: value >= 0),
    "level": number(lambda account, row, of: row.level, lambda value: value >= 0),
    "attainment": number(lambda account, row, of: row.attainment, lambda value: value >= 0),
    "services_late": late,
    "next_owed": owed,
    "metric": number(value),
    "metric_change": metric_change,
}
