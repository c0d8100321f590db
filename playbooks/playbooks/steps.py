"""The kinds of steps that playbooks are made of; each is registered by the concept that does it.

A kind says how it is filled in (`form`), how it reads (`words`), what it can end with (`outcomes`), and
what happens when its turn comes (`begin`). `begin` runs in the transaction that moves the play on, under
the lock of the play: what it writes and the step's new state are kept together or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model

from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership

DONE = "done"
Params = dict[str, Any]


@dataclass(frozen=True)
class StepRun:
    """What a step is given: its play (with account, owner, signal), itself, its parameters, and the day."""

    play: Any
    step: Any
    params: Params
    by: Actor
    today: date


@dataclass(frozen=True)
class Ended:
    """The step is over, with an outcome that branches may look at; `result` is kept on the step."""

    outcome: str = DONE
    note: str = ""
    result: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Waits:
    """The step waits: for a moment (`until`), or until "plays.step_ended" is announced for it."""

    until: datetime | None = None
    note: str = ""
    result: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """The step cannot be done as it is; the sentence says why and what to do. The play waits for a person."""

    error: str


Progress = Ended | Waits | Failed


@dataclass(frozen=True)
class Around:
    """What lies around a step: those that may come before it, key → (title, outcomes), and the later ones.

    later: (key, words) pairs, for a branch's ways; "" is the next step, "end" the end.
    """

    earlier: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = field(default_factory=dict)
    later: Sequence[tuple[str, str]] = ()


class StepForm(forms.Form):
    """The fields of a kind of step; `params` is what is stored, `raw` the way back."""

    def __init__(self, *args: Any, around: Around | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.around = around or Around()

    @classmethod
    def raw(cls, params: Params) -> Params:
        """Stored parameters as the fields show and take them: a list in a text field one item a line."""
        return {name: cls._shown(name, value) for name, value in params.items()}

    @classmethod
    def _shown(cls, name: str, value: Any) -> Any:
        is_many = isinstance(
            cls.base_fields.get(name), forms.MultipleChoiceField | forms.ModelMultipleChoiceField
        )
        return "\n".join(map(str, value)) if isinstance(value, list) and not is_many else value

    def params(self) -> Params:
        """The cleaned data as JSON: ids for rows, ISO texts for dates."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | None):
        return value
    return [_plain(item) for item in value] if isinstance(value, Sequence) else str(value)


@dataclass(frozen=True)
class StepKind:
    """A kind of step.

    look: asked again when a wait's moment has come (without it the wait is over then), and once a day,
    should the news of what it waits for have been lost.
    cancel: the play was stopped, or the step skipped, while it waited.
    paused, resumed: so was the play, while the step waits; for what would go on by itself.
    handed: the play was handed to somebody else while the step waits; given who led it before, if anybody.
    outcomes: (value, label) pairs that it can end with, by its parameters.
    portable: parameters without what only this workspace knows, such as a colleague's id, for files; choices
    of rows in its form are left out anyway.
    check: complaints about parameters that were right once (a template that is gone), in sentences.
    foresee: what it would do on an account (for a signal, if any), in sentences, before a play starts.
    follows: what a play does when it gets to the step: "waits for your look at 2 e-mails".
    tells_leader: whether its beginning is news to whoever leads the play, so that its start need not be.
    """

    name: str
    label: str
    form: type[StepForm]
    words: Callable[[Params], str]
    begin: Callable[[StepRun], Progress]
    look: Callable[[StepRun], Progress] | None = None
    cancel: Callable[[StepRun], None] | None = None
    paused: Callable[[StepRun], None] | None = None
    resumed: Callable[[StepRun], None] | None = None
    handed: Callable[[StepRun, Membership | None], None] | None = None
    outcomes: Callable[[Params], Sequence[tuple[str, str]]] = lambda params: ((DONE, "Done"),)
    check: Callable[[Params], Sequence[str]] = lambda params: ()
    foresee: Callable[[Any, Any, Params], Sequence[str]] = lambda account, signal, params: ()
    follows: Callable[[Any, Params], str] = lambda play, params: ""
    tells_leader: Callable[[Params], bool] = lambda params: False
    portable: Callable[[Params], Params] = lambda params: params
    order: int = 50


def portable(kind: StepKind, params: Params) -> Params:
    """Parameters as another workspace can read them: without ids that mean something else there."""
    local = {name for name, field in kind.form.base_fields.items() if _is_local(field)}
    kept = {name: None if name in local else value for name, value in params.items()}
    return kind.portable(kept)


def _is_local(field: forms.Field) -> bool:
    # Rows that are named by a key of their own are found by it elsewhere too.
    return isinstance(field, forms.ModelChoiceField) and field.to_field_name in (None, "pk", "id")


_kinds: dict[str, StepKind] = {}


def register_step(kind: StepKind) -> None:
    """Offer a kind of step to playbooks (call in a concept's register)."""
    _kinds[kind.name] = kind


def step_kind(name: str) -> StepKind | None:
    """The registered kind, if there is one."""
    return _kinds.get(name)


def step_kinds() -> list[StepKind]:
    """All of them, in order."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.label))
