"""Kinds of steps for the tests of the defining side, whatever is registered."""

from typing import Any

import pytest
from django import forms

from playbooks.playbooks import steps
from playbooks.playbooks.condition_form import ConditionMixin, shown_condition
from playbooks.playbooks.names import Names
from playbooks.playbooks.steps import DONE, Ended, Params, StepForm, StepKind


class TaskForm(StepForm):
    title = forms.CharField(max_length=200)
    owner_role = forms.ChoiceField(choices=[("owner", "Owner"), ("manager", "Manager")])
    due_days = forms.IntegerField(min_value=0, max_value=250)
    done_when = forms.CharField(required=False)
    how_to = forms.CharField(required=False)
    outcomes = forms.CharField(required=False, widget=forms.Textarea)

    def params(self) -> Params:
        return {**super().params(), "outcomes": self.cleaned_data["outcomes"].splitlines()}


class LooseForm(StepForm):
    """Takes whatever the library says of kinds that others write."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own = dict(self.data or {})

    def params(self) -> Params:
        return self.own


class TextForm(StepForm):
    text = forms.CharField(max_length=200)


class BranchForm(ConditionMixin, StepForm):
    yes = forms.ChoiceField(required=False)
    no = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("yes", "no"):
            self.fields[name].choices = list(self.around.later)
        self.add_condition(Names(), self.around.earlier)

    @classmethod
    def raw(cls, params: Params) -> Params:
        ways = {name: params.get(name, "") for name in ("yes", "no")}
        return {**ways, **shown_condition(params.get("condition"))}

    def params(self) -> Params:
        ways = {name: self.cleaned_data[name] for name in ("yes", "no")}
        return {"condition": self.condition(), **ways}


def begin(run: Any) -> Ended:
    return Ended()


def outcomes(params: Params) -> list[tuple[str, str]]:
    return [(one, one) for one in params.get("outcomes") or []] or [(DONE, "Done")]


def kind(name: str, form: type[StepForm], **options: Any) -> StepKind:
    words = options.pop("words", lambda params: name.capitalize())
    return StepKind(name, name.capitalize(), form, words, begin, **options)


def complain(params: Params) -> list[str]:
    return ["Its text is gone. Write another one."] if params.get("text") == "gone" else []


KINDS = [
    kind("task", TaskForm, words=lambda p: f"Due in {p['due_days']} days", outcomes=outcomes, order=10),
    kind("notice", TextForm, check=complain, order=20),
    kind("branch", BranchForm, outcomes=lambda p: (("yes", "Yes"), ("no", "No")), order=30),
    *(kind(name, LooseForm) for name in ("wait", "email", "change", "recommendation")),
]


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_kinds", {one.name: one for one in KINDS})
