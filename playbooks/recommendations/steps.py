"""The step of playbooks that advises the customer."""

from collections.abc import Sequence
from datetime import timedelta

from django import forms

from csworkspace.web.formats import plural
from csworkspace.web.versions import Conflict
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
from playbooks.recommendations.actions import (
    CLOSED,
    Advice,
    lines_of,
    make_recommendation,
    withdraw_recommendation,
)
from playbooks.recommendations.fields import FeaturesField
from playbooks.recommendations.models import Recommendation, RecommendationState

WAIT, GO_ON = "wait", "go_on"
OUTCOMES = (
    (RecommendationState.TAKEN_UP.value, "Taken up"),
    (RecommendationState.DECLINED.value, "Declined"),
    (RecommendationState.EXPIRED.value, "Not taken up in time"),
    (RecommendationState.WITHDRAWN.value, "Withdrawn"),
)
USUAL_DAYS = 30


class RecommendationStepForm(StepForm):
    """What to advise, and whether the play waits for what comes of it."""

    title = forms.CharField(max_length=200, label="What to do", help_text="As the customer reads it.")
    text = forms.CharField(
        required=False, max_length=5000, label="How", widget=forms.Textarea(attrs={"rows": 4})
    )
    why = forms.CharField(required=False, max_length=300, label="Why")
    features = FeaturesField(
        required=False,
        label="Features that show it",
        help_text="One a line, such as automation.rules or reports.*. Their first use marks it as taken up.",
    )
    due_days = forms.IntegerField(
        min_value=1, max_value=365, initial=USUAL_DAYS, label="Days until it is due"
    )
    answer = forms.ChoiceField(
        required=False,
        choices=((GO_ON, "Go on at once"), (WAIT, "Wait until it is taken up, declined or too late")),
        label="Then",
    )


def words(params: Params) -> str:
    """ "“Let rules plan recurring visits” to the customer, due in 30 days"."""
    then = ", and wait for what comes of it" if params.get("answer") == WAIT else ""
    return f"“{params.get('title', '')}” to the customer, due in {plural(days_of(params), 'day')}{then}"


def days_of(params: Params) -> int:
    """How many days the customer has."""
    return int(params.get("due_days") or USUAL_DAYS)


def outcomes(params: Params) -> Sequence[tuple[str, str]]:
    """What it can end with."""
    return OUTCOMES if params.get("answer") == WAIT else ((DONE, "Done"),)


def begin(run: StepRun) -> Progress:
    """Show it to the customer."""
    params = run.params
    if not str(params.get("title") or "").strip():
        return Failed("The recommendation has no title. Edit the playbook, or skip this step.")
    advice = Advice(
        title=str(params["title"]),
        text=str(params.get("text") or ""),
        why=str(params.get("why") or ""),
        features=lines_of(params.get("features") or []),
        due_on=run.today + timedelta(days=days_of(params)),
    )
    made = make_recommendation(run.play.account, advice, by=run.by, owner=run.play.owner, step=run.step)
    result = {"recommendation": made.pk}
    if params.get("answer") != WAIT:
        return Ended(result=result)
    if made.state in CLOSED:
        return Ended(str(made.state), result=result)
    return Waits(result=result)


def cancel(run: StepRun) -> None:
    """What the customer has not answered is withdrawn; what they accepted stays."""
    for one in Recommendation.objects.filter(step=run.step, state=RecommendationState.OPEN):
        try:
            withdraw_recommendation(
                one, by=run.by, reason="The play was stopped, or the step skipped.", is_accepted_kept=True
            )
        except Conflict:
            # The customer was faster: their answer counts.
            continue


RECOMMENDATION = StepKind(
    "recommendation", "Recommendation", RecommendationStepForm, words, begin,
    look=begin, cancel=cancel, outcomes=outcomes, order=30,
)  # fmt: skip
