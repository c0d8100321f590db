"""What the fields of forms about tiers say when a value cannot be, in our own words."""

NO_DAY = "This is not a day of the calendar; write it like 2027-01-01."
NO_NUMBER = "Write a number like 12.5."
WHOLE_NUMBER = "Write a whole number."
HOURS = "Write hours from 0 to 1,000, with at most two decimals."

PAST_START = (
    "From a day in the past on, services are owed back to it, about a year at most: "
    "what was not delivered since is late or missed."
)


def number_errors(possible: str, *, invalid: str = NO_NUMBER) -> dict[str, str]:
    """`error_messages` of a number field: one sentence says what is possible, whatever the bound."""
    bounds = ("min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return {"invalid": invalid, **dict.fromkeys(bounds, possible)}
