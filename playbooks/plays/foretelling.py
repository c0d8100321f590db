"""What plays will do next, in words, for whoever has just ended what they waited for."""

from collections import Counter
from collections.abc import Mapping

from csworkspace.web.formats import plural
from playbooks.playbooks.steps import step_kind
from playbooks.plays.advancing import plan_of
from playbooks.plays.flow import END, Planned, target_of
from playbooks.plays.models import Play, PlayState, PlayStep

# They are over at once: what counts is what comes behind them.
PASSING = ("notice", "change")


def what_follows(ended: Mapping[int, str]) -> str:
    """ "2 plays go on; 1 waits for your look at 4 e-mails." of steps (id → outcome); "" without plays."""
    found = PlayStep.objects.filter(pk__in=ended).select_related(
        "play__account__owner", "play__playbook_version", "play__signal", "play__playbook"
    )
    steps = list(found.order_by("pk"))
    going = [step for step in steps if step.play.state in (PlayState.RUNNING, PlayState.DONE)]
    paused = sum(step.play.state == PlayState.PAUSED for step in steps)
    said = Counter(words for step in going if (words := _follows(step.play, step, ended[step.pk])))
    parts = [f"{plural(len(going), 'play')} {'goes' if len(going) == 1 else 'go'} on"] if going else []
    parts += [f"{count} {words if count == 1 else _many(words)}" for words, count in said.items()]
    parts += [f"{plural(paused, 'play')} {'is' if paused == 1 else 'are'} paused"] if paused else []
    return f"{'; '.join(parts)}." if parts else ""


def _follows(play: Play, step: PlayStep, outcome: str) -> str:
    following = next_step(plan_of(play), step.key, outcome)
    if following is None:
        return "ends with it"
    kind = step_kind(following.kind)
    return kind.follows(play, dict(following.params)) if kind else ""


def next_step(plan: list[Planned], key: str, outcome: str) -> Planned | None:
    """The step that waits behind one that ended so; None at the end of the play."""
    keys = [one.key for one in plan]
    at = keys.index(key) if key in keys else len(plan)
    while at < len(plan):
        target = target_of(plan[at], outcome)
        if target == END:
            return None
        at = keys.index(target) if target in keys[at + 1 :] else at + 1
        if at < len(plan) and plan[at].kind not in PASSING:
            return plan[at]
        outcome = ""
    return None


def _many(words: str) -> str:
    """ "waits for your look" of several."""
    verb, _, rest = words.partition(" ")
    return f"{verb.removesuffix('s')} {rest}"
