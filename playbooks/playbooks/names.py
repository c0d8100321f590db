"""What playbooks may name: segments, tiers, indicators, metrics; each list is read once, when asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.metrics.models import Metric
from accounts.segments.models import Segment
from accounts.tiers.models import Tier
from playbooks.indicators.models import Indicator

ADVICE = "Choose another one."


@dataclass(frozen=True)
class Named:
    """Something that can be named by its id; `problem` says why it cannot be used (any more)."""

    label: str
    problem: str = ""
    unit: str = ""
    key: str = ""


class Names:
    """The open workspace as playbooks see it; one query for each kind of thing that is asked for."""

    @cached_property
    def segments(self) -> dict[int, Named]:
        """Every segment."""
        rows = Segment.objects.order_by("name").values_list("pk", "name", "problem")
        return {pk: Named(name, broken(name) if problem else "") for pk, name, problem in rows}

    @cached_property
    def tiers(self) -> dict[int, Named]:
        """Every tier, the most served first."""
        rows = Tier.objects.order_by("position").values_list("pk", "name", "retired_at")
        return {pk: Named(name, retired(name) if gone else "") for pk, name, gone in rows}

    @cached_property
    def indicators(self) -> dict[int, Named]:
        """Every indicator; retired ones raise no signals any more."""
        rows = Indicator.objects.order_by("name").values_list("pk", "name", "key", "retired_at")
        return {pk: Named(name, retired(name) if gone else "", key=key) for pk, name, key, gone in rows}

    @cached_property
    def metrics(self) -> dict[int, Named]:
        """Every metric."""
        rows = Metric.objects.order_by("name").values_list("pk", "name", "unit", "key", "retired_at")
        return {
            pk: Named(name, retired(name) if gone else "", unit, key) for pk, name, unit, key, gone in rows
        }


def broken(name: str) -> str:
    """Why a segment cannot be used."""
    return f"The segment “{name}” names something that is gone. Repair it, or choose another one."


def retired(name: str) -> str:
    """Why an indicator, a metric or a tier cannot be used."""
    return f"“{name}” is retired. {ADVICE}"


def name_of(known: Mapping[int, Named], pk: int | None) -> str:
    """What it is called; a phrase if it is gone."""
    found = known.get(pk or 0)
    return found.label if found else "one that is gone"


def problem_of(known: Mapping[int, Named], pk: int | None, word: str) -> str:
    """A sentence if it is gone or cannot be used; "" if all is well."""
    found = known.get(pk or 0)
    return found.problem if found else f"The {word} does not exist any more. {ADVICE}"


def choices_of(known: Mapping[int, Named], keep: int | None = None) -> list[tuple[int, str]]:
    """What may be chosen: everything that can be used, and `keep`."""
    return [(pk, item.label) for pk, item in known.items() if not item.problem or pk == keep]
