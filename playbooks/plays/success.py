"""Whether plays did what they were for: by the success measure of the version that each began with."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.formats import plural
from playbooks.playbooks.conditions import words
from playbooks.playbooks.definition import BadDefinition, read_version
from playbooks.playbooks.judging import Span, days_reached
from playbooks.playbooks.models import PlaybookVersion
from playbooks.playbooks.shapes import Condition, Success
from playbooks.plays.clock import now
from playbooks.plays.models import Play

NO_SIGNAL = "the play was started without a signal."
JUDGED = ["succeeded", "success_words", "judged_at"]


def success_of(version: PlaybookVersion) -> Success | None:
    """The version's success measure; None if it has none that can be read."""
    try:
        found = read_version(version).success
    except BadDefinition:
        return None
    return found if found.condition else None


def measured_versions() -> list[PlaybookVersion]:
    """The versions with a success measure that have plays which are not judged yet."""
    waiting = (
        PlaybookVersion.objects.filter(plays__judged_at=None, plays__isnull=False).distinct().order_by("pk")
    )
    return [version for version in waiting if success_of(version)]


def unjudged(version: PlaybookVersion) -> list[int]:
    """The plays of a version of which it is not known yet; one query."""
    rows = Play.objects.filter(playbook_version=version, judged_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def judge(version: PlaybookVersion, play_ids: Sequence[int]) -> int:
    """Judge plays of one version; of how many it became known. A constant number of queries.

    What cannot be told (its metric is gone, the play has no signal) stays unknown; once the window has
    passed nobody asks again.
    """
    success = success_of(version)
    if success is None or success.condition is None:
        return 0
    day = today()
    plays = list(
        Play.objects.select_for_update(no_key=True)
        .filter(pk__in=play_ids, playbook_version=version, judged_at=None)
        .order_by("pk")
    )
    ends = [end_of(play, success) for play in plays]
    spans = [
        Span(play.account_id, play.started_on, max(play.started_on, min(day, end)), play.signal_id, play.pk)
        for play, end in zip(plays, ends, strict=True)
    ]
    said = success.words or words(success.condition)
    try:
        met = days_reached(success.condition, spans, ends)
        why = [_untold(play, success.condition) for play in plays]
    except ValueError as error:
        met, why = [None] * len(plays), [str(error)] * len(plays)
    rows = zip(plays, ends, met, why, strict=True)
    known = [play for play, end, on, lack in rows if _set(play, on, end, day, said, lack)]
    Play.objects.bulk_update(known, JUDGED)
    return len(known)


def end_of(play: Play, success: Success) -> date:
    """The last day on which it can be met."""
    return play.started_on + timedelta(days=success.window_days)


def _untold(play: Play, condition: Condition) -> str:
    """Why it cannot be told of one play; "" if it can."""
    return NO_SIGNAL if condition.kind == "signal" and play.signal_id is None else ""


def _set(play: Play, met: date | None, end: date, day: date, said: str, lack: str) -> bool:
    """Say what is known; whether anything is."""
    if met is None and day <= end:
        return False
    play.judged_at = now()
    if lack:
        play.success_words = f"Cannot be told: {lack}"[:300]
        return True
    play.succeeded = met is not None
    window = plural((end - play.started_on).days, "day")
    text = f"On {times.day(met)}: {said}" if met else f"Not within {window}: {said}"
    play.success_words = text[:300]
    return True
