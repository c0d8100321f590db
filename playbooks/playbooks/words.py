"""Playbooks in words: the trigger, the audience, the success measure, a step."""

from collections.abc import Sequence

from accounts.accounts.models import Stage
from csworkspace.web.formats import plural
from playbooks.indicators.models import Severity, SignalKind
from playbooks.playbooks import conditions
from playbooks.playbooks.checking import outcomes_of
from playbooks.playbooks.dates import date_name
from playbooks.playbooks.names import Names, name_of
from playbooks.playbooks.shapes import Audience, Definition, Step, Trigger
from playbooks.playbooks.steps import step_kind


def either(items: Sequence[str]) -> str:
    """a; a or b; a, b or c."""
    return " or ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def stages(values: Sequence[str]) -> str:
    """Stages as they are said in a sentence."""
    return either([str(Stage(value).label).lower() for value in values])


def trigger_words(trigger: Trigger, names: Names) -> str:
    """When it starts, as a sentence without its full stop."""
    return _TRIGGERS[trigger.kind](trigger, names)


def _manual(trigger: Trigger, names: Names) -> str:
    return "When somebody starts it by hand"


def _signal(trigger: Trigger, names: Names) -> str:
    kinds = either([str(SignalKind(kind).label).lower() for kind in trigger.signal_kinds])
    severe = ""
    if trigger.severity > 1:
        level = str(Severity(trigger.severity).label).lower()
        severe = f" of {level} severity" + ("" if trigger.severity == Severity.HIGH else " or more")
    what = f"a signal of the kind {kinds}" if kinds else "a signal"
    if not trigger.indicators:
        return f"When {what}{severe} is raised"
    source = either([f"“{name_of(names.indicators, pk)}”" for pk in trigger.indicators])
    return f"When {source} raises {what}{severe}"


def _stage(trigger: Trigger, names: Names) -> str:
    return f"When the stage of an account changes to {stages(trigger.stages)}"


def _tier(trigger: Trigger, names: Names) -> str:
    to = either([name_of(names.tiers, pk) for pk in trigger.tiers])
    return f"When the tier of an account changes{f' to {to}' if to else ''}"


def _segment(trigger: Trigger, names: Names) -> str:
    verb = "leaves" if trigger.move == "leave" else "enters"
    return f"When an account {verb} the segment “{name_of(names.segments, trigger.segment)}”"


def _date(trigger: Trigger, names: Names) -> str:
    date = date_name(trigger)
    if trigger.days == 0:
        return f"On {date}"
    side = "before" if trigger.days < 0 else "after"
    return f"{plural(abs(trigger.days), 'day')} {side} {date}"


_TRIGGERS = {
    "manual": _manual,
    "signal": _signal,
    "stage": _stage,
    "tier": _tier,
    "segment": _segment,
    "date": _date,
}


def audience_words(audience: Audience, names: Names) -> str:
    """Which accounts it is for."""
    parts = []
    if audience.segment is not None:
        parts.append(f"in the segment “{name_of(names.segments, audience.segment)}”")
    if audience.stages:
        parts.append(f"in the stage {stages(audience.stages)}")
    else:
        parts.append("that have not churned")
    if audience.tiers:
        parts.append(f"in the tier {either([name_of(names.tiers, pk) for pk in audience.tiers])}")
    return f"{'Accounts' if audience.tiers or audience.segment or audience.stages else 'All accounts'} " + (
        ", ".join(parts)
    )


def success_words(definition: Definition, names: Names) -> str:
    """What is to be reached, by when; "" if that is not said."""
    success = definition.success
    if success.condition is None:
        return ""
    clause = conditions.words(success.condition, names, outcomes_of(definition.steps))
    return f"Within {plural(success.window_days, 'day')} of the start, {clause}"


def step_words(step: Step) -> str:
    """What a step does, by its kind; a phrase if the kind is not there, or its details are not."""
    kind = step_kind(step.kind)
    if kind is None:
        return f"A step of a kind that is not there any more ({step.kind})"
    try:
        return kind.words(step.params)
    except (KeyError, ValueError, TypeError, LookupError):
        return "Its details are not filled in yet"


def kind_label(step: Step) -> str:
    """The name of the step's kind."""
    kind = step_kind(step.kind)
    return kind.label if kind else step.kind


def without_title(words: str, title: str) -> str:
    """A step's words under its title, which they often begin with."""
    return words.removeprefix(f"“{title}” ")
