"""What is said of plan progress and maturity as parts of a score."""

from collections.abc import Sequence
from decimal import Decimal

from csworkspace.web.formats import percent


def plan_words(shares: Sequence[tuple[str, Decimal | None]]) -> str:
    """How many targets are where they should be, and which is the worst."""
    known = [(name, share) for name, share in shares if share is not None]
    if not known:
        return "No target has a measurement that counts"
    name, worst = min(known, key=lambda item: item[1])
    on_path = sum(share >= 1 for _, share in known)
    if worst >= 1:
        return "Every target is where it should be" if len(known) > 1 else f"{name} is where it should be"
    if len(known) == 1:
        return f"{name} is behind its path and earns {percent(worst)}"
    return (
        f"{on_path} of {len(known)} targets where they should be; the worst, {name}, earns {percent(worst)}"
    )


def level_words(level: int, levels: int) -> str:
    """The level reached."""
    return f"Level {level} of {levels}" if level else f"Not yet at level 1 of {levels}"
