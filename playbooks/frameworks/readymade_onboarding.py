"""A ready-made framework for the first ninety days."""

from accounts.metrics.models import Aggregation
from playbooks.frameworks.readymade import READY_MADE, ReadyFramework, ReadyLevel, asked, measured, used

ONBOARDING = ReadyFramework(
    "onboarding",
    "Onboarding readiness",
    "The first ninety days: from signed contract to a team that works without help.",
    [
        ReadyLevel(
            "Prepared",
            "People, access and data are in place.",
            [
                asked(
                    "Has a project lead",
                    "One person on the customer's side leads the introduction and has time for it.",
                    "Has the customer named a project lead who has time for the introduction?",
                ),
                asked(
                    "Has its data in place",
                    "The data that the product needs is connected or imported, and checked.",
                    "Is the data the product needs connected or imported, and checked?",
                ),
            ],
        ),
        ReadyLevel(
            "First result",
            "The customer has finished one real task from start to end.",
            [
                used("Has started using it", "Ten or more uses of any feature in two weeks.", 10, 14),
                asked(
                    "Has finished a real task",
                    "One task that matters to the customer was completed with the product.",
                    "Has the customer completed one real task with the product, from start to end?",
                ),
            ],
        ),
        ReadyLevel(
            "Independent",
            "The team works on its own, and new people find their way in.",
            [
                measured(
                    "Has an active team",
                    "Five or more people were active in four weeks.",
                    Aggregation.USERS,
                    5,
                ),
                asked(
                    "Has finished training",
                    "Everybody who is to use the product has been trained.",
                    "Has everybody who is to use the product been trained?",
                ),
                asked(
                    "Solves everyday questions itself",
                    "Everyday questions are answered inside the team, without a ticket to us.",
                    "Does the team answer everyday questions itself?",
                ),
            ],
        ),
    ],
)
ALL_READY_MADE: dict[str, ReadyFramework] = {**READY_MADE, ONBOARDING.key: ONBOARDING}
