"""The steps of a playbook as they are drawn: a numbered flow, with what comes after each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from csworkspace.web.formats import plural
from playbooks.playbooks import conditions
from playbooks.playbooks.checking import BRANCH, next_key, outcomes_of, ways_of
from playbooks.playbooks.definition import Complaint
from playbooks.playbooks.names import Names
from playbooks.playbooks.once import reading_once
from playbooks.playbooks.shapes import END, Definition, Step
from playbooks.playbooks.words import (
    audience_words,
    kind_label,
    step_words,
    success_words,
    trigger_words,
    without_title,
)

DETAILS = {
    "done_when": "Done when",
    "how_to": "How to do it",
    "text": "Text",
    "why": "Why",
    "outcomes": "It may end with",
}


@dataclass(frozen=True)
class Way:
    """One way on from a step: when it is gone, where it leads, and whether that is simply the next step."""

    when: str
    to: str
    key: str
    is_next: bool


@dataclass(frozen=True)
class Row:
    """A step as it is drawn."""

    number: int
    key: str
    kind: str
    kind_label: str
    title: str
    words: str
    details: Sequence[tuple[str, str]]
    ways: Sequence[Way]
    complaints: Sequence[str]
    is_first: bool
    is_last: bool

    @property
    def is_branch(self) -> bool:
        """Whether it is where ways part."""
        return self.kind == BRANCH

    @property
    def leads_on(self) -> bool:
        """Whether there is only one way on, to the next step."""
        return len(self.ways) == 1 and self.ways[0].is_next


def flow_of(definition: Definition, names: Names, complaints: Iterable[Complaint] = ()) -> list[Row]:
    """Every step, in order."""
    with reading_once():
        return _flow_of(definition, names, complaints)


def _flow_of(definition: Definition, names: Names, complaints: Iterable[Complaint]) -> list[Row]:
    said: dict[str, list[str]] = {}
    for complaint in complaints:
        field = f"{complaint.field.replace('_', ' ').capitalize()}: " if complaint.field else ""
        said.setdefault(complaint.step, []).append(f"{field}{complaint.text}")
    earlier = outcomes_of(definition.steps)
    return [
        Row(
            number=place + 1,
            key=step.key,
            kind=step.kind,
            kind_label=kind_label(step),
            title=step.title or kind_label(step),
            words=_words(step, names, earlier),
            details=_details(step, step_words(step)),
            ways=_ways(definition, place, step),
            complaints=said.get(step.key, []),
            is_first=place == 0,
            is_last=place == len(definition.steps) - 1,
        )
        for place, step in enumerate(definition.steps)
    ]


def _words(step: Step, names: Names, earlier: conditions.Earlier) -> str:
    # A branch may look at earlier steps, whose names its kind does not know.
    if step.kind == BRANCH:
        return f"If {conditions.words(step.params.get('condition'), names, earlier)}"
    words = without_title(step_words(step), step.title)
    words = words[:1].upper() + words[1:]
    return "" if words.casefold() == step.title.casefold() else words


def _details(step: Step, words: str) -> list[tuple[str, str]]:
    found = []
    for name, label in DETAILS.items():
        value = step.params.get(name)
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(text, str) and text.strip() and text.strip() not in words:
            found.append((label, text.strip()))
    return found


def _ways(definition: Definition, place: int, step: Step) -> list[Way]:
    found = []
    for field, target in ways_of(step):
        key = next_key(definition, place, target)
        following = definition.steps[place + 1].key if place + 1 < len(definition.steps) else END
        when = {"yes": "If so", "no": "If not"}.get(field, "Then")
        found.append(Way(when, _place_words(definition, key), key, key == following))
    return found


def _place_words(definition: Definition, key: str) -> str:
    if key == END:
        return "the end"
    for number, step in enumerate(definition.steps, 1):
        if step.key == key:
            return f"step {number}, {step.title or kind_label(step)}"
    return "a step that is gone"


@dataclass(frozen=True)
class Line:
    """One thing that a definition says; means: equal while it says the same, whatever its words become."""

    key: str
    label: str
    text: str
    means: Any


MISSING = Line("", "", "", None)


def lines_of(definition: Definition, names: Names) -> list[Line]:
    """Everything that a definition says, for comparing two of them."""
    lines = [
        Line(key, label, text, text)
        for key, label, text in (
            ("trigger", "Starts", trigger_words(definition.trigger, names)),
            ("audience", "For", audience_words(definition.audience, names)),
            ("success", "Success", success_words(definition, names)),
            ("success words", "Success in words", definition.success.words),
        )
    ]
    for step, row in zip(definition.steps, flow_of(definition, names), strict=True):
        ways = [way for way in row.ways if not (row.leads_on and way.is_next)]
        parts = [f"{row.kind_label}: {row.title}", *([row.words] if row.words else [])]
        parts += [f"{label}: {text}" for label, text in row.details]
        parts += [f"{way.when}: {way.to}" for way in ways]
        means = (step.kind, step.title, step.params, [(way.when, way.key) for way in ways])
        lines.append(Line(f"step {row.key}", f"Step {row.number}", "\n".join(dict.fromkeys(parts)), means))
    return lines


@dataclass(frozen=True)
class Difference:
    """One thing that two versions say differently; "" where one of them does not have it."""

    label: str
    before: str
    after: str


def differences(before: Definition, after: Definition, names: Names) -> list[Difference]:
    """What changed from one version to the other, in words; steps are recognised by their keys."""
    old = {line.key: line for line in lines_of(before, names)}
    new = {line.key: line for line in lines_of(after, names)}
    moved = [key for key in old if key in new] != [key for key in new if key in old]
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        one, other = old.get(key, MISSING), new.get(key, MISSING)
        # A step that only has another number because others came or went is the same.
        if one.means == other.means and (one.label == other.label or not moved):
            continue
        found.append(Difference(_change(one.label, other.label), one.text, other.text))
    return found


def _change(before: str, after: str) -> str:
    if not after:
        return f"{before}, removed"
    if not before:
        return f"{after}, new"
    return after if before == after else f"{after} (was {before.lower()})"


def size_words(definition: Definition) -> str:
    """How many steps."""
    return plural(len(definition.steps), "step")
