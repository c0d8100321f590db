"""Branches: a condition decides which later step comes next.

params: {"condition": {…}, "yes": key, "no": key}; "" is the next step, "end" the end.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from playbooks.playbooks import conditions
from playbooks.playbooks.condition_form import ConditionMixin
from playbooks.playbooks.names import Names
from playbooks.playbooks.steps import Ended, Failed, Params, Progress, StepForm, StepKind, StepRun
from playbooks.plays.flow import NO, YES, earlier_of
from playbooks.plays.kinds.waiting import shown, stored_in

NEXT = [("", "The next step"), ("end", "The end of the play")]


class BranchForm(ConditionMixin, StepForm):
    """The condition, and the two ways."""

    yes = forms.ChoiceField(label="If so, go on with", required=False)
    no = forms.ChoiceField(label="If not, go on with", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ways = list(self.around.later) or NEXT
        for name in (YES, NO):
            field: Any = self.fields[name]
            field.choices = ways
        self.add_condition(Names(), self.around.earlier, stored=stored_in(self.initial))
        self.order_fields(["look_at", *[name for name in self.fields if name not in (YES, NO)]])

    @classmethod
    def raw(cls, params: Params) -> Params:
        """The condition as its fields show it."""
        ways = {name: params.get(name, "") for name in (YES, NO)}
        return {**ways, **shown(params.get("condition"))}

    def params(self) -> Params:
        """What is stored."""
        ways = {name: self.cleaned_data.get(name, "") for name in (YES, NO)}
        return {"condition": self.condition(), **ways}


def branch_words(params: Params) -> str:
    """ "If the stage is Renewing"."""
    return f"If {conditions.words(params.get('condition'))}"


def decide(run: StepRun) -> Progress:
    """Yes or no, as things are today."""
    condition, earlier = run.params.get("condition"), earlier_of(run.play.playbook_version.steps)
    try:
        holds = conditions.holds_for(condition, play=run.play, day=run.today)
    except ValueError as error:
        return Failed(str(error))
    said = conditions.words(condition, earlier=earlier)
    return Ended(YES if holds else NO, f"Yes: {said}" if holds else f"No, it is not so that {said}")


def check_branch(params: Params) -> Sequence[str]:
    """Complaints about what a stored condition names."""
    problem = conditions.check(params.get("condition"))
    return (problem,) if problem else ()


BRANCH = StepKind(
    name="branch",
    label="Branch",
    form=BranchForm,
    words=branch_words,
    begin=decide,
    outcomes=lambda params: ((YES, "Yes"), (NO, "No")),
    check=check_branch,
    order=70,
)
