"""The parts of a playbook as they were read: frozen, and right in form."""

from dataclasses import dataclass, field
from typing import Any

END = "end"


@dataclass(frozen=True)
class Condition:
    """Something that holds or not; which fields count depends on the kind (see `conditions`).

    of: the id of the segment, indicator or metric. wanted: inside, holds. value: the result that a step
    is to end with, or the metric's number as text.
    """

    kind: str
    of: int = 0
    wanted: bool = True
    op: str = ""
    value: str = ""
    step: str = ""
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trigger:
    """What starts plays: see `definition.TRIGGERS`; empty choices mean any.

    attribute: for a date that is one of the account's attributes, its name.
    hint: by hand, and what else is meant to start it once it is there (an indicator of the library).
    """

    kind: str = "manual"
    indicators: tuple[int, ...] = ()
    signal_kinds: tuple[str, ...] = ()
    severity: int = 1
    stages: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    segment: int | None = None
    move: str = "enter"
    date: str = ""
    attribute: str = ""
    days: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Audience:
    """Which accounts it is for; no stages: all but churned, no tiers: all."""

    segment: int | None = None
    stages: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step. `then`: "" the next in the list, a later step's key, or "end"."""

    key: str
    kind: str
    title: str
    params: dict[str, Any] = field(default_factory=dict)
    then: str = ""


@dataclass(frozen=True)
class Success:
    """What is to be reached, and within how many days after the play's start."""

    condition: Condition | None = None
    window_days: int = 60
    words: str = ""


@dataclass(frozen=True)
class Definition:
    """A playbook's version, read."""

    trigger: Trigger
    audience: Audience
    steps: tuple[Step, ...]
    success: Success

    def step(self, key: str) -> Step | None:
        """The step of this key."""
        return next((step for step in self.steps if step.key == key), None)

    def position(self, key: str) -> int:
        """Its place in the list, from 0."""
        return next(place for place, step in enumerate(self.steps) if step.key == key)
