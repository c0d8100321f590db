"""Forms about tasks."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.accounts.models import Account
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web.versions import VersionedForm
from csworkspace.web.widgets import DateInput
from playbooks.tasks.models import Task
from playbooks.tasks.steps import outcomes_field


def owner_field(**options: Any) -> forms.ModelChoiceField:
    """Who does it; nobody is a choice."""
    return forms.ModelChoiceField(team(), required=False, empty_label="Nobody", **options)


# What lies outside is a slip of the keyboard.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
THIS_AGE = "Write a date between 2000 and 2100."


def due_field(**options: Any) -> forms.DateField:
    """When it is due; a task may be without a date."""
    field = forms.DateField(widget=DateInput, required=False, **options)
    field.validators += [MinValueValidator(EARLIEST, THIS_AGE), MaxValueValidator(LATEST, THIS_AGE)]
    return field


def note_field(label: str = "Note", **options: Any) -> forms.CharField:
    """What came of it."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(required=False, max_length=5000, label=label, widget=widget, **options)


class TaskForm(VersionedForm):
    """A new task, or one that is edited."""

    title = forms.CharField(max_length=200, label="What to do", help_text="Begin with a verb: “Call Ruth …”")
    due_on = due_field(label="Due")
    is_urgent = forms.BooleanField(required=False, label="Urgent")
    done_when = forms.CharField(
        required=False, max_length=300, label="Done when", help_text="How one can tell that it is done."
    )
    how_to = forms.CharField(
        required=False,
        max_length=20_000,
        label="How to",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Markdown: **bold**, lists, links.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"] = owner_field(label="Who does it")
        self.fields["outcomes"] = outcomes_field()
        self.order_fields(["version", "account", "title", "owner", "due_on", "is_urgent", "done_when"])

    @classmethod
    def of(cls, task: Task, data: Any = None) -> "TaskForm":
        """The form of a task."""
        names = ("title", "owner", "due_on", "is_urgent", "done_when", "how_to", "outcomes")
        form = cls(data, subject=task, initial={name: getattr(task, name) for name in names})
        if task.step_id is not None:
            # Its play parts ways by how the task ends.
            del form.fields["outcomes"]
        return form

    def values(self) -> dict[str, Any]:
        """The arguments of the actions."""
        data = dict(self.cleaned_data)
        owner: Membership | None = data.pop("owner")
        data.pop("version", None)
        return {**data, "owner_id": owner.pk if owner else None}


class TaskAnywhereForm(TaskForm):
    """A new task, with the account by its name."""

    account = forms.CharField(
        max_length=200,
        label="Account",
        help_text="Its name, as in the book.",
        widget=forms.TextInput(attrs={"list": "account-names", "autocomplete": "off"}),
    )

    def clean_account(self) -> Account:
        """The one account of this name."""
        found = list(Account.objects.filter(name__iexact=self.cleaned_data["account"].strip())[:2])
        if not found:
            raise forms.ValidationError("No account has this name. Write it as it is in the book.")
        if len(found) > 1:
            raise forms.ValidationError("Several accounts have this name. Start from the account’s page.")
        return found[0]


class CompletionForm(VersionedForm):
    """How it ended."""

    def __init__(self, *args: Any, subject: Task, **options: Any) -> None:
        super().__init__(*args, subject=subject, **options)
        if subject.outcomes:
            self.fields["outcome"] = forms.ChoiceField(
                label="How did it end?",
                choices=[(text, text) for text in subject.outcomes],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose how it ended."},
            )
        self.fields["note"] = note_field(help_text="What came of it. Stays in the workspace.")


class SkipForm(VersionedForm):
    """Why it is not done."""

    reason = forms.CharField(max_length=500, label="Why", help_text="For example: they asked us to wait.")


class AssignmentForm(VersionedForm):
    """Who does it from now on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"] = owner_field(label="To")


class DueForm(VersionedForm):
    """Another day."""

    due_on = due_field(label="Due", help_text="Empty: no date.")


class ManyForm(forms.Form):
    """What is done with the ticked ones; each button reads its own fields."""

    note = forms.CharField(required=False, max_length=2000, label="Note")
    due_on = due_field(label="Due")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Nobody is no choice here: one press must not take the owners away.
        self.fields["owner"] = forms.ModelChoiceField(
            team(), required=False, empty_label="Choose…", label="To"
        )


class TaskFilterForm(forms.Form):
    """The filters of the inbox; what it shows comes from `TaskFilter`."""

    # "Anywhere" is the empty choice; browsers would not send a required field with it.
    use_required_attribute = False

    whose = forms.ChoiceField(label="Whose")
    origin = forms.ChoiceField(label="From")
    playbook = forms.ChoiceField()
    tier = forms.ChoiceField()
    segment = forms.ChoiceField()
    state = forms.CharField(widget=forms.HiddenInput)
    account = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not self.initial.get("account"):
            del self.fields["account"]
