"""The floor's models, gathered for one migration history."""

from playbooks.benchmarks.models import Baseline, Benchmark
from playbooks.capacity.models import Absence, CsmCapacity, Scenario
from playbooks.frameworks.models import Answer, Assessment, Behaviour, Framework, Level
from playbooks.indicators.models import Indicator, IndicatorVersion, Reading
from playbooks.messages.models import EmailTemplate, Message
from playbooks.notes.models import Attendee, Mention, Note
from playbooks.plans.models import Objective, Plan, Practice, Revision, Target
from playbooks.playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.models import AccountMark, Launch, Play, PlayStep
from playbooks.recommendations.models import Recommendation
from playbooks.scores.models import Score, ScoreModel
from playbooks.services.models import ServiceOccurrence
from playbooks.signals.models import HeldBack, Signal, SignalSetting
from playbooks.tasks.models import CalendarFeed, Task

__all__ = [
    "Absence",
    "AccountMark",
    "Answer",
    "Assessment",
    "Attendee",
    "Baseline",
    "Behaviour",
    "Benchmark",
    "CalendarFeed",
    "CsmCapacity",
    "EmailTemplate",
    "Framework",
    "HeldBack",
    "Indicator",
    "IndicatorVersion",
    "Launch",
    "Level",
    "Mention",
    "Message",
    "Note",
    "Objective",
    "Plan",
    "Play",
    "PlayStep",
    "Playbook",
    "PlaybookVersion",
    "Practice",
    "Reading",
    "Recommendation",
    "Revision",
    "Scenario",
    "Score",
    "ScoreModel",
    "ServiceOccurrence",
    "Signal",
    "SignalSetting",
    "Target",
    "Task",
]
