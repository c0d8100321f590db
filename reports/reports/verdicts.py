"""The sentences of a report: each status and count in plain English, by stated rules. Pure functions.

Values arrive as text already formatted, statuses as the words of `accounts.book.models.PlanStatus`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from csworkspace.web.formats import number, plural

GOOD = ("ahead", "on_track")
ORDER = ("ahead", "on_track", "slipping", "off_track", "no_data")
WORDS = {
    "ahead": "ahead",
    "on_track": "on track",
    "slipping": "slipping",
    "off_track": "off track",
    "no_data": "no data",
}


@dataclass(frozen=True)
class TargetWords:
    """What a sentence about a target needs: names and values as they are printed.

    figure: the actual value without its unit where the unit is a word ("412 of the 450 users").
    progress: share of the way from baseline to target, 1 = reached; None if there is no way to go.
    over: whether the due date has come by the day of the report.
    falling: whether the target is below its baseline.
    """

    name: str
    status: str
    actual: str
    figure: str
    expected: str
    target: str
    due: str
    progress: Decimal | None
    over: bool
    falling: bool


def target_verdict(words: TargetWords) -> str:
    """One sentence: where the metric stands against what was agreed, and the status word."""
    status = WORDS[words.status]
    if words.status == "no_data":
        return f"{words.name} has no value that still counts; {words.target} is agreed for {words.due}."
    if words.progress is None:
        return (
            f"{words.name} stands at {words.actual}; it is to stay at {words.target} "
            f"until {words.due}: {status}."
        )
    if words.progress >= 1:
        return f"{words.name} stands at {words.actual}: the target of {words.target} for {words.due} is met."
    if words.over:
        return f"{words.name} ended at {words.actual}; {words.target} was agreed for {words.due}: {status}."
    if words.status in GOOD and not words.falling:
        return f"{words.name} reached {words.figure} of the {words.target} agreed for {words.due}: {status}."
    return (
        f"{words.name} stands at {words.actual}; {words.expected} was expected by now "
        f"on the way to {words.target} for {words.due}: {status}."
    )


def objective_verdict(sentences: Sequence[str], names: Sequence[str], statuses: Sequence[str]) -> str:
    """One sentence for an objective from its targets, in the order of the plan."""
    if not statuses:
        return "No target has been agreed for this objective yet."
    if len(statuses) == 1:
        return sentences[0]
    return f"{_share(statuses)}{_laggards(names, statuses)}."


def report_verdict(names: Sequence[str], statuses: Sequence[str], *, period: str, moved: str) -> str:
    """The one sentence on the cover. `moved`: what `level_moved` or `people_active` says, or ''."""
    if not statuses:
        return f"There was no plan with targets in {period}{_and(moved)}."
    if set(statuses) == {"no_data"}:
        return f"None of the {plural(len(statuses), 'target')} has been measured yet{_and(moved)}."
    if set(statuses) <= set(GOOD) and not moved:
        return f"{_share(statuses)}, as agreed."
    return f"{_share(statuses)}{_laggards(names, statuses)}{_and(moved)}."


def level_moved(before: str | None, after: str | None, *, before_position: int, after_position: int) -> str:
    """What happened to the maturity level since the benchmark, or '' if it is the same or unknown."""
    if before is None or after is None or before_position == after_position:
        return ""
    verb = "rose" if after_position > before_position else "fell"
    return f"maturity {verb} from {before} to {after}"


def people_active(now: int, before: int, *, before_label: str) -> str:
    """How many people used the product, beside the period before; '' if nobody did."""
    if not now:
        return ""
    were = "was" if now == 1 else "were"
    return f"{plural(now, 'person', 'people')} {were} active, after {number(before)} in {before_label}"


def counts(statuses: Sequence[str]) -> list[dict[str, object]]:
    """How many targets have each status, the best first; statuses nobody has are left out."""
    found = Counter(statuses)
    return [
        {"status": status, "label": WORDS[status].capitalize(), "count": found[status]}
        for status in ORDER
        if found[status]
    ]


def _share(statuses: Sequence[str]) -> str:
    good = sum(status in GOOD for status in statuses)
    if good == len(statuses):
        both = "Both targets" if good == 2 else f"All {good} targets"
        return "The target is on track" if good == 1 else f"{both} are on track or ahead"
    if good == 0:
        return "The target is not on track" if len(statuses) == 1 else "No target is on track"
    return f"{good} of {len(statuses)} targets {'is' if good == 1 else 'are'} on track or ahead"


def _laggards(names: Sequence[str], statuses: Sequence[str], limit: int = 2) -> str:
    late = [(n, WORDS[s]) for n, s in zip(names, statuses, strict=True) if s not in GOOD]
    if not late:
        return ""
    words = [f"{name} {'has' if word == 'no data' else 'is'} {word}" for name, word in late[:limit]]
    rest = [f"{len(late) - limit} more"] if len(late) > limit else []
    return "; " + _listed(words + rest)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _and(moved: str) -> str:
    return f"; {moved}" if moved else ""
