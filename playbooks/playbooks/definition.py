"""The definition of a playbook's version: JSON in, read parts out, with complaints that say where and why.

trigger: {"kind": "manual"} | {"kind": "signal", "indicators": [ids], "signal_kinds": [..], "severity": 1..3}
| {"kind": "stage", "to": [..]} | {"kind": "tier", "to": [ids]} | {"kind": "segment", "segment": id, "move":
"enter"|"leave"} | {"kind": "date", "date": "renewal", "days": -120}. audience: {"segment": id|null,
"stages": [..], "tiers": [..]}. steps: [{"key", "kind", "title", "params", "then"}]; a branch has the params
"condition", "yes" and "no". success: {"condition", "window_days", "words"}. Steps lead forward only, so that
a play always ends. Here only the form is looked at; `checking` looks at what is named.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from accounts.accounts.models import Stage
from playbooks.indicators.models import SignalKind
from playbooks.playbooks import conditions
from playbooks.playbooks.dates import ATTRIBUTE, DATES, NAMELESS
from playbooks.playbooks.judging import RECOVERED
from playbooks.playbooks.shapes import END, Audience, Definition, Step, Success, Trigger

MOST_STEPS = 40
MOST_DAYS = 730
MOST_BYTES = 200_000
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
PARTS = ("trigger", "audience", "steps", "success")
TRIGGERS = {
    "manual": "Somebody starts it by hand",
    "signal": "A signal is raised",
    "stage": "The lifecycle stage changes",
    "tier": "The service tier changes",
    "segment": "An account enters or leaves a segment",
    "date": "A date comes near, or has passed",
}
TRIGGER_FIELDS: dict[str, set[str]] = {
    "manual": {"hint"},
    "signal": {"indicators", "signal_kinds", "severity"},
    "stage": {"to"},
    "tier": {"to"},
    "segment": {"segment", "move"},
    "date": {"date", "attribute", "days"},
}


@dataclass(frozen=True)
class Complaint:
    """What is wrong and what to do: in which part, at which step, in which field."""

    text: str
    part: str = ""
    step: str = ""
    field: str = ""
    where: str = ""

    def __str__(self) -> str:
        place = self.where or self.part.capitalize()
        field = f" ({self.field.replace('_', ' ')})" if self.field else ""
        return f"{place}{field}: {self.text}" if place else self.text


class BadDefinition(ValueError):
    """A definition that cannot be; `complaints` say why, one by one."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__(" ".join(map(str, complaints)))
        self.complaints = complaints


def read_version(version: Any) -> Definition:
    """What a stored PlaybookVersion says. Raises BadDefinition."""
    return read_definition({name: getattr(version, name) for name in PARTS})


def read_definition(data: Any) -> Definition:
    """A definition from JSON of whatever origin. Raises BadDefinition with everything that is wrong."""
    if not isinstance(data, Mapping) or any(not isinstance(name, str) for name in data):
        raise BadDefinition([Complaint("This is no definition of a playbook.")])
    reader = _Reader()
    reader.size(data)
    reader.unknown(data, set(PARTS), "")
    trigger = reader.trigger(data.get("trigger") or {"kind": "manual"})
    audience = reader.audience(data.get("audience") or {})
    steps = reader.steps(data.get("steps", []))
    success = reader.success(data.get("success") or {})
    if reader.complaints:
        raise BadDefinition(reader.complaints)
    check_texts(data)
    return Definition(trigger, audience, steps, success)


def is_storable(text: str) -> bool:
    """Whether the database can keep a text: no zero character, no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def check_texts(data: Any) -> None:
    """Raise BadDefinition for a text, however deep, that the database cannot keep."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, str) and not is_storable(one):
            raise BadDefinition([Complaint("A text has a character that cannot be kept. Take it out.")])


