"""Waits: some days, a day counted from the renewal, or until a condition holds.

They end in the morning, when the workspace's working day begins by its own clock, so that what follows
meets people at work. params: {"until": "days" | "workdays" | "renewal" | "date" | "condition",
"days": number, "on": ISO date, "condition": {…}}; days before the renewal are negative, and a condition is
waited for so many days at most.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from csworkspace.calendar.queries import work_week
from csworkspace.calendar.workdays import add_workdays, moment_of
from csworkspace.tenancy.clock import zone
from csworkspace.web import times
from csworkspace.web.formats import number, plural
from csworkspace.web.widgets import DateInput
from playbooks.playbooks import conditions
from playbooks.playbooks.condition_form import ConditionMixin, condition_of, shown_condition
from playbooks.playbooks.names import Names
from playbooks.playbooks.steps import (
    DONE,
    Ended,
    Failed,
    Params,
    Progress,
    StepForm,
    StepKind,
    StepRun,
    Waits,
)
from playbooks.plays.clock import shift

UNTIL = {
    "days": "Some days have passed",
    "workdays": "Some working days have passed",
    "renewal": "A day counted from the renewal",
    "date": "A date",
    "condition": "A condition holds",
}
MET, TIMED_OUT = "met", "timed_out"
LONGEST = 730
NO_RENEWAL = "The account has no renewal date. Enter it and try this step again, or skip the step."
# A renewal date that moves by more is the next renewal: what a play prepares for is over.
MOVED = timedelta(days=60)
RENEWED = (
    "The renewal date moved from {then} to {now}: they seem to have renewed. Stop this play, or skip the "
    "step to go on now."
)


class WaitForm(ConditionMixin, StepForm):
    """What is waited for."""

    needs_condition = False
    until = forms.ChoiceField(label="Wait until", choices=list(UNTIL.items()))
    days = forms.IntegerField(
        label="Days",
        initial=3,
        min_value=-LONGEST,
        max_value=LONGEST,
        help_text="How many to wait; for a condition, how many at most. For the renewal: days after it, "
        "and with a minus before it, such as −60. A date needs none.",
    )
    on = forms.DateField(
        label="Date",
        required=False,
        widget=DateInput,
        help_text="The same for every play; one that gets here later goes on at once.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_condition(Names(), self.around.earlier, stored=stored_in(self.initial))

    @classmethod
    def raw(cls, params: Params) -> Params:
        """The condition as its fields show it."""
        rest = {name: value for name, value in params.items() if name != "condition"}
        return {**rest, **shown(params.get("condition"))}

    def clean(self) -> dict[str, Any]:
        """A wait is at least a day; only the one for a condition has one."""
        values = super().clean()
        until, days = values.get("until"), values.get("days")
        if until != "renewal" and days is not None and days < 1:
            self.add_error("days", "Write at least 1.")
        if until == "date" and not values.get("on") and "on" not in self.errors:
            self.add_error("on", "Choose the date.")
        if until == "condition" and not self.condition() and "look_at" not in self.errors:
            self.add_error("look_at", "Choose what is waited for.")
        return values

    def params(self) -> Params:
        """What is stored."""
        until = self.cleaned_data["until"]
        found: Params = {"until": until, "days": self.cleaned_data["days"]}
        if until == "date":
            found["on"] = self.cleaned_data["on"].isoformat()
        return {**found, "condition": self.condition()} if until == "condition" else found


def shown(condition: Any) -> Params:
    """A stored condition as its fields show and take it; without a step's result that is no choice."""
    fields = shown_condition(condition)
    return {**fields, "look_result": fields["look_result"].removesuffix(":")}


def stored_in(initial: Any) -> Params:
    """The condition that a form's fields begin with, so that what it names can be kept."""
    try:
        return condition_of(initial or {})
    except conditions.BadCondition:
        return {}


def wait_words(params: Params) -> str:
    """ "Wait 5 working days"."""
    days, until = int(params.get("days", 0)), params.get("until", "days")
    if until == "renewal":
        return f"Wait until {relative_words(days)}"
    if until == "date":
        return f"Wait until {times.day(date_of(params))}"
    if until == "condition":
        return f"Wait until {conditions.words(params.get('condition'))}, at most {plural(abs(days), 'day')}"
    return f"Wait {plural(days, 'working day' if until == 'workdays' else 'day')}"


