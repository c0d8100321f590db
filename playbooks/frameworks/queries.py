"""Reads about frameworks and where accounts stand on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet

from playbooks.frameworks.models import Assessment, Behaviour, Framework, FrameworkStatus, Level
from playbooks.frameworks.words import evidence_sentence


@dataclass(frozen=True)
class BehaviourStanding:
    """One behaviour of a framework as an account shows it, or not.

    detail: a sentence with the number behind it; since: the day from which it is known to hold
    without a break. metric_key and day say where the measurements are; note is a person's.
    """

    id: int
    name: str
    description: str
    kind: str
    holds: bool
    detail: str
    since: date | None
    day: date | None
    metric_id: int | None
    metric_key: str
    features: tuple[str, ...]
    window_days: int
    question: str
    answered: bool
    answered_by: str
    note: str


@dataclass(frozen=True)
class LevelStanding:
    """A level with its behaviours; reached if they and all below hold."""

    position: int
    name: str
    description: str
    reached: bool
    behaviours: tuple[BehaviourStanding, ...]

    @property
    def missing(self) -> tuple[BehaviourStanding, ...]:
        """The behaviours that do not hold."""
        return tuple(item for item in self.behaviours if not item.holds)


@dataclass(frozen=True)
class Maturity:
    """An account's level on a framework, with the evidence; level 0 is below the first."""

    framework_id: int
    framework_name: str
    version: int
    level: int
    levels: tuple[LevelStanding, ...]
    assessed_at: datetime

    @property
    def level_name(self) -> str:
        """The reached level's name, or words for level 0."""
        return self.levels[self.level - 1].name if self.level else "Not yet at level 1"

    @property
    def next_level(self) -> LevelStanding | None:
        """The level to reach next; None at the top."""
        return self.levels[self.level] if self.level < len(self.levels) else None

    @property
    def ladder(self) -> list[dict[str, Any]]:
        """What the ladder of the kit draws."""
        return [
            {"number": item.position, "name": item.name, "state": _state(item.position, self.level)}
            for item in self.levels
        ]


def _state(position: int, level: int) -> str:
    if position == level:
        return "current"
    return "reached" if position < level else ""


def frameworks() -> QuerySet[Framework]:
    """Every version of every framework: the active one first, then drafts, newest first."""
    return Framework.objects.order_by("status", "-id")


def active_framework() -> Framework | None:
    """The framework that assesses accounts, if one is published."""
    return Framework.objects.filter(status=FrameworkStatus.ACTIVE).first()


def levels_of(framework_id: int) -> list[Level]:
    """A framework's levels, lowest first, with behaviours and their metrics; two queries."""
    behaviours = Behaviour.objects.select_related("metric")
    return list(
        Level.objects.filter(framework_id=framework_id).prefetch_related(Prefetch("behaviours", behaviours))
    )


def account_maturity(account_id: int) -> Maturity | None:
    """The account's current level and evidence, or None before the first assessment; two queries."""
    assessment = (
        Assessment.objects.select_related("framework")
        .filter(account_id=account_id, superseded_at=None)
        .first()
    )
    return build_maturity(assessment) if assessment else None


def build_maturity(assessment: Assessment) -> Maturity:
    """An assessment, current or former, as it is shown; one query."""
    return Maturity(
        framework_id=assessment.framework_id,
        framework_name=assessment.framework.name,
        version=assessment.framework.version,
        level=assessment.level,
        levels=level_standings(assessment.framework_id, assessment.level, assessment.evidence),
        assessed_at=assessment.assessed_at,
    )


def level_standings(
    framework_id: int, reached: int, evidence: list[dict[str, Any]]
) -> tuple[LevelStanding, ...]:
    """A framework's levels with the facts that an assessment or a benchmark kept; one query."""
    facts = {fact["behaviour"]: fact for fact in evidence}
    behaviours = (
        Behaviour.objects.select_related("level", "metric")
        .filter(level__framework_id=framework_id)
        .order_by("level__position", "position")
    )
    # A published level always has behaviours, so that they name every level.
    levels = groupby(behaviours, key=lambda behaviour: behaviour.level)
    return tuple(_level_standing(level, items, reached, facts) for level, items in levels)


def _level_standing(
    level: Level, behaviours: Iterable[Behaviour], reached: int, facts: dict[int, dict[str, Any]]
) -> LevelStanding:
    return LevelStanding(
        position=level.position,
        name=level.name,
        description=level.description,
        reached=level.position <= reached,
        behaviours=tuple(behaviour_standing(item, facts.get(item.pk, {})) for item in behaviours),
    )


def behaviour_standing(behaviour: Behaviour, fact: dict[str, Any]) -> BehaviourStanding:
    """A behaviour with the fact that an assessment stored about it."""
    return BehaviourStanding(
        id=behaviour.pk,
        name=behaviour.name,
        description=behaviour.description,
        kind=behaviour.evidence,
        holds=bool(fact.get("holds")),
        detail=evidence_sentence(behaviour, fact),
        since=_day(fact.get("since")),
        day=_day(fact.get("day")),
        metric_id=behaviour.metric_id,
        metric_key=behaviour.metric.key if behaviour.metric else "",
        features=tuple(behaviour.features),
        window_days=behaviour.window_days,
        question=behaviour.question,
        answered=fact.get("answered") is not None,
        answered_by=str(fact.get("by", "")),
        note=str(fact.get("note", "")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def level_history(account_id: int) -> QuerySet[Assessment]:
    """Every assessment of an account, newest first."""
    return Assessment.objects.select_related("framework").filter(account_id=account_id).order_by("-id")
