"""On which days a subscription can renew. Pure."""

from datetime import date

from csworkspace.web import times

FIRST_DAY = date(2000, 1, 1)
YEARS_AHEAD = 20


def renewal_problem(day: date | None, since: date | None, today: date) -> str:
    """Why the subscription of a customer since some day cannot renew on `day`; "" if it can.

    Not before it began (or the year 2000), and within 20 years: what lies outside is a slip of the keys.
    """
    last = date(today.year + YEARS_AHEAD, 12, 31)
    if day is None:
        return ""
    if since is not None and FIRST_DAY <= day < since:
        return f"The account is a customer since {times.day(since)}, so it cannot have renewed before."
    if not FIRST_DAY <= day <= last:
        return f"Choose a day from {times.day(FIRST_DAY)} to {times.day(last)}."
    return ""
