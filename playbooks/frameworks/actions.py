"""Making, publishing and versioning frameworks. Levels and behaviours are in `editing`."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.metrics.models import Metric
from csworkspace.audit.actions import record, values_of
from csworkspace.audit.actor import Actor
from csworkspace.jobs.actions import start_job
from playbooks.frameworks.models import Behaviour, Evidence, Framework, FrameworkStatus, Level
from playbooks.frameworks.queries import levels_of
from playbooks.frameworks.readymade import ReadyBehaviour, ReadyFramework

FEWEST_LEVELS, MOST_LEVELS = 3, 7
HEAD = ("name", "description")


class NotEditable(ValueError):
    """A published or retired framework was to be changed."""


@dataclass(eq=False)
class Incomplete(ValueError):
    """A draft cannot be published yet; `problems` are sentences that say what is missing."""

    problems: list[str]

    def __str__(self) -> str:
        return " ".join(self.problems)


def lock_draft(framework_id: int) -> Framework:
    """The draft, locked for the transaction. Raises NotEditable if it is none (any more)."""
    framework = Framework.objects.select_for_update().get(pk=framework_id)
    if framework.status != FrameworkStatus.DRAFT:
        raise NotEditable(
            f"{framework} is {framework.status} and stays as it is. Edit its next version instead."
        )
    return framework


def next_version(name: str) -> int:
    """The version number a new framework of this name gets."""
    return (Framework.objects.filter(name=name).aggregate(last=Max("version"))["last"] or 0) + 1


@transaction.atomic
def create_framework(*, by: Actor, name: str, description: str = "") -> Framework:
    """A blank draft; its version continues that of others with the same name."""
    framework = Framework.objects.create(name=name, description=description, version=next_version(name))
    record("created", framework, by=by, after=values_of(framework, HEAD))
    return framework


@transaction.atomic
def create_from_ready_made(ready: ReadyFramework, *, by: Actor) -> Framework:
    """A draft with the levels and behaviours of a ready-made framework."""
    framework = create_framework(by=by, name=ready.name, description=ready.description)
    metrics = _metrics_by_aggregation()
    for position, item in enumerate(ready.levels, 1):
        level = Level.objects.create(
            framework=framework, position=position, name=item.name, description=item.description
        )
        Behaviour.objects.bulk_create(
            _ready_behaviour(level, number, behaviour, metrics)
            for number, behaviour in enumerate(item.behaviours, 1)
        )
    return framework


def _metrics_by_aggregation() -> dict[str, Metric]:
    """The metric that best stands for each aggregation: the headline one, else the widest and oldest."""
    chosen: dict[str, Metric] = {}
    metrics = Metric.objects.filter(retired_at=None).exclude(aggregation="")
    for metric in sorted(metrics, key=lambda item: (not item.is_headline, bool(item.features), item.pk)):
        chosen.setdefault(metric.aggregation, metric)
    return chosen


def _ready_behaviour(
    level: Level, position: int, ready: ReadyBehaviour, metrics: dict[str, Metric]
) -> Behaviour:
    return Behaviour(
        level=level,
        position=position,
        name=ready.name,
        description=ready.description,
        evidence=ready.evidence,
        features=list(ready.features),
        window_days=ready.window_days,
        metric=metrics.get(ready.aggregation),
        comparison=ready.comparison,
        threshold=ready.threshold,
        question=ready.question,
    )


@transaction.atomic
def edit_framework(framework: Framework, *, by: Actor, name: str, description: str) -> Framework:
    """Change a draft's name and description. Raises NotEditable."""
    draft = lock_draft(framework.pk)
    before = values_of(draft, HEAD)
    if name != draft.name:
        draft.version = next_version(name)
    draft.name, draft.description = name, description
    draft.save()
    record("edited", draft, by=by, before=before, after=values_of(draft, HEAD))
    return draft


@transaction.atomic
def discard_framework(framework: Framework, *, by: Actor) -> None:
    """Delete a draft. Raises NotEditable for what was ever published."""
    draft = lock_draft(framework.pk)
    record("discarded", draft, by=by, before=values_of(draft, ("name", "version")))
    draft.delete()


@transaction.atomic
def draft_next_version(framework: Framework, *, by: Actor) -> Framework:
    """The open draft of this framework's next version, or a new one that copies it."""
    Framework.objects.select_for_update().get(pk=framework.pk)
    open_draft = Framework.objects.filter(name=framework.name, status=FrameworkStatus.DRAFT).first()
    if open_draft:
        return open_draft
    draft = create_framework(by=by, name=framework.name, description=framework.description)
    for level in levels_of(framework.pk):
        behaviours = list(level.behaviours.all())
        level.pk, level.framework = None, draft
        level.save(force_insert=True)
        Behaviour.objects.bulk_create(_copy(behaviour, level) for behaviour in behaviours)
    return draft


def _copy(behaviour: Behaviour, level: Level) -> Behaviour:
    behaviour.pk, behaviour.level = None, level
    behaviour._state.adding = True
    return behaviour


@transaction.atomic
def publish_framework(framework: Framework, *, by: Actor) -> Framework:
    """Make a draft the framework that assesses accounts; the former one retires.

    Raises NotEditable if it is no draft, Incomplete with what is missing.
    """
    draft = lock_draft(framework.pk)
    problems = problems_of(levels_of(draft.pk))
    if problems:
        raise Incomplete(problems)
    for former in Framework.objects.select_for_update().filter(status=FrameworkStatus.ACTIVE):
        former.status = FrameworkStatus.RETIRED
        former.save()
        record("retired", former, by=by)
    draft.status, draft.activated_at = FrameworkStatus.ACTIVE, timezone.now()
    draft.save()
    record("published", draft, by=by, after={"version": draft.version})
    start_job(
        "frameworks.assess", f"Assess accounts on {draft}", by=by, key=f"all:{draft.pk}", account_ids=None
    )
    return draft


def problems_of(levels: list[Level]) -> list[str]:
    """What keeps a draft from being published, as sentences; behaviours must be loaded."""
    problems = []
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        problems.append(
            f"A framework has {FEWEST_LEVELS} to {MOST_LEVELS} levels; this one has {len(levels)}."
        )
    for level in levels:
        behaviours = list(level.behaviours.all())
        if not behaviours:
            problems.append(f"Level {level.position}, {level.name}, needs at least one behaviour.")
        problems += [problem for behaviour in behaviours if (problem := problem_of(behaviour))]
    return problems


def problem_of(behaviour: Behaviour) -> str:
    """What a behaviour's evidence lacks, or ''."""
    missing = {
        Evidence.FEATURE: not behaviour.features and "name the features that show it",
        Evidence.METRIC: behaviour.metric_id is None and "choose the metric that shows it",
        Evidence.ANSWER: not behaviour.question and "write the question that is asked",
    }[Evidence(behaviour.evidence)]
    return f"“{behaviour.name}”: {missing}." if missing else ""