class _Reader:
    """Reads part after part, and collects what is wrong."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []

    def add(self, text: str, part: str, field: str = "", step: str = "", where: str = "") -> None:
        self.complaints.append(Complaint(text, part, step, field, where))

    def size(self, data: Mapping[str, Any]) -> None:
        try:
            is_large = len(json.dumps(dict(data), allow_nan=False)) > MOST_BYTES
        except (TypeError, ValueError, RecursionError):
            raise BadDefinition([Complaint("This is no definition of a playbook.")]) from None
        if is_large:
            raise BadDefinition([Complaint(f"It is larger than {MOST_BYTES // 1000} kB. Shorten its texts.")])

    def unknown(self, data: Mapping[str, Any], known: set[str], part: str, **at: str) -> None:
        extra = sorted(str(name)[:40] for name in set(data) - known)
        if extra:
            self.add(f"Fields that are not known: {', '.join(extra[:3])}. Take them out.", part, **at)

    def trigger(self, data: Any) -> Trigger:
        kind = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in TRIGGERS:
            self.add("This kind of trigger does not exist. Choose one of the list.", "trigger", "kind")
            return Trigger()
        self.unknown(data, {"kind", *TRIGGER_FIELDS[kind]}, "trigger")
        found: Trigger = getattr(self, f"trigger_{kind}")(data)
        return found

    def trigger_manual(self, data: Any) -> Trigger:
        return Trigger(hint=self.text(data.get("hint", ""), "trigger", "hint", 300))

    def trigger_signal(self, data: Any) -> Trigger:
        severity = self.number(data.get("severity", 1), "trigger", "severity", 1, 3)
        return Trigger(
            "signal",
            indicators=self.ids(data.get("indicators", []), "trigger", "indicators"),
            signal_kinds=self.words(
                data.get("signal_kinds", []), SignalKind.values, "trigger", "signal_kinds"
            ),
            severity=severity,
        )

    def trigger_stage(self, data: Any) -> Trigger:
        stages = self.words(data.get("to", []), Stage.values, "trigger", "to")
        if not stages:
            self.add("Choose at least one stage.", "trigger", "to")
        return Trigger("stage", stages=stages)

    def trigger_tier(self, data: Any) -> Trigger:
        return Trigger("tier", tiers=self.ids(data.get("to", []), "trigger", "to"))

    def trigger_segment(self, data: Any) -> Trigger:
        segment = self.ids([data.get("segment")], "trigger", "segment")
        move = self.words([data.get("move", "enter")], ["enter", "leave"], "trigger", "move")
        return Trigger("segment", segment=(*segment, None)[0], move=(*move, "enter")[0])

    def trigger_date(self, data: Any) -> Trigger:
        date = self.words([data.get("date")], list(DATES), "trigger", "date")
        days = self.number(data.get("days", 0), "trigger", "days", -MOST_DAYS, MOST_DAYS)
        attribute = self.text(data.get("attribute", ""), "trigger", "attribute", 60)
        if date == (ATTRIBUTE,) and not attribute:
            self.add(NAMELESS, "trigger", "attribute")
        named = attribute if date == (ATTRIBUTE,) else ""
        return Trigger("date", date=(*date, "renewal")[0], attribute=named, days=days)

    def audience(self, data: Any) -> Audience:
        if not isinstance(data, dict):
            self.add("Say which accounts it is for: a segment, stages, tiers.", "audience")
            return Audience()
        self.unknown(data, {"segment", "stages", "tiers"}, "audience")
        chosen = data.get("segment")
        segment = self.ids([chosen], "audience", "segment") if chosen is not None else ()
        stages = self.words(data.get("stages", []), Stage.values, "audience", "stages")
        return Audience((*segment, None)[0], stages, self.ids(data.get("tiers", []), "audience", "tiers"))

    def steps(self, data: Any) -> tuple[Step, ...]:
        if not isinstance(data, list) or len(data) > MOST_STEPS:
            self.add(f"There may be at most {MOST_STEPS} steps, in a list.", "steps")
            return ()
        steps = [step for number, item in enumerate(data, 1) if (step := self.step(item, number))]
        keys = [step.key for step in steps]
        for step in steps:
            if keys.count(step.key) > 1:
                self.add(f"The key “{step.key}” is used twice. Give each step its own.", "steps", "key")
                break
        return tuple(steps)

    def step(self, data: Any, number: int) -> Step | None:
        where = f"Step {number}"
        if not isinstance(data, dict):
            self.add("This is no step.", "steps", where=where)
            return None
        self.unknown(data, {"key", "kind", "title", "params", "then"}, "steps", where=where)
        key, kind, params = data.get("key"), data.get("kind"), data.get("params", {})
        if not isinstance(key, str) or not KEY.fullmatch(key) or key == END:
            self.add("The key is made of small letters, figures and dashes.", "steps", "key", where=where)
            return None
        if not isinstance(kind, str) or not 0 < len(kind) <= 20:
            self.add("Choose what kind of step it is.", "steps", "kind", key, where)
        if not isinstance(params, dict):
            self.add("The details of the step cannot be read.", "steps", "params", key, where)
        title = self.text(data.get("title", ""), "steps", "title", 200, step=key, where=where)
        then = self.text(data.get("then", ""), "steps", "then", 40, step=key, where=where)
        return Step(key, str(kind), title, params, then)

    def success(self, data: Any) -> Success:
        if not isinstance(data, dict):
            self.add("Say what is to be reached, and by when.", "success")
            return Success()
        self.unknown(data, {"condition", "window_days", "words"}, "success")
        condition = None
        if data.get("condition"):
            try:
                condition = conditions.read_condition(data["condition"])
            except conditions.BadCondition as error:
                self.add(str(error), "success", error.field)
        if condition and condition.kind == "signal":
            # That somebody calls it addressed is no success.
            condition = replace(condition, value=RECOVERED)
        window = self.number(data.get("window_days", 60), "success", "window_days", 1, MOST_DAYS)
        return Success(condition, window, self.text(data.get("words", ""), "success", "words", 300))

    def ids(self, value: Any, part: str, field: str) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) > 200 or not all(map(_is_id, value)):
            self.add("Choose from the list.", part, field)
            return ()
        return tuple(dict.fromkeys(value))

    def words(self, value: Any, known: list[str], part: str, field: str) -> tuple[str, ...]:
        is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not is_list or set(value) - set(known):
            self.add("Choose from the list.", part, field)
            return ()
        return tuple(item for item in known if item in value)

    def number(self, value: Any, part: str, field: str, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.add(f"Write a whole number from {least} to {most}.", part, field)
            return max(least, min(most, 1))
        return value

    def text(self, value: Any, part: str, field: str, most: int, **at: str) -> str:
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            self.add(f"Write a text of at most {most} characters.", part, field, **at)
            return ""
        return value


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**62


def trigger_json(trigger: Trigger) -> dict[str, Any]:
    """The form in which it is stored."""
    rest: dict[str, dict[str, Any]] = {
        "manual": {"hint": trigger.hint} if trigger.hint else {},
        "signal": {
            "indicators": list(trigger.indicators),
            "signal_kinds": list(trigger.signal_kinds),
            "severity": trigger.severity,
        },
        "stage": {"to": list(trigger.stages)},
        "tier": {"to": list(trigger.tiers)},
        "segment": {"segment": trigger.segment, "move": trigger.move},
        "date": {
            "date": trigger.date,
            "days": trigger.days,
            **({"attribute": trigger.attribute} if trigger.attribute else {}),
        },
    }
    return {"kind": trigger.kind, **rest[trigger.kind]}


def definition_json(definition: Definition) -> dict[str, Any]:
    """The four parts in the form in which they are stored."""
    audience, success = definition.audience, definition.success
    condition = conditions.as_json(success.condition) if success.condition else {}
    return {
        "trigger": trigger_json(definition.trigger),
        "audience": {
            "segment": audience.segment,
            "stages": list(audience.stages),
            "tiers": list(audience.tiers),
        },
        "steps": [asdict(step) for step in definition.steps],
        "success": {"condition": condition, "window_days": success.window_days, "words": success.words},
    }
