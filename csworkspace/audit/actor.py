"""Who acts: every action takes one as `by`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person, an API key or the system, and where they act from.

    `membership_id` is set for people in a workspace; `origin` is an address
    ("198.51.100.7"), "shell", "job 12" or "api".
    """

    label: str
    origin: str
    user_id: int | None = None
    membership_id: int | None = None


SHELL = Actor(label="Command line", origin="shell")
SYSTEM = Actor(label="System", origin="scheduler")
