"""The floor's models, gathered for one migration history."""

from playbooks.benchmarks.models import Baseline, Benchmark
from playbooks.frameworks.models import Answer, Assessment, Behaviour, Framework, Level
from playbooks.plans.models import Objective, Plan, Practice, Revision, Target

__all__ = [
    "Answer",
    "Assessment",
    "Baseline",
    "Behaviour",
    "Benchmark",
    "Framework",
    "Level",
    "Objective",
    "Plan",
    "Practice",
    "Revision",
    "Target",
]
