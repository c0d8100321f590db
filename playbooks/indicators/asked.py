"""What a measure is asked: which accounts, which day, and which data count.

Values of people are always parameters of a statement; its text is made of literals of this code alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from accounts.metrics.models import Metric
from accounts.usage.queries import bounds

# Of history that was loaded later no stage is known: how many days after its last activity an account that
# has churned by now is taken for a customer.
LINGER_DAYS = 90


class Known(StrEnum):
    """Which data count for a past day.

    NOW: everything that is known today. RECORDED: what this workspace had recorded by the end of the day.
    RECEIVED: what the source had received by then, for history that was loaded later.
    """

    NOW = "now"
    RECORDED = "recorded"
    RECEIVED = "received"


@dataclass(frozen=True)
class Statement:
    """A measure as SQL: rows of (account_id, value, compared, test, detail, why), none twice for an account.

    test: the number that the thresholds are held against; null with a `why` if nothing can be said.
    zero: an account without a row has 0; else it has no data, because of `why`.
    needs_all: the text must see all accounts, also when only some are asked for (peers).
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    zero: bool = False
    why: str = "There are no data."
    needs_all: bool = False


@dataclass(frozen=True)
class Asked:
    """One indicator's question. `until` is the moment at which the day ends in the workspace's zone."""

    params: Mapping[str, Any]
    day: date
    known: Known
    zone: str
    today: date
    metrics: Mapping[int, Metric]
    accounts: Sequence[int] | None = None

    @property
    def until(self) -> datetime:
        """The end of the day."""
        return bounds(self.day, self.day, self.zone)[1]

    @property
    def is_live(self) -> bool:
        """Whether the present is asked for, so that what is kept of it can be read."""
        return self.known == Known.NOW and self.day >= self.today

    @property
    def is_past(self) -> bool:
        """Whether the day is over: what has no history cannot be told of it."""
        return self.day < self.today

    def within(self, column: str) -> str:
        """A condition that limits a table to the accounts that are asked for; takes %(accounts)s."""
        return "" if self.accounts is None else f" and {column} = any(%(accounts)s::bigint[])"

    def events_known(self, alias: str = "event") -> str:
        """A condition that leaves out events that were not known by the end of the day."""
        columns = {Known.RECORDED: "recorded_at", Known.RECEIVED: "received_at"}
        column = columns.get(self.known)
        return f" and {alias}.{column} < %(until)s" if column else ""

    def rows_known(self, column: str) -> str:
        """The same for rows that say when they were recorded; RECEIVED goes by the date of the fact."""
        return f" and {column} < %(until)s" if self.known == Known.RECORDED else ""
