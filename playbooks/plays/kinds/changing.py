"""Changes of the account: its stage, its owner, a tag; undone like any other change.

params: {"field": "stage" | "owner" | "add_tag" | "remove_tag", "stage": …, "owner": member's id or
"manager", "tag": …}.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.accounts.models import Account, Stage
from accounts.accounts.tags import MOST
from accounts.changes.actions import apply_changes
from accounts.changes.fields import Change, ChangeRefused, words_of
from csworkspace.people.queries import team
from csworkspace.web.urls import id_in
from playbooks.playbooks.steps import DONE, Ended, Failed, Params, Progress, StepForm, StepKind, StepRun
from playbooks.plays.owners import colleagues, manager_ids

FIELDS = {"stage": "The stage", "owner": "The owner", "add_tag": "Add a tag", "remove_tag": "Remove a tag"}
MANAGER, UNCHANGED, LONGEST_TAG = "manager", "unchanged", 40
GONE = "The colleague who is to own the account does not work here any more."


class ChangeForm(StepForm):
    """What is changed, and to what."""

    field = forms.ChoiceField(label="What changes", choices=list(FIELDS.items()))
    stage = forms.ChoiceField(label="New stage", required=False, choices=[("", "–"), *Stage.choices])
    owner = forms.ChoiceField(label="New owner", required=False)
    tag = forms.CharField(label="Tag", required=False, max_length=LONGEST_TAG)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(str(member.pk), str(member)) for member in colleagues().values()]
        field: Any = self.fields["owner"]
        field.choices = [("", "–"), (MANAGER, "A CS manager"), *people]

    def clean(self) -> dict[str, Any]:
        """The value that belongs to the field must be there."""
        values = super().clean() or {}
        wanted = value_name(values.get("field", ""))
        if wanted and not values.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, "Choose what it changes to.")
        return values

    def params(self) -> Params:
        """What is stored: the field and its own value."""
        field = self.cleaned_data["field"]
        name = value_name(field)
        return {"field": field, name: self.cleaned_data[name]}


def value_name(field: str) -> str:
    """The parameter that holds a field's value."""
    return "tag" if field in ("add_tag", "remove_tag") else field


def change_words(params: Params) -> str:
    """ "Set the stage to Renewing"."""
    field = params.get("field")
    if field == "stage":
        return f"Set the stage to {dict(Stage.choices).get(params.get('stage', ''), 'one that is gone')}"
    if field == "owner":
        return f"Make {_owner_words(params)} the owner"
    verb = "Add" if field == "add_tag" else "Remove"
    return f"{verb} the tag “{params.get('tag', '')}”"


def _owner_words(params: Params) -> str:
    if params.get("owner") == MANAGER:
        return "a CS manager"
    member = colleagues().get(id_in(str(params.get("owner", ""))) or 0)
    return str(member) if member else "somebody who does not work here any more"


def apply(run: StepRun) -> Progress:
    """Change the account as it is now; the history says that the play did it."""
    account = Account.objects.get(pk=run.play.account_id)
    try:
        field, before, after = wanted_value(account, run.params)
        if before == after:
            return Ended(UNCHANGED, "It was so already.")
        change = Change(account.pk, field, before, after)
        title = f"{run.play.playbook.name}: {change_words(run.params)}"
        made = apply_changes("play", title, [change], by=run.by, reason=f"Step “{run.step.title}”")
    except ChangeRefused as refusal:
        return Failed(f"{refusal} Change the playbook, or do it by hand and skip this step.")
    if not made.made:
        return Failed("Somebody changed the account at the same moment. Try this step again.")
    said = words_of([field])[field]
    note = f"{said(before)} → {said(after)}"
    return Ended(DONE, note, {"change_set": made.pk, "field": field, "after": after})


def wanted_value(account: Account, params: Params) -> tuple[str, Any, Any]:
    """Field, value before, value after. Raises ChangeRefused."""
    field = params.get("field")
    if field == "stage":
        return "stage", account.stage, params.get("stage")
    if field == "owner":
        return "owner", account.owner_id, _new_owner(account, params)
    return "tags", list(account.tags), _tags(list(account.tags), str(params.get("tag", "")), field)


def _new_owner(account: Account, params: Params) -> int:
    if params.get("owner") == MANAGER:
        found = manager_ids()
        if not found:
            raise ChangeRefused("There is no CS manager. Invite one.")
        return account.owner_id if account.owner_id in found else found[0]
    owner = id_in(str(params.get("owner", "")))
    if owner is None or not team().filter(pk=owner).exists():
        raise ChangeRefused(GONE)
    return owner


def _tags(tags: list[str], tag: str, field: Any) -> list[str]:
    has = tag.casefold() in map(str.casefold, tags)
    if field == "remove_tag":
        return [one for one in tags if one.casefold() != tag.casefold()]
    if not has and len(tags) >= MOST:
        raise ChangeRefused(f"The account has {MOST} tags already.")
    return tags if has else [*tags, tag]


def check_change(params: Params) -> Sequence[str]:
    """Complaints about a value that is gone."""
    field = params.get("field", "")
    if field not in FIELDS or not params.get(value_name(field)):
        return ("Choose what changes, and to what.",)
    if field == "stage" and params["stage"] not in Stage.values:
        return ("That stage does not exist. Choose one of the list.",)
    if field == "owner" and params["owner"] != MANAGER:
        owner = id_in(str(params["owner"])) or 0
        return () if owner in colleagues() else (GONE,)
    return ()


def portable_change(params: Params) -> Params:
    """A colleague is nobody elsewhere."""
    is_member = params.get("field") == "owner" and params.get("owner") != MANAGER
    return {**params, "owner": ""} if is_member else params


CHANGE = StepKind(
    name="change",
    label="Change the account",
    form=ChangeForm,
    words=change_words,
    begin=apply,
    outcomes=lambda params: ((DONE, "Changed"), (UNCHANGED, "It was so already")),
    check=check_change,
    portable=portable_change,
    order=50,
)
