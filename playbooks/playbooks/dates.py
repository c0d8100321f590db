"""The dates of an account that triggers count from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TriggerDate:
    """A date: how it is called in a sentence, and the field of Account that has it."""

    name: str
    words: str
    field: str


DATES = {
    date.name: date
    for date in (
        TriggerDate("renewal", "the renewal date", "renewal_on"),
        TriggerDate("onboarding", "the start as a customer", "customer_since"),
    )
}
