"""The reasons in words. Pure: values in, plain English out."""

from datetime import date, datetime

from accounts.book.models import PlanStatus
from csworkspace.web import formats, times
from playbooks.plans.progress import Agreed, Measured
from playbooks.plans.words import in_their_steps

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def owed_words(title: str, due_on: date, in_time_until: date, today: date) -> str:
    """ "QBR was due 3 days ago", "… yesterday, within its grace until 28 Nov", "… is due tomorrow"."""
    verb = "was" if due_on < today else "is"
    text = f"{title} {verb} due {in_days(due_on, today)}"
    if due_on < today <= in_time_until:
        text += f", within its grace until {times.day_short(in_time_until, today)}"
    return text


def request_words(subject: str, answer_by: datetime, now: datetime, zone: str) -> str:
    """ "Answer to “Export fails” was due 2 hours ago", "… is due in 3 hours"."""
    verb = "was" if answer_by < now else "is"
    return f"Answer to “{subject}” {verb} due {times.relative_local(answer_by, now, zone)}"


def practice_words(title: str, due_on: date, today: date, whose: str) -> str:
    """ "Train the depot leads was due on 12 Nov (yours)"."""
    if due_on == today:
        return f"{title} is due today ({whose})"
    verb = "was" if due_on < today else "is"
    return f"{title} {verb} due on {times.day_short(due_on, today)} ({whose})"


def target_words(
    name: str, unit: str, agreed: Agreed, measured: Measured, status: PlanStatus, today: date
) -> str:
    """ "Monthly active users is slipping: 164 of 184 expected", or against the target once it was due."""
    by_now = in_their_steps(agreed.expected(today), agreed.baseline, agreed.target)
    joint = "of" if unit != "%" and by_now is not None and by_now > measured.value else "against"
    value = formats.number(measured.value) if joint == "of" else formats.with_unit(measured.value, unit)
    wanted = formats.number(by_now) if joint == "of" else formats.with_unit(by_now, unit)
    state = f"{name} is {status.label.lower()}: {value} {joint} {wanted}"
    if today > agreed.due_on:
        return f"{state}, due on {times.day_short(agreed.due_on, today)}"
    return f"{state} expected"


def renewal_words(renewal_on: date, today: date, *, has_draft: bool) -> str:
    """ "Renews in 43 days and has no plan", "… and its plan is a draft", "Renewal was due 12 days ago"."""
    if renewal_on < today:
        return f"Renewal was due {in_days(renewal_on, today)}"
    plan = "its plan is a draft" if has_draft else "has no plan"
    return f"Renews {in_days(renewal_on, today)} and {plan}"


def new_words(came_on: date, today: date, *, mine: bool) -> str:
    """ "New in your book since Monday"; `came_on` lies within the last 7 days."""
    days = (today - came_on).days
    since = {0: "today", 1: "since yesterday"}.get(days, f"since {WEEKDAYS[came_on.weekday()]}")
    return f"New in {'your' if mine else 'the'} book {since}"


def late_words(due_on: date, today: date) -> str:
    """ "3 days late", "today", "tomorrow", "in 5 days"."""
    days = (today - due_on).days
    return f"{formats.plural(days, 'day')} late" if days > 0 else in_days(due_on, today)


def in_days(day: date, today: date) -> str:
    """As `relative_day`, but never in months: what is near is counted in days."""
    days = (day - today).days
    if abs(days) <= 1:
        return times.relative_day(day, today)
    span = formats.plural(abs(days), "day")
    return f"in {span}" if days > 0 else f"{span} ago"
