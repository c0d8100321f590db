"""A reading in words, and the numbers behind it: what pages, signals and messages say of an indicator."""

from datetime import date
from decimal import Decimal
from typing import Any

from csworkspace.web import formats
from playbooks.indicators.definition import stored
from playbooks.indicators.evaluating import Judged
from playbooks.indicators.measures import Measure, Told, When, measure_named
from playbooks.indicators.models import Indicator, Reading
from playbooks.indicators.naming import Names
from playbooks.indicators.wording import render

LONGEST = 300
OUTSIDE = {
    "stage": "Not asked: the account is in another stage.",
    "tenure": "Not asked: it has not been a customer for long enough.",
    "renewal": "Not asked: the renewal is further away, or not known.",
    "?": "Whether it was to be asked on that day is not known.",
}

# What is put into words.
Outcome = Reading | Judged


def explain(indicator: Indicator, outcome: Outcome, day: date, names: Names | None = None) -> str:
    """The indicator's explanation with the numbers of a reading; plain text, at most 300 characters.

    Never fails. Give `names` when there are many, so that what is named is read once.
    """
    told = _told(indicator, outcome, day, names or Names())
    measure = measure_named(indicator.measure)
    if told is None or measure is None:
        return indicator.name
    try:
        said = measure.said(told)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        # A reading of an older version may lack what today's words need.
        said = {}
    text = render(indicator.explanation, said)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def evidence(
    indicator: Indicator, outcome: Outcome, day: date, names: Names | None = None
) -> list[dict[str, Any]]:
    """The numbers behind as `Signal.evidence` keeps them: label, value, and the page that shows it.

    page, args and query make the address: workspace_url(request, page, *args) + "?" + query.
    """
    told = _told(indicator, outcome, day, names or Names())
    measure = measure_named(indicator.measure)
    if told is None or measure is None or outcome.holds is None:
        return []
    try:
        proofs = measure.proofs(told)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return []
    return [
        {
            "label": proof.label,
            "value": proof.value,
            "unit": "",
            "day": day.isoformat(),
            "page": proof.page,
            "args": [outcome.account_id if item == "account" else item for item in proof.args],
            "query": proof.query,
        }
        for proof in proofs
    ]


def _told(indicator: Indicator, outcome: Outcome, day: date, names: Names) -> Told | None:
    try:
        params = stored(indicator.definition).params
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return Told(params, names, day, outcome.value, outcome.compared, outcome.detail)


def why_not(outcome: Outcome) -> str:
    """Why there is nothing to tell, or why the account is not asked; "" if there is."""
    if outcome.detail.get("outside"):
        return OUTSIDE.get(str(outcome.detail["outside"]), "")
    return str(outcome.detail.get("why", "")) if outcome.holds is None else ""


def rule_in_words(indicator: Indicator, names: Names) -> str:
    """The whole test: "fall of … at least 40%, until it is below 30%"."""
    measure = measure_named(indicator.measure)
    if measure is None:
        return "What it measures is not part of this program any more."
    try:
        found = stored(indicator.definition)
        what = measure.words(found.params, names)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return "Its definition cannot be read any more."
    return f"{what[:1].upper()}{what[1:]}: {threshold_words(measure, found.when, found.begins, found.ends)}"


def threshold_words(measure: Measure, when: When, begins: Decimal, ends: Decimal) -> str:
    """at least 40%, until it is below 30%."""
    low = when == When.AT_MOST
    text = f"{'at most' if low else 'at least'} {formats.with_unit(begins, measure.unit)}"
    if begins == ends:
        return text
    return f"{text}, until it is {'above' if low else 'below'} {formats.with_unit(ends, measure.unit)}"
