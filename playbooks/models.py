"""The floor's models, gathered for one migration history."""

from playbooks.benchmarks.models import Baseline, Benchmark
from playbooks.capacity.models import Absence, CsmCapacity, Scenario
from playbooks.frameworks.models import Answer, Assessment, Behaviour, Framework, Level
from playbooks.plans.models import Objective, Plan, Practice, Revision, Target
from playbooks.services.models import ServiceOccurrence

__all__ = [
    "Absence",
    "Answer",
    "Assessment",
    "Baseline",
    "Behaviour",
    "Benchmark",
    "CsmCapacity",
    "Framework",
    "Level",
    "Objective",
    "Plan",
    "Practice",
    "Revision",
    "Scenario",
    "ServiceOccurrence",
    "Target",
]
