"""What definitions may name: metrics, behaviours and segments, each list read once for many indicators."""

from collections.abc import Mapping
from functools import cached_property

from accounts.metrics.models import Metric
from accounts.segments.models import Segment
from playbooks.frameworks.models import Behaviour, FrameworkStatus


class Names:
    """The open workspace as definitions see it; one query for each kind of thing that is asked for."""

    @cached_property
    def metrics(self) -> Mapping[int, Metric]:
        """All metrics by id, retired ones too."""
        return {metric.pk: metric for metric in Metric.objects.order_by("name", "pk")}

    @cached_property
    def behaviours(self) -> Mapping[str, str]:
        """The names of the active framework's behaviours, by lineage."""
        rows = Behaviour.objects.filter(level__framework__status=FrameworkStatus.ACTIVE)
        found = rows.order_by("level__position", "position").values_list("lineage", "name")
        return {str(lineage): name for lineage, name in found}

    @cached_property
    def segments(self) -> Mapping[int, str]:
        """The segments' names by id."""
        return dict(Segment.objects.order_by("name").values_list("pk", "name"))

    def metric(self, pk: object) -> Metric | None:
        """A metric by the id that a definition names."""
        return self.metrics.get(int(str(pk))) if str(pk).isdecimal() else None

    def metric_missing(self, pk: object) -> str:
        """A sentence if the metric cannot be used any more."""
        metric = self.metric(pk)
        if metric is None:
            return "The metric that it measures does not exist any more."
        return f"The metric {metric.name} is retired." if metric.retired_at else ""
