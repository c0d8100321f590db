"""Forms of recommendations."""

from typing import Any

from django import forms

from csworkspace.people.queries import team
from csworkspace.web.widgets import DateInput
from playbooks.frameworks.models import Behaviour, FrameworkStatus
from playbooks.recommendations.actions import Advice
from playbooks.recommendations.fields import FeaturesField


class RecommendationForm(forms.Form):
    """Advise a customer."""

    title = forms.CharField(
        max_length=200,
        label="What to do",
        help_text="As the customer reads it: “Let rules plan recurring visits”.",
    )
    text = forms.CharField(
        required=False,
        max_length=5000,
        label="How",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The first step, how long it takes, who can help.",
    )
    why = forms.CharField(
        required=False, max_length=300, label="Why", help_text="With their own numbers, if you can."
    )
    features = FeaturesField(
        required=False,
        label="Features that show it",
        help_text="One a line, such as automation.rules or reports.*. "
        "Their first use from now on marks it as taken up.",
    )
    behaviour = forms.ModelChoiceField(
        Behaviour.objects.none(),
        required=False,
        empty_label="None",
        label="Or a behaviour that shows it",
        help_text="Marked as taken up when the maturity assessment says that it holds.",
    )
    due_on = forms.DateField(required=False, widget=DateInput, label="By when")
    owner = forms.ModelChoiceField(team().none(), required=False, empty_label="The account's owner")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        behaviours = Behaviour.objects.filter(level__framework__status=FrameworkStatus.ACTIVE)
        self.fields["behaviour"].queryset = behaviours.order_by("level__position", "position")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = team()  # type: ignore[attr-defined]

    def advice(self) -> Advice:
        """What the action takes."""
        data = self.cleaned_data
        return Advice(**{name: data[name] for name in Advice.__dataclass_fields__})


class WithdrawalForm(forms.Form):
    """Advise it no more."""

    reason = forms.CharField(
        max_length=300, help_text="Stays in the workspace; the customer does not see it any more."
    )


class UptakeForm(forms.Form):
    """A person knows that it was taken up."""

    shown_by = forms.CharField(
        max_length=250, label="What shows it", help_text="For example: showed us the new board in the call."
    )


class AnswerForm(forms.Form):
    """What a customer says."""

    answer = forms.ChoiceField(choices=[("accept", "Accept"), ("decline", "Decline"), ("done", "Done")])
    note = forms.CharField(required=False, max_length=500)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31)
