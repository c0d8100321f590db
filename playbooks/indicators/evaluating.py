"""Evaluating indicators for accounts as of a day; nothing is written here."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from csworkspace.tenancy import clock
from csworkspace.tenancy.clock import today
from playbooks.indicators import statements
from playbooks.indicators.asked import Asked, Known, Statement
from playbooks.indicators.definition import Definition, stored
from playbooks.indicators.measures import Measure, When, measure_named
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names

__all__ = ["Judged", "Known", "evaluate", "problem_of"]

NOTHING = (
    "select null::bigint as account_id, null::numeric as value, null::numeric as compared, "
    "null::numeric as test, null::jsonb as detail, null::text as why where false"
)
UNREADABLE = "Its definition cannot be read any more. Edit it."


@dataclass(frozen=True)
class Judged:
    """How an indicator comes out for an account on a day; see `models.Reading` for the meanings.

    holds is None with a reason in detail["why"] where nothing can be said. An account that is not asked
    (its stage, its time as a customer) does not hold: detail["outside"] says why, and there is no value.
    """

    account_id: int
    indicator_id: int
    holds: bool | None
    value: Decimal | None
    compared: Decimal | None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def tested(self) -> Decimal | None:
        """The number that the thresholds were held against, such as a change in percent."""
        return tested(self.value, self.detail)


def tested(value: Decimal | None, detail: Mapping[str, Any]) -> Decimal | None:
    """The number of a reading that the thresholds were held against; most often its value."""
    found = detail.get("test")
    return value if found is None else Decimal(str(found))


def evaluate(
    indicators: Sequence[Indicator],
    account_ids: Sequence[int] | None,
    day: date,
    known: Known = Known.NOW,
) -> list[Judged]:
    """Judge these indicators for these accounts (None: all) on a day; one statement per indicator.

    Between its two thresholds an indicator holds if it held before: as the current reading says (NOW, of
    today), or the reading that was kept then (RECORDED). Without such a reading it does not hold.
    Accounts that were not there yet on a past day are left out: those recorded later (RECORDED), or
    customers since a later day.
    """
    asking = Asking(day, known)
    return [found for one in indicators for found in asking.judge(one, account_ids)]


def problem_of(indicator: Indicator, names: Names) -> str:
    """Why an indicator cannot be evaluated (something it names is gone); "" if it can."""
    measure = measure_named(indicator.measure)
    if measure is None:
        return "What it measures is not part of this program any more."
    try:
        return measure.missing(stored(indicator.definition).params, names)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return UNREADABLE


class Asking:
    """A day and a way of knowing, for any number of indicators; what they name is read once."""

    def __init__(self, day: date, known: Known = Known.NOW, names: Names | None = None) -> None:
        self.day, self.known, self.names = day, known, names or Names()
        self.zone, self.today = clock.zone(), today()

    def judge(
        self, indicator: Indicator, account_ids: Sequence[int] | None, held: Collection[int] | None = None
    ) -> list[Judged]:
        """One statement. `held`: the accounts where it held before, instead of what readings say."""
        text, values = self.compiled(indicator, account_ids, statements.EVALUATE, held=held)
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            rows = cursor.fetchall()
        return [
            Judged(pk, indicator.pk, holds, value, compared, as_dict(detail))
            for pk, holds, value, compared, detail in rows
        ]

    def compiled(
        self,
        indicator: Indicator,
        account_ids: Sequence[int] | None,
        frame: str,
        *,
        held: Collection[int] | None = None,
        **given: Any,
    ) -> tuple[str, dict[str, Any]]:
        """A statement of `statements` for an indicator, with its values."""
        measure, problem = measure_named(indicator.measure), problem_of(indicator, self.names)
        if measure is None or problem:
            definition = Definition({}, When.AT_LEAST, Decimal(1), Decimal(1))
            statement = Statement(NOTHING, why=problem)
        else:
            definition = stored(indicator.definition)
            statement = measure.compile(self.asked(definition, account_ids))
        prior = self._prior(held)
        parts = {
            "scope": self._scope(definition, statement, account_ids),
            "measured": statement.text,
            "judged": statements.JUDGED.format(
                sign="<=" if definition.when == When.AT_MOST else ">=",
                before=statements.BEFORE if prior else statements.NOTHING_BEFORE,
                prior=prior,
                only="where scope.account_id = any(%(accounts)s::bigint[])"
                if statement.needs_all and account_ids is not None
                else "",
            ),
            **_ways(measure),
        }
        return frame.format(**parts), self._values(
            indicator, definition, statement, account_ids, held
        ) | given

    def asked(self, definition: Definition, account_ids: Sequence[int] | None) -> Asked:
        """The question to the measure."""
        return Asked(
            definition.params, self.day, self.known, self.zone, self.today, self.names.metrics, account_ids
        )

    def _prior(self, held: Collection[int] | None) -> str:
        """Where it is read whether it held before."""
        if held is not None or (self.known != Known.RECORDED and self.day < self.today):
            return ""
        if self.known == Known.RECEIVED:
            return ""
        return statements.PRIOR_THEN if self.day < self.today else statements.PRIOR

    def _scope(self, definition: Definition, statement: Statement, account_ids: Sequence[int] | None) -> str:
        there = "true"
        if self.day < self.today:
            there = "(account.customer_since is null or account.customer_since <= %(day)s::date)"
            if self.known == Known.RECORDED:
                there = "account.created_at < %(until)s"
        limited = account_ids is not None and not statement.needs_all
        return statements.SCOPE.format(
            attributes="account.attributes" if "scope.attributes" in statement.text else "null::jsonb",
            outside=self._outside(definition),
            there=there,
            within=" and account.id = any(%(accounts)s::bigint[])" if limited else "",
        )

    def _outside(self, definition: Definition) -> str:
        """Why an account is not asked: "stage", "tenure", "renewal", or "?" if it cannot be known."""
        past, stage = self.day < self.today, "account.stage"
        cases = []
        if past and self.known == Known.RECEIVED:
            cases += ["when true then '?'"] if definition.stages else []
        else:
            stage = statements.STAGE_THEN if past else stage
            cases.append(
                f"when {stage} <> all(%(stages)s::varchar[]) then 'stage'"
                if definition.stages
                else f"when {stage} = 'churned' then 'stage'"
            )
        if definition.tenure_days:
            cases.append(
                "when account.customer_since is null or account.customer_since > %(day)s::date - %(tenure)s "
                "then 'tenure'"
            )
        if definition.renewal_days is not None:
            cases += ["when account.updated_at >= %(until)s then '?'"] if past else []
            cases.append(
                "when account.renewal_on is null or account.renewal_on > %(day)s::date + %(renewal)s "
                "then 'renewal'"
            )
        return f"case {' '.join(cases)} end" if cases else "null::text"

    def _values(
        self,
        indicator: Indicator,
        definition: Definition,
        statement: Statement,
        account_ids: Sequence[int] | None,
        held: Collection[int] | None,
    ) -> dict[str, Any]:
        asked = self.asked(definition, account_ids)
        return {
            "day": self.day,
            "until": asked.until,
            "zone": self.zone,
            "accounts": None if account_ids is None else list(account_ids),
            "stages": list(definition.stages),
            "tenure": definition.tenure_days,
            "renewal": definition.renewal_days,
            "begins": definition.begins,
            "ends": definition.ends,
            "absent": 0 if statement.zero else None,
            "held": list(held or ()),
            "indicator": indicator.pk,
            "number": indicator.number,
            **statement.values,
            "why": statement.why,
        }


def _ways(measure: Measure | None) -> dict[str, str]:
    """How a difference is told, for WRITE."""
    counts = bool(measure and measure.counts_days)
    or_value = "" if counts else "\n        or was_value is distinct from value"
    return {"counts_days": "true" if counts else "false", "or_value": or_value}


def as_dict(detail: Any) -> dict[str, Any]:
    """A jsonb column as the driver gives it."""
    found = json.loads(detail) if isinstance(detail, str) else detail
    return found if isinstance(found, dict) else {}
