"""What became of a playbook's plays, and of similar accounts without one; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from playbooks.playbooks.conditions import as_json
from playbooks.playbooks.effect import Difference, Share, difference, share
from playbooks.playbooks.judging import CannotTell, Span, days_reached, history_since
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.shapes import Definition
from playbooks.plays.models import ACTIVE, Play, PlayState
from playbooks.signals.models import Signal

# A play's window has passed when so many days lie behind its start; only then it can be counted either way.
FIGURES = """
select version.number, count(*),
    count(*) filter (where play.state in ('running', 'paused')),
    count(*) filter (where play.state = 'done'), count(*) filter (where play.state = 'stopped'),
    count(*) filter (where {passed} and play.succeeded is not null),
    count(*) filter (where {passed} and play.succeeded),
    percentile_cont(0.5) within group (
        order by (play.judged_at at time zone %(zone)s)::date - play.started_on) filter (where play.succeeded)
from playbooks_play play join playbooks_playbookversion version on version.id = play.playbook_version_id
where play.playbook_id = %(playbook)s
group by grouping sets ((version.number), ()) order by version.number desc nulls first
"""
PASSED = "play.started_on + coalesce((version.success->>'window_days')::int, 60) < %(today)s"
MOST = 5000


@dataclass(frozen=True)
class Figures:
    """The plays of a version (None: of all): how many, where they stand, and those that met the measure.

    success: of the plays whose window has passed and that could be judged. median_days: from the start to
    the day it was met.
    """

    number: int | None
    started: int
    running: int
    finished: int
    stopped: int
    success: Share
    median_days: float | None


def figures_of(playbook: Playbook, today: date, zone: str) -> list[Figures]:
    """All plays first, then by version, the newest first; one query."""
    values: dict[str, Any] = {"playbook": playbook.pk, "today": today, "zone": zone}
    with connection.cursor() as cursor:
        cursor.execute(FIGURES.replace("{passed}", PASSED), values)
        rows = cursor.fetchall()
    return [
        Figures(number, started, running, done, stopped, share(met, passed), median)
        for number, started, running, done, stopped, passed, met, median in rows
        if started
    ]


@dataclass(frozen=True)
class Case:
    """An account with a signal: from when on it is looked at, and on which day the measure was met."""

    account_id: int
    account: str
    since: date
    met_on: date | None
    met: bool
    signal_id: int | None = None
    play_id: int | None = None


class Comparison:
    """Plays that a signal started, against accounts that had a signal of the same indicators and no play.

    Both are looked at for the same number of days, and only if these have passed: plays from their start,
    the others from their signal, each account once. Plays of versions with another measure are left out.
    `reason` says why nothing can be compared.
    """

    def __init__(self, playbook: Playbook, definition: Definition, today: date) -> None:
        self.playbook, self.definition, self.today = playbook, definition, today
        self.window = timedelta(days=definition.success.window_days)
        self.reason = ""
        self.left_out = 0

    @cached_property
    def plays(self) -> list[Play]:
        """The plays that count: started by an indicator's signal, judged by today's measure, window over."""
        condition = self.definition.success.condition
        found = Play.objects.filter(
            playbook=self.playbook,
            signal__indicator__isnull=False,
            succeeded__isnull=False,
            started_on__lt=self.today - self.window,
            playbook_version__success__window_days=self.definition.success.window_days,
            playbook_version__success__condition=as_json(condition) if condition else {},
        )
        return list(found.select_related("account", "signal").order_by("-pk")[:MOST])

    @cached_property
    def with_play(self) -> list[Case]:
        """What became of the plays, as they were judged."""
        return [
            Case(
                play.account_id,
                play.account.name,
                play.started_on,
                None,
                bool(play.succeeded),
                play.signal_id,
                play.pk,
            )
            for play in self.plays
        ]

    @cached_property
    def without_play(self) -> list[Case]:
        """What became of the accounts without a play, by the same measure."""
        condition = self.definition.success.condition
        if not self.plays:
            self.reason = (
                "There is nothing to compare yet: no play that an indicator's signal started has its window "
                "behind it."
            )
            return []
        if condition is None or condition.kind == "outcome":
            self.reason = (
                "Whether accounts without a play met the measure cannot be told: it looks at the play itself."
            )
            return []
        begins = history_since(condition)
        if begins is None:
            self.reason = "Nothing was ever recorded of what the measure looks at, so it cannot be told."
            return []
        signals = self._signals()
        fit = [signal for signal in signals if signal.raised_on >= begins]
        self.left_out = len(signals) - len(fit)
        spans = [Span(s.account_id, s.raised_on, s.raised_on + self.window, s.pk) for s in fit]
        try:
            days = days_reached(condition, spans, [span.until for span in spans])
        except CannotTell as error:
            self.reason = str(error)
            return []
        return [
            Case(s.account_id, s.account.name, s.raised_on, day, day is not None, s.pk)
            for s, day in zip(fit, days, strict=True)
        ]

    def _signals(self) -> list[Signal]:
        """The first signal of each account in the same period, if no play of this playbook ran on it."""
        treated = [play.signal for play in self.plays if play.signal]
        first, last = min(s.raised_on for s in treated), max(s.raised_on for s in treated)
        found = (
            Signal.objects.filter(
                indicator__in={s.indicator_id for s in treated},
                raised_on__gte=first,
                raised_on__lte=min(last, self.today - self.window - timedelta(days=1)),
            )
            .exclude(account_id__in=Play.objects.filter(playbook=self.playbook).values("account_id"))
            .select_related("account")
            .order_by("account_id", "raised_on", "pk")
            .distinct("account_id")
        )
        return list(found[:MOST])

    @cached_property
    def shares(self) -> tuple[Share, Share]:
        """With and without a play."""
        one, other = self.with_play, self.without_play
        return share(sum(c.met for c in one), len(one)), share(sum(c.met for c in other), len(other))

    @cached_property
    def difference(self) -> Difference | None:
        """With less without; None if there are too few to tell."""
        return difference(*self.shares)


SHOWN: dict[str, tuple[str, Q]] = {
    "started": ("Plays started", Q()),
    "running": ("Plays running or paused", Q(state__in=ACTIVE)),
    "finished": ("Plays finished", Q(state=PlayState.DONE)),
    "stopped": ("Plays stopped", Q(state=PlayState.STOPPED)),
    "met": ("Plays that met the success measure", Q(succeeded=True)),
    "missed": ("Plays that did not meet the success measure", Q(succeeded=False)),
}


def plays_behind(playbook: Playbook, show: str, number: int | None) -> QuerySet[Play]:
    """The plays that a figure counts, the newest first."""
    found = Play.objects.filter(SHOWN[show][1], playbook=playbook)
    if number is not None:
        found = found.filter(playbook_version__number=number)
    return found.select_related("account", "playbook_version").order_by("-pk")


def cases(comparison: Comparison, show: str) -> Sequence[Any]:
    """The accounts behind the comparison's two sides."""
    return comparison.with_play if show == "compared" else comparison.without_play
