"""What conditions may name: tiers, colleagues, metrics …, each list read once for many definitions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from accounts.segments.definition import Complaint, Condition, Definition
from accounts.segments.registry import CURRENCY, Asked, Choice, Criterion, Operator, Source, criterion_named
from accounts.segments.values import typed
from csworkspace.tenancy.clock import today_of
from csworkspace.tenancy.models import Workspace

ADVICE = "Choose another one, or take the condition out."


class Known:
    """The open workspace as definitions see it. One query for each kind of thing that is asked for."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        self._workspace = workspace
        self._read: dict[Source, dict[str, Choice]] = {}
        self._missing: dict[str, dict[str, str]] = defaultdict(dict)

    @cached_property
    def workspace(self) -> Workspace:
        """The open workspace; no query if it was given."""
        return self._workspace or Workspace.objects.get()

    @cached_property
    def today(self) -> date:
        """The day as of which everything is evaluated."""
        return today_of(self.workspace)

    def read(self, source: Source | None) -> dict[str, Choice]:
        """What a criterion's `choices` or `subjects` offer, by value."""
        if source is None:
            return {}
        if source not in self._read:
            self._read[source] = {choice.value: choice for choice in source()}
        return self._read[source]

    def unit(self, operator: Operator) -> str:
        """The operator's unit; money is in the workspace's currency."""
        return self.workspace.currency if operator.unit == CURRENCY else operator.unit

    def asked(self, condition: Condition) -> tuple[Criterion, Operator, Asked]:
        """A read condition with its criterion, its operator, and its values typed."""
        criterion = criterion_named(condition.field)
        operator = criterion.operator(condition.op) if criterion else None
        if criterion is None or operator is None:
            raise LookupError(f"no criterion {condition.field} with {condition.op}")
        value = typed(operator, condition.value)
        return criterion, operator, Asked(condition.op, value, condition.of, self.today)

    def problems(self, definition: Definition) -> list[Complaint]:
        """The conditions that name something which is gone, in words."""
        self.prepare([definition])
        found = []
        for group, number, condition in definition.conditions():
            text = self._problem(condition)
            if text:
                label = self.asked(condition)[0].label
                found.append(Complaint(text, group, number, label))
        return found

    def _problem(self, condition: Condition) -> str:
        criterion, _, asked = self.asked(condition)
        text = ""
        if criterion.subjects and not criterion.open_subjects:
            text = gone(self.read(criterion.subjects), [asked.of], criterion.subject)
        if not text and criterion.choices and not criterion.open_choices:
            values = asked.value if isinstance(asked.value, list) else []
            text = gone(self.read(criterion.choices), values, criterion.label.lower())
        if not text and criterion.need:
            missing = self._missing[criterion.name]
            text = next((missing[word] for word in criterion.need.words(asked) if missing[word]), "")
        return text

    def prepare(self, definitions: Iterable[Definition]) -> None:
        """Look up what the conditions of many definitions need; one query for each kind of need."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for definition in definitions:
            for _, _, condition in definition.conditions():
                criterion, _, asked = self.asked(condition)
                words = criterion.need.words(asked) if criterion.need else ()
                wanted[criterion.name] |= set(words) - set(self._missing[criterion.name])
        for name, words in wanted.items():
            criterion = criterion_named(name)
            if words and criterion and criterion.need:
                missing = criterion.need.missing(sorted(words))
                self._missing[name] |= {word: missing.get(word, "") for word in words}


def gone(known: dict[str, Choice], values: list[str], word: str) -> str:
    """A sentence about the first of the values that is not to be had any more; "" if all are."""
    for value in values:
        choice = known.get(value)
        if choice is None:
            return f"The {word} that it names does not exist any more. {ADVICE}"
        if choice.gone:
            return f"“{choice.label}” {choice.gone}. {ADVICE}"
    return ""