def relative_words(days: int) -> str:
    """ "60 days before the renewal"."""
    if days == 0:
        return "the renewal"
    return f"{plural(abs(days), 'day')} {'before' if days < 0 else 'after'} the renewal"


def date_of(params: Params) -> date:
    """The date that is waited for."""
    return date.fromisoformat(str(params["on"]))


def begin_wait(run: StepRun) -> Progress:
    """Until when, from the day on which the play gets here."""
    until, days = run.params.get("until", "days"), int(run.params.get("days", 0))
    if until == "condition":
        deadline = run.today + timedelta(days=days)
        return _look_for(run, deadline)
    if until == "renewal":
        return _until_renewal(run, days)
    if until == "date":
        return _until(run, date_of(run.params))
    day = add_workdays(run.today, days, work_week()) if until == "workdays" else shift(run.today, days)
    return _until(run, day)


def look_again(run: StepRun) -> Progress:
    """The moment has come, or something happened that the wait depends on."""
    until = run.params.get("until", "days")
    if until == "condition":
        return _look_for(run, date.fromisoformat(str(run.step.result["deadline"])))
    if until == "renewal":
        return _until_renewal(run, int(run.params.get("days", 0)))
    return _until(run, date.fromisoformat(str(run.step.result["day"])))


def _until(run: StepRun, day: date, **result: Any) -> Progress:
    if day <= run.today:
        return Ended(DONE, f"Waited until {times.day(day)}" if run.step.began_at else "The day has passed")
    return Waits(morning_of(day), f"Until {times.day(day)}", {"day": day.isoformat(), **result})


def _until_renewal(run: StepRun, days: int) -> Progress:
    renewal, then = run.play.account.renewal_on, run.play.renewal_on
    if renewal is None:
        return Failed(NO_RENEWAL)
    if then is not None and renewal - then > MOVED:
        return Failed(RENEWED.format(then=times.day(then), now=times.day(renewal)))
    return _until(run, shift(renewal, days), watch=True)


def _look_for(run: StepRun, deadline: date) -> Progress:
    condition = run.params.get("condition")
    try:
        holds = conditions.holds_for(condition, play=run.play, day=run.today)
    except ValueError as error:
        return Failed(str(error))
    if holds:
        return Ended(MET, f"On {times.day(run.today)}: {conditions.words(condition)}")
    if run.today >= deadline:
        return Ended(TIMED_OUT, f"Not until {times.day(deadline)}: {conditions.words(condition)}")
    note = f"Until {conditions.words(condition)}, at the longest until {times.day(deadline)}"
    return Waits(morning_of(shift(run.today, 1)), note, {"deadline": deadline.isoformat(), "watch": True})


def morning_of(day: date) -> datetime:
    """When work begins on a day, by the workspace's clock; three queries."""
    return moment_of(day, work_week().opens_at, zone())


def wait_outcomes(params: Params) -> Sequence[tuple[str, str]]:
    """What branches may look at."""
    if params.get("until") == "condition":
        return ((MET, "It came to hold"), (TIMED_OUT, "Not in time"))
    return ((DONE, "The day has come"),)


def check_wait(params: Params) -> Sequence[str]:
    """Complaints about what a stored wait names."""
    if params.get("until", "days") not in UNTIL:
        return ("Choose what is waited for.",)
    if not isinstance(params.get("days"), int) or abs(params["days"]) > LONGEST:
        return (f"Write how many days, at most {number(LONGEST)}.",)
    if params["until"] == "date" and not _is_day(params.get("on")):
        return ("Choose the date that is waited for.",)
    problem = conditions.check(params.get("condition")) if params["until"] == "condition" else ""
    return (problem,) if problem else ()


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


WAIT = StepKind(
    name="wait",
    label="Wait",
    form=WaitForm,
    words=wait_words,
    begin=begin_wait,
    look=look_again,
    outcomes=wait_outcomes,
    check=check_wait,
    order=60,
)
