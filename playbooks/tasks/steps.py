"""The steps of plays that people do or are told of: a task, and a notice to the team."""

from collections.abc import Sequence
from typing import Any

from django import forms

from csworkspace.notifications.actions import notify
from csworkspace.people.models import Membership
from csworkspace.people.queries import team
from csworkspace.web.formats import plural
from csworkspace.web.texts import clean_line, clean_text
from playbooks.playbooks.once import once
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
from playbooks.plays.owners import colleagues, leader_of, manager_ids, whom_to_tell
from playbooks.tasks.actions import (
    LONGEST_OUTCOME,
    MOST_OUTCOMES,
    cancel_step_tasks,
    create_task,
    reassign_task,
)
from playbooks.tasks.models import Task, TaskState
from playbooks.tasks.owners import due_day, present_owner, some_manager
from playbooks.tasks.settling import SKIPPED, outcome_of

OWNER, MANAGER, MEMBER = "owner", "manager", "member:"
AUDIENCES = {"owner": "Whoever leads the play", "managers": "All CS managers", "team": "The whole team"}


class OutcomesField(forms.CharField):
    """Ways in which a task can end, one a line, as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """A list is shown as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Each line once, in order."""
        if isinstance(value, list | tuple):
            return list(value)
        lines = (clean_line(line) for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: list[str]) -> None:
        """Few and short, because a person chooses among them."""
        if len(value) > MOST_OUTCOMES:
            raise forms.ValidationError(f"A task can end in at most {MOST_OUTCOMES} ways.")
        if any(len(text) > LONGEST_OUTCOME for text in value):
            raise forms.ValidationError(f"Say each way in at most {LONGEST_OUTCOME} characters.")

    def run_validators(self, value: Any) -> None:
        """Those of texts are not for lists."""


def outcomes_field() -> OutcomesField:
    """The field with its help."""
    return OutcomesField(
        required=False,
        label="How it can end",
        help_text="One a line, such as “Agreed” and “Refused”; plays can branch on it. Empty: only done.",
    )


class TaskStepForm(StepForm):
    """A task that somebody does before the play goes on."""

    title = forms.CharField(max_length=200, label="Task", help_text="What to do, beginning with a verb.")
    owner_role = forms.ChoiceField(label="Who does it")
    due_days = forms.IntegerField(
        label="Due in (working days)",
        min_value=0,
        max_value=250,
        initial=3,
        help_text="From the day the step begins; days on which the owner is away are not counted.",
    )
    hours = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=400,
        decimal_places=2,
        label="Hours of work",
        help_text="About how long it takes. A start on many accounts shows what it asks of the team.",
    )
    done_when = forms.CharField(
        required=False, max_length=300, label="Done when", help_text="The definition of success."
    )
    how_to = forms.CharField(
        required=False,
        max_length=20_000,
        label="How to",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown: **bold**, lists, links.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(f"{MEMBER}{member.pk}", str(member)) for member in colleagues().values()]
        roles = [(OWNER, AUDIENCES["owner"]), (MANAGER, "A CS manager")]
        self.fields["owner_role"].choices = [*roles, *people]  # type: ignore[attr-defined]
        self.fields["outcomes"] = outcomes_field()


class NoticeStepForm(StepForm):
    """Something that colleagues are told while the play goes on."""

    to = forms.ChoiceField(label="To", choices=list(AUDIENCES.items()))
    text = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="What they should know."
    )


def role_of(params: Params) -> str:
    """Who does the task: a role, or "member:12"."""
    return str(params.get("owner_role", OWNER))


def named_member(role: str) -> int | None:
    """The id in "member:12"; None for a role."""
    number = role.removeprefix(MEMBER) if role.startswith(MEMBER) else ""
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None


def owner_of(run: StepRun) -> int | None:
    """Who gets the task: the one that the step names, if they are here; else a manager; else nobody."""
    role = role_of(run.params)
    if role == MANAGER:
        return some_manager()
    if role.startswith(MEMBER):
        return present_owner(named_member(role))
    leader = leader_of(run.play)
    return leader.pk if leader else some_manager()


def begin_task(run: StepRun) -> Progress:
    """Make the step's task, once; a second begin finds it, and what has become of it."""
    task = Task.objects.filter(step=run.step).first()
    if task is None:
        owner_id = owner_of(run)
        task = create_task(
            run.play.account,
            str(run.params.get("title") or run.step.title),
            by=run.by,
            owner_id=owner_id,
            due_on=due_day(run.today, int(run.params.get("due_days") or 0), owner_id),
            outcomes=run.params.get("outcomes") or (),
            how_to=str(run.params.get("how_to") or ""),
            done_when=str(run.params.get("done_when") or ""),
            step=run.step,
            signal=run.play.signal,
        )
    if task.state in (TaskState.DONE, TaskState.SKIPPED):
        return Ended(outcome_of(task), task.result_note[:500], {"task": task.pk})
    note = "" if task.owner_id else "Nobody owns this: its owner has left, and nobody stands in."
    return Waits(note=note, result={"task": task.pk})


