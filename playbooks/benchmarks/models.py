"""Where an account stood on a date: frozen, the ground for targets."""

from django.db import models

from accounts.accounts.models import Account
from accounts.metrics.models import Metric
from csworkspace.tenancy.models import TenantForeignKey, TenantModel
from playbooks.frameworks.models import Framework


class Benchmark(TenantModel):
    """An account's level and metric baselines at a date; number 1 is the day-1 benchmark.

    Never edited after it was taken; `answers` is the questionnaire as filled in.
    """

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    taken_on = models.DateField()
    framework = TenantForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField(null=True)
    evidence = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    note = models.TextField(blank=True)
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "account", "number"], name="benchmark_number"),
        ]

    def __str__(self) -> str:
        return f"Benchmark {self.number} of {self.taken_on}"


class Baseline(TenantModel):
    """A metric's value in a benchmark; empty if there was no data."""

    account = TenantForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    benchmark = TenantForeignKey(Benchmark, on_delete=models.CASCADE, related_name="baselines")
    metric = TenantForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    measured_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "benchmark", "metric"], name="baseline_metric"),
        ]
