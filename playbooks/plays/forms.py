"""What people are asked when they steer plays, start them, and answer launches."""

from typing import Any

from django import forms

from csworkspace.people.queries import team
from csworkspace.web.versions import VersionedForm
from playbooks.playbooks.models import Playbook, PlaybookState
from playbooks.plays.models import Launch, Play

MOST_A_DAY = 1000


class ActForm(VersionedForm):
    """An act on a play, with the version that the person saw."""

    def __init__(self, *args: Any, play: Play, **options: Any) -> None:
        super().__init__(*args, subject=play, prefix=None, **options)


class StopForm(ActForm):
    """Why it is stopped."""

    reason = forms.CharField(
        label="Why it is stopped",
        max_length=300,
        help_text="It stays in the history: what happened, or why it is not needed any more.",
    )


class AssignForm(ActForm):
    """Who leads it from now on."""

    owner: Any = forms.ModelChoiceField(
        label="Colleague", queryset=None, required=False, empty_label="Whoever owns the account"
    )

    def __init__(self, *args: Any, play: Play, **options: Any) -> None:
        super().__init__(*args, play=play, **{"initial": {"owner": play.owner_id}, **options})
        field: Any = self.fields["owner"]
        field.queryset = team()


class OnStepForm(ActForm):
    """A step of the play."""

    step = forms.IntegerField(widget=forms.HiddenInput)


class SkipForm(OnStepForm):
    """A step that is left out, and why."""

    reason = forms.CharField(
        label="Why it is skipped", max_length=300, error_messages={"required": "Say why it is skipped."}
    )


def startable() -> Any:
    """The playbooks that can be started, by name."""
    return Playbook.objects.filter(state=PlaybookState.ACTIVE, current__isnull=False).order_by("name", "pk")


class ChoosePlaybookForm(forms.Form):
    """Which playbook."""

    playbook: Any = forms.ModelChoiceField(
        label="Playbook", queryset=None, empty_label="Choose a playbook", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["playbook"]
        field.queryset = startable()


class StartForm(forms.Form):
    """Who leads it, and why it is started; `token` makes a double click one start."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(
        label="Why now",
        max_length=300,
        required=False,
        help_text="Colleagues read it on the play. Left empty, it says that it was started by hand.",
    )
    owner: Any = forms.ModelChoiceField(
        label="Who leads it", queryset=None, required=False, empty_label="Whoever owns the account"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["owner"]
        field.queryset = team()


class ManyForm(forms.Form):
    """The book's bulk action: which playbook is started on the selected accounts."""

    playbook = forms.ChoiceField(label="Playbook")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["playbook"]
        field.choices = [(str(pk), name) for pk, name in startable().values_list("pk", "name")]


class ApproveForm(forms.Form):
    """How many a day; `asked` is how many accounts the person saw."""

    per_day = forms.IntegerField(
        label="Accounts a day",
        min_value=1,
        max_value=MOST_A_DAY,
        help_text="The first ones start at once, the others on the following days.",
    )
    asked = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, launch: Launch, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"per_day": launch.per_day, "asked": launch.asked, **self.initial}


class ReasonForm(forms.Form):
    """A word on a refusal, or on stopping."""

    reason = forms.CharField(label="Why", max_length=300, required=False)
