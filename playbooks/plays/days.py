"""Plays for the day of whoever leads them: those that cannot go on."""

from typing import Any

from playbooks.myday.providers import CAP, Viewpoint
from playbooks.myday.urgency import Item, Kind
from playbooks.plays.lists import led_by
from playbooks.plays.models import ACTIVE, Play, PlayStep, StepState


def stuck_plays(view: Viewpoint) -> list[Item]:
    """Steps that have failed and wait for a person, the oldest first; one query."""
    rows = PlayStep.objects.filter(state=StepState.FAILED, play__state__in=ACTIVE)
    if view.owner_id is not None:
        rows = rows.filter(play_id__in=_led(view.owner_id))
    found = rows.order_by("began_at", "pk").values_list(
        "pk", "account_id", "play_id", "title", "play__playbook__name"
    )
    return [
        Item(
            key=f"step-{pk}",
            kind=Kind.DUTY,
            account_id=account_id,
            reason=f"The play {playbook} cannot go on: {title}",
            step=view.link("Open the play", "play", play_id),
            due_on=view.today,
        )
        for pk, account_id, play_id, title, playbook in found[:CAP]
    ]


def _led(owner_id: int) -> Any:
    return Play.objects.filter(led_by(owner_id), state__in=ACTIVE).values("pk")