def hand_task(run: StepRun, before: Membership | None) -> None:
    """A task of whoever led the play, or of those who stood in, goes to whoever leads it now."""
    leader = leader_of(run.play)
    theirs = {before.pk} if before else {None, *manager_ids()}
    task = Task.objects.filter(step=run.step, state=TaskState.OPEN).first()
    if role_of(run.params) == OWNER and leader and task and task.owner_id in theirs:
        reassign_task(task, by=run.by, owner_id=leader.pk)


def cancel_task(run: StepRun) -> None:
    """The play was stopped or the step skipped."""
    cancel_step_tasks(run.step.pk, by=run.by)


def task_words(params: Params) -> str:
    """ "“Call the sponsor” for whoever leads the play, within 3 working days"."""
    role = role_of(params)
    who = {OWNER: "whoever leads the play", MANAGER: "a CS manager"}.get(role) or _name(role)
    days = int(params.get("due_days") or 0)
    due = f"within {plural(days, 'working day')}" if days else "due at once"
    return f"“{params.get('title', '')}” for {who}, {due}"


def _name(role: str) -> str:
    number = named_member(role) or 0
    member = colleagues().get(number) or once(f"member {number}", lambda: _one_who_left(number))
    return str(member) if member else "somebody who is gone"


def _one_who_left(number: int) -> Membership | None:
    return Membership.objects.select_related("user").filter(pk=number).first()


def task_outcomes(params: Params) -> Sequence[tuple[str, str]]:
    """The task's own outcomes, or done; and that it was skipped."""
    own = [(str(text), str(text)) for text in params.get("outcomes") or ()]
    return [*(own or [(DONE, "Done")]), (SKIPPED, "Skipped")]


def check_task(params: Params) -> Sequence[str]:
    """Complaints about somebody who has left."""
    role = role_of(params)
    member_id = named_member(role)
    if not role.startswith(MEMBER) or member_id in colleagues():
        return ()
    name = _name(role)
    return (f"{name[:1].upper()}{name[1:]} is not in the team any more. Choose who does this task.",)


def portable_task(params: Params) -> Params:
    """A colleague is nobody elsewhere."""
    is_member = role_of(params).startswith(MEMBER)
    return {**params, "owner_role": ""} if is_member else params


def audience_of(run: StepRun) -> list[int]:
    """Whom a notice is for."""
    if run.params.get("to") == "team":
        return list(team().values_list("pk", flat=True))
    if run.params.get("to") == "managers":
        return manager_ids()
    return whom_to_tell(run.play)


def begin_notice(run: StepRun) -> Progress:
    """Tell them, once, and go on."""
    text = clean_text(str(run.params.get("text") or ""), 500)
    if not text:
        return Failed("The notice has no text. Edit the playbook, or skip this step.")
    told = audience_of(run)
    notify(
        told,
        "play_notice",
        f"{run.play.account}: {clean_line(text)}",
        key=f"play step {run.step.pk}",
        text=f"From the play “{run.play}”",
        page="play",
        page_args=[run.play.pk],
    )
    note = f"Told {plural(len(told), 'colleague')}" if told else "There was nobody to tell"
    return Ended(note=note, result={"told": len(told)})


def notice_words(params: Params) -> str:
    """ "Tell all CS managers: “…”"."""
    whom = AUDIENCES.get(str(params.get("to")), "nobody")
    return f"Tell {whom[:1].lower()}{whom[1:]}: “{params.get('text', '')}”"


TASK = StepKind(
    name="task",
    label="Task",
    form=TaskStepForm,
    words=task_words,
    begin=begin_task,
    look=begin_task,
    handed=hand_task,
    cancel=cancel_task,
    outcomes=task_outcomes,
    check=check_task,
    portable=portable_task,
    tells_leader=lambda params: role_of(params) == OWNER,
    order=10,
)
NOTICE = StepKind(
    name="notice",
    label="Notice to the team",
    form=NoticeStepForm,
    words=notice_words,
    begin=begin_notice,
    order=30,
)
