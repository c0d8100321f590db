"""Plays on accounts that churn: what was planned for a customer is not to go on unasked."""

from collections.abc import Sequence

from accounts.accounts.models import Stage
from csworkspace.audit.actor import Actor
from csworkspace.notifications.actions import notify
from playbooks.plays.actions import pause_play
from playbooks.plays.chain import changed_by_play
from playbooks.plays.marks import Moved
from playbooks.plays.models import PlayState
from playbooks.plays.owners import whom_to_tell
from playbooks.plays.queries import get_plays

CHURNED = "The account has churned."


def pause_on_churn(moves: Sequence[Moved], *, by: Actor) -> int:
    """Pause what runs on accounts that churned, and tell who leads it; how many plays.

    Left alone is what is meant for churned accounts, and the play that set the stage itself.
    """
    gone = [move.account_id for move in moves if move.is_stage and move.stage == Stage.CHURNED]
    if not gone:
        return 0
    own = {play for (_, stage), play in changed_by_play(gone, "stage").items() if stage == Stage.CHURNED}
    running = get_plays().filter(account_id__in=gone, state=PlayState.RUNNING).exclude(pk__in=own)
    meant = [
        play
        for play in running.order_by("pk")
        if Stage.CHURNED not in (play.playbook_version.audience.get("stages") or [])
    ]
    for play in meant:
        pause_play(play, by=by, reason=CHURNED)
        notify(
            whom_to_tell(play),
            "play_paused",
            f"{play.playbook.name} on {play.account.name} is paused: the account has churned",
            key=f"play {play.pk} paused, version {play.version}",
            text="Nothing more begins, and e-mails that wait do not leave. Stop or resume it on its page.",
            page="play",
            page_args=[play.pk],
        )
    return len(meant)
