"""Plays on the timeline of an account: their starts and ends, and how steps ended."""

from datetime import datetime
from typing import Any

from django.db import connection

from csworkspace.web.urls import workspace_url
from playbooks.playbooks.steps import step_kind
from playbooks.plays.models import PlayState, StepState
from playbooks.timeline.sources import Happening

# Kinds of steps that tell their story by themselves (tasks, messages) are left to those.
TOLD_ELSEWHERE = ("task", "email", "recommendation")
FIND = """
select at, key, what, play_id, name, text, by, state from (
    (select play.started_at as at, 'play ' || play.id || ' started' as key, 'started' as what,
        play.id as play_id, playbook.name, play.cause_words as text, play.actor as by, play.state
     from playbooks_play play join playbooks_playbook playbook on playbook.id = play.playbook_id
     where play.account_id = %(account)s)
    union all
    (select play.ended_at, 'play ' || play.id || ' ended', 'ended', play.id, playbook.name,
        play.end_reason, '', play.state
     from playbooks_play play join playbooks_playbook playbook on playbook.id = play.playbook_id
     where play.account_id = %(account)s and play.ended_at is not null)
    union all
    (select coalesce(step.ended_at, step.began_at), 'step ' || step.id, step.kind, step.play_id, step.title,
        coalesce(nullif(step.error, ''), step.note), playbook.name, step.state
     from playbooks_playstep step join playbooks_play play on play.id = step.play_id
     join playbooks_playbook playbook on playbook.id = play.playbook_id
     where play.account_id = %(account)s and step.state in ('done', 'skipped', 'failed')
        and step.kind <> all(%(elsewhere)s) and coalesce(step.ended_at, step.began_at) is not null)
) happened
where %(at)s::timestamptz is null or (at, key collate "C") < (%(at)s, %(key)s)
order by at desc, key collate "C" desc limit %(limit)s
"""


def play_story(
    request: Any, account_id: int, before: tuple[datetime, str] | None, limit: int
) -> list[Happening]:
    """What happened in plays of an account, newest first; one query."""
    at, key = before or (None, "")
    values: dict[str, Any] = {
        "account": account_id,
        "at": at,
        "key": key,
        "limit": limit,
        "elsewhere": list(TOLD_ELSEWHERE),
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        return [_happening(request, *row) for row in cursor.fetchall()]


def _happening(
    request: Any, at: datetime, key: str, what: str, play: int, name: str, text: str, by: str, state: str
) -> Happening:
    url = workspace_url(request, "play", play)
    if what == "started":
        return Happening(at, key, f"Play started: {name}", text, by, url)
    if what == "ended":
        is_done = state == PlayState.DONE
        title = f"Play {'finished' if is_done else 'stopped'}: {name}"
        return Happening(at, key, title, text, "", url, "good" if is_done else "")
    kind = step_kind(what)
    label = kind.label if kind else what
    title = f"{StepState(state).label}: {name or label}"
    return Happening(at, key, title, text, f"Playbook {by}", url, "bad" if state == StepState.FAILED else "")
