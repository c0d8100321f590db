"""Plays on the timeline of an account: their starts and ends, and a day's steps of each as one entry."""

import json
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
    (select max(told.at), 'steps ' || told.play_id || ' ' || told.day, 'steps', told.play_id, told.name,
        json_agg(json_build_array(told.kind, told.title, told.text, told.who, told.state)
            order by told.at, told.position)::text, '', ''
     from (
        select coalesce(step.ended_at, step.began_at) as at, step.play_id, step.kind, step.title, step.state,
            step.position, playbook.name, coalesce(nullif(step.error, ''), step.note) as text,
            (coalesce(step.ended_at, step.began_at) at time zone %(zone)s)::date as day,
            coalesce(step.result ->> 'by', 'Playbook ' || playbook.name) as who
        from playbooks_playstep step join playbooks_play play on play.id = step.play_id
        join playbooks_playbook playbook on playbook.id = play.playbook_id
        where play.account_id = %(account)s and step.state in ('done', 'skipped', 'failed')
            and (step.kind <> all(%(elsewhere)s) or step.kind = 'email' and step.state = 'skipped')
            and coalesce(step.ended_at, step.began_at) is not null
     ) told group by told.play_id, told.name, told.day)
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
        "zone": request.workspace.timezone,
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
    return _steps(at, key, name, url, json.loads(text))


def _steps(at: datetime, key: str, playbook: str, url: str, steps: list[list[str]]) -> Happening:
    """What became of a play's steps on one day, as one entry."""
    lines = [_line(*step) for step in steps]
    who = {step[3] for step in steps}
    by = who.pop() if len(who) == 1 else f"Playbook {playbook}"
    tone = "bad" if any(step[4] == StepState.FAILED for step in steps) else ""
    if len(lines) == 1:
        return Happening(at, key, lines[0], steps[0][2], by, url, tone)
    return Happening(at, key, f"{len(lines)} steps of {playbook}", "; ".join(lines)[:500], by, url, tone)


def _line(kind: str, title: str, text: str, who: str, state: str) -> str:
    found = step_kind(kind)
    return f"{StepState(state).label}: {title or (found.label if found else kind)}"
