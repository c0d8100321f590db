"""The short questionnaire of a benchmark: asked together with the customer, every answer optional."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question with the key its form field uses, and what a good answer contains."""

    key: str
    text: str
    help: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        "job",
        "What made you look for a product like ours?",
        "The situation before, in the customer's own words. Listen for the job to be done, not for features.",
    ),
    Question(
        "success",
        "What would have to be true in twelve months for you to call this a success?",
        "Something one could see or count. It becomes the first objective of the plan.",
    ),
    Question(
        "number",
        "Which number in your business should move, and where does it stand today?",
        "For example: days to close the books, 9 at present.",
    ),
    Question(
        "today",
        "How is this work done today, and what does it cost in time or money?",
        "People involved, hours a month, tools that would be replaced.",
    ),
    Question(
        "people",
        "Who will work with the product, and who decides whether it stays?",
        "Teams and roles, the sponsor, the person who signs the renewal.",
    ),
    Question(
        "obstacles",
        "What could get in the way?",
        "Other projects, missing data, a reorganisation, a competing tool, doubts in the team.",
    ),
)
