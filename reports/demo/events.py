"""Eighteen months of invented usage, the same for the same last day.

Growth, decline, churn, seasons, late deliveries, people under two addresses and
senders that belong to no account: what real logs look like.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reports.demo.cast import FEATURES, STEPS, Customer

DAYS = 548
FIRST_NAMES = (
    "Anna Ben Chloe David Elif Finn Grace Hugo Isla Jan Kaya Leo Mia Nils Olga Paul Rosa Sam Tess Uwe"
)
LAST_NAMES = (
    "Abel Berg Cole Dahl Ekman Frost Gray Holm Iyer Jung Kaur Lind Moss Nash Orr Pike Quist Rowe Stein"
)


@dataclass(frozen=True)
class Person:
    """A user of the demo product; `second` is another address of the same person."""

    name: str
    email: str
    second: str
    diligence: float


def strength(shape: str, part: float) -> float:
    """Share of the full user base that is active at `part` (0 to 1) of the 18 months."""
    if shape == "growth":
        return 0.35 + 0.65 * part
    if shape == "decline":
        return 1.0 if part < 0.62 else max(0.18, 1.0 - 2.3 * (part - 0.62))
    if shape == "slip":
        return 0.55 + 0.45 * min(1.0, part / 0.8) - max(0.0, part - 0.9) * 0.8
    if shape == "recover":
        return 0.8 - 0.45 * math.sin(math.pi * min(1.0, max(0.0, (part - 0.35) / 0.5)))
    if shape == "season":
        return 0.65 + 0.35 * math.sin(2 * math.pi * (part * 1.5 + 0.1))
    if shape == "churn":
        return 0.0 if part > 0.78 else 0.85 - 0.5 * part
    return 0.85 + 0.05 * math.sin(9 * part)


def people_of(customer: Customer) -> list[Person]:
    """The customer's users; every ninth also writes from a second spelling."""
    rng = random.Random(f"people of {customer.domain}")
    firsts, lasts = FIRST_NAMES.split(), LAST_NAMES.split()
    found: dict[str, Person] = {}
    while len(found) < customer.users:
        first, last = rng.choice(firsts), rng.choice(lasts)
        email = f"{first}.{last}@{customer.domain}".lower()
        second = f"{first[0]}{last}@{customer.domain}".lower() if len(found) % 9 == 4 else ""
        found.setdefault(email, Person(f"{first} {last}", email, second, rng.uniform(0.16, 0.5)))
    return list(found.values())


def depth_at(customer: Customer, part: float) -> int:
    """How many groups of features are in use at `part` of the 18 months."""
    if customer.shape in ("decline", "churn"):
        return max(1, customer.depth - (1 if part > 0.7 else 0))
    return max(1, min(customer.depth, math.ceil(customer.depth * (0.45 + 0.75 * part))))


def events_until(last_day: date, cast: list[Customer]) -> Iterator[dict[str, object]]:
    """All events up to and including `last_day`, as the ingest pipeline reads them."""
    first_day = last_day - timedelta(days=DAYS - 1)
    known_by = datetime.combine(last_day + timedelta(days=1), time(0), UTC).isoformat()
    for customer in cast:
        for event in _of_customer(customer, first_day):
            # What is on its way has not been delivered yet.
            if str(event["received_at"]) < known_by:
                yield event
    yield from _of_strangers(first_day)


def _of_customer(customer: Customer, first_day: date) -> Iterator[dict[str, object]]:
    rng = random.Random(f"events of {customer.domain}")
    people = people_of(customer)
    begins = max(0, DAYS - int(customer.since * 30.4))
    for offset in range(begins, DAYS):
        day = first_day + timedelta(days=offset)
        part = (offset - begins) / max(1, DAYS - begins) if customer.shape == "late" else offset / DAYS
        active = max(0.0, strength(customer.shape, part))
        weekday = 1.0 if day.weekday() < 5 else 0.12
        for person in people[: round(len(people) * active)]:
            if rng.random() < person.diligence * weekday:
                yield from _day_of(person, customer, day, part, rng)


def _day_of(
    person: Person, customer: Customer, day: date, part: float, rng: random.Random
) -> Iterator[dict[str, object]]:
    groups = STEPS[: depth_at(customer, part)]
    for number in range(1 + (rng.random() < 0.35)):
        group = groups[min(len(groups) - 1, int(rng.triangular(0, len(groups), 0.4)))]
        occurred = datetime.combine(day, time(7, 0), UTC) + timedelta(seconds=rng.randrange(36_000))
        email = person.second if person.second and rng.random() < 0.3 else person.email
        yield {
            "event_id": f"{customer.domain}-{day:%Y%m%d}-{person.email.split('@')[0]}-{number}",
            "occurred_at": occurred.isoformat(),
            "received_at": (occurred + _delay(rng)).isoformat(),
            "user_email": email.upper() if rng.random() < 0.01 else email,
            "user_name": person.name,
            "feature": rng.choice(FEATURES[group]),
            "quantity": 1 + int(rng.expovariate(0.25)),
        }


def _delay(rng: random.Random) -> timedelta:
    if rng.random() < 0.04:
        return timedelta(days=rng.randrange(1, 40))
    return timedelta(seconds=rng.randrange(2, 900))


def _of_strangers(first_day: date) -> Iterator[dict[str, object]]:
    rng = random.Random("strangers")
    senders = ["lee.marsh@freemail.example", "ops@hollis-partners.example", "kit@hollis-partners.example"]
    for number in range(260):
        occurred = datetime.combine(first_day, time(9), UTC) + timedelta(days=rng.randrange(DAYS - 1))
        yield {
            "event_id": f"stranger-{number}",
            "occurred_at": occurred.isoformat(),
            "received_at": (occurred + _delay(rng)).isoformat(),
            "user_email": senders[number % 3],
            "user_name": "",
            "feature": "schedule.board",
            "quantity": 1,
        }
