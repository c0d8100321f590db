"""Tags: short words that the team puts on accounts."""

import re

MOST, LONGEST = 20, 40


class TagError(ValueError):
    """Tags that cannot be; the text says why and what to do."""


def read_tags(text: str) -> list[str]:
    """ "Reference, nordics; reference" → ["Reference", "nordics"]: split by comma or semicolon, each once."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        word = " ".join(part.split())
        if not word:
            continue
        if len(word) > LONGEST:
            raise TagError(f"“{word[:20]}…” has more than {LONGEST} characters; shorten it.")
        if not word.isprintable():
            raise TagError("A tag contains control characters; remove them.")
        found.setdefault(word.casefold(), word)
    if len(found) > MOST:
        raise TagError(f"There are {len(found)} tags, more than {MOST}; leave some out.")
    return list(found.values())
