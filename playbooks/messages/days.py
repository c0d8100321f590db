"""E-mails that wait for a look, for the day of whoever leads their play."""

from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from playbooks.plays.lists import led_by
from playbooks.plays.models import Play, PlayState, PlayStep, StepState


def mails_to_review(view: Viewpoint) -> list[Item]:
    """The steps, the oldest first; one query."""
    plays = Play.objects.filter(state=PlayState.RUNNING)
    if view.owner_id is not None:
        plays = plays.filter(led_by(view.owner_id))
    rows = PlayStep.objects.filter(
        kind="email", state=StepState.ACTIVE, result__review__gt=0, play_id__in=plays.values("pk")
    ).order_by("began_at", "pk")
    found = rows.values_list("pk", "account_id", "title", "note", "play__playbook__name")
    return [
        Item(
            key=f"review-{pk}",
            kind=Kind.DUTY,
            account_id=account_id,
            reason=f"{playbook}, {title}: {note[:1].lower()}{note[1:]}",
            step=view.link("Look at the e-mails", "step_review", pk),
            due_on=view.today,
        )
        for pk, account_id, title, note, playbook in found[:CAP]
    ]
