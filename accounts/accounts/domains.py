"""E-mail domains in one form, so that two ways of writing one are the same account."""

import re
from collections.abc import Iterable

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
MAX_DOMAINS = 200


class DomainError(ValueError):
    """A text that is no domain; the message says why and what to write instead."""


def normalise_domain(text: str) -> str:
    """ " Bücher.Example. " → "xn--bcher-kva.example". Raises DomainError."""
    domain = text.strip().rstrip(".").lower()
    shown = text.strip()[:80]
    if "@" in domain:
        raise DomainError(f"“{shown}” is an e-mail address; write only what follows the @.")
    if "/" in domain or ":" in domain:
        raise DomainError(f"“{shown}” is a web address; write only the domain, such as acme.com.")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    labels = plain.split(".")
    if len(labels) < 2 or len(plain) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise DomainError(f"“{shown}” is not a domain; write it like acme.com.")
    return plain


def normalise_domains(texts: Iterable[str]) -> list[str]:
    """Each domain once, in the order given; empty ones are left out. Raises DomainError."""
    domains = list(dict.fromkeys(normalise_domain(text) for text in texts if text.strip()))
    if len(domains) > MAX_DOMAINS:
        raise DomainError(
            f"{len(domains)} domains are more than the {MAX_DOMAINS} that one account may have."
        )
    return domains


def split_domains(text: str) -> list[str]:
    """What a person typed into one field: separated by commas, semicolons, spaces or lines."""
    return [part for part in re.split(r"[\s,;]+", text) if part]
