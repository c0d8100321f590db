"""Frameworks to start from: written for subscription software in general, meant to be adapted.

A metric is named by how it is computed; the draft takes the workspace's metric of that kind, and
where there is none, asks for one before it can be published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.metrics.models import Aggregation
from playbooks.frameworks.models import Comparison, Evidence


@dataclass(frozen=True)
class ReadyBehaviour:
    """A behaviour and its evidence, as far as they can be known without the workspace."""

    name: str
    description: str
    evidence: str
    question: str = ""
    features: tuple[str, ...] = ()
    threshold: Decimal = Decimal(1)
    window_days: int = 28
    aggregation: str = ""
    comparison: str = Comparison.AT_LEAST


@dataclass(frozen=True)
class ReadyLevel:
    """A level with its behaviours."""

    name: str
    description: str
    behaviours: Sequence[ReadyBehaviour]


@dataclass(frozen=True)
class ReadyFramework:
    """A framework to start from."""

    key: str
    name: str
    description: str
    levels: Sequence[ReadyLevel]


def asked(name: str, description: str, question: str) -> ReadyBehaviour:
    """A behaviour that a person confirms."""
    return ReadyBehaviour(name, description, Evidence.ANSWER, question=question)


def measured(name: str, description: str, aggregation: str, threshold: int) -> ReadyBehaviour:
    """A behaviour shown by a usage metric of at least `threshold`."""
    return ReadyBehaviour(
        name, description, Evidence.METRIC, aggregation=aggregation, threshold=Decimal(threshold)
    )


def used(name: str, description: str, times: int, days: int) -> ReadyBehaviour:
    """A behaviour shown by use of any feature."""
    return ReadyBehaviour(
        name, description, Evidence.FEATURE, features=("*",), threshold=Decimal(times), window_days=days
    )


ADOPTION = ReadyFramework(
    "adoption",
    "Adoption maturity",
    "How deeply the product is part of the customer's work, from first sign-in to everyday dependence.",
    [
        ReadyLevel(
            "Activated",
            "The product is set up and the first people have used it for something real.",
            [
                used("Uses the product", "Somebody used the product in the last four weeks.", 1, 28),
                asked(
                    "Has named an owner",
                    "One person on the customer's side is responsible for making the product work.",
                    "Has the customer named one person who is responsible for the product?",
                ),
            ],
        ),
        ReadyLevel(
            "Regular",
            "A first team comes back every week without being reminded.",
            [
                measured(
                    "Comes back every week",
                    "Active on eight or more days in four weeks.",
                    Aggregation.DAYS,
                    8,
                ),
                measured(
                    "Has a first team", "Five or more people were active in four weeks.", Aggregation.USERS, 5
                ),
            ],
        ),
        ReadyLevel(
            "Broad",
            "Several teams use several parts of the product for the job they bought it for.",
            [
                measured(
                    "Uses several features",
                    "Five or more different features were used in four weeks.",
                    Aggregation.FEATURES,
                    5,
                ),
                measured(
                    "Reaches beyond the first team",
                    "Fifteen or more people were active in four weeks.",
                    Aggregation.USERS,
                    15,
                ),
                asked(
                    "Trains its own people",
                    "New colleagues are introduced to the product by the customer, not by us.",
                    "Does the customer introduce new colleagues to the product itself?",
                ),
            ],
        ),
        ReadyLevel(
            "Embedded",
            "A written process of the customer depends on the product, and it is used on most working days.",
            [
                measured(
                    "Works in it daily",
                    "Active on sixteen or more days in four weeks.",
                    Aggregation.DAYS,
                    16,
                ),
                asked(
                    "Has built it into a process",
                    "At least one documented process of the customer names the product.",
                    "Is the product part of at least one documented process of the customer?",
                ),
                asked(
                    "Measures its own outcome",
                    "The customer follows a business number of its own that the product is meant to move.",
                    "Does the customer track a business number that the product is meant to move?",
                ),
            ],
        ),
        ReadyLevel(
            "Strategic",
            "The product is part of the customer's plans, and the customer says so to others.",
            [
                asked(
                    "Plans ahead with us",
                    "The product appears in the customer's plans or budget for the coming year.",
                    "Does the product appear in the customer's plans or budget for the coming year?",
                ),
                asked(
                    "Speaks for the product",
                    "The customer has given a reference, a case study or a talk in the last twelve months.",
                    "Has the customer given a reference, a case study or a talk in the last twelve months?",
                ),
            ],
        ),
    ],
)

VALUE = ReadyFramework(
    "value",
    "Value realisation",
    "How far the customer has come from hoping for a result to proving it, in its own numbers.",
    [
        ReadyLevel(
            "Goal agreed",
            "We know in the customer's words what the product is meant to achieve.",
            [
                asked(
                    "Has stated the job to be done",
                    "The objective is written down in the customer's own words.",
                    "Has the customer put in its own words what the product should achieve?",
                ),
                asked(
                    "Has a sponsor",
                    "Somebody with budget cares about that objective.",
                    "Is there a sponsor with budget who cares about this objective?",
                ),
            ],
        ),
        ReadyLevel(
            "Baseline measured",
            "The starting point is a number, not a feeling.",
            [
                asked(
                    "Knows its starting point",
                    "The number to be moved was measured before, or early enough after, the start.",
                    "Was the number to be moved measured at the start?",
                ),
                used(
                    "Uses the product regularly", "At least twenty uses of any feature in four weeks.", 20, 28
                ),
            ],
        ),
        ReadyLevel(
            "Result visible",
            "The number has moved, and both sides agree that the product had a part in it.",
            [
                asked(
                    "Sees an improvement",
                    "The measured number is better than the baseline.",
                    "Is the measured number better than at the start?",
                ),
                asked(
                    "Credits the product",
                    "The customer itself connects the improvement with the product.",
                    "Does the customer itself attribute part of the improvement to the product?",
                ),
            ],
        ),
        ReadyLevel(
            "Result relied on",
            "The result is reported inside the customer's company and the next goal is already set.",
            [
                asked(
                    "Reports it upward",
                    "The result appears in the customer's own management reporting.",
                    "Does the result appear in the customer's own management reporting?",
                ),
                asked(
                    "Has set the next goal",
                    "A further objective with a number and a date is agreed.",
                    "Is a further objective agreed, with a number and a date?",
                ),
            ],
        ),
    ],
)

READY_MADE: dict[str, ReadyFramework] = {item.key: item for item in (ADOPTION, VALUE)}
