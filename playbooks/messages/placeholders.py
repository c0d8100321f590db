"""Placeholders of e-mails: {{contact.first_name}}, or {{contact.first_name|there}} for a missing value.

Nothing is executed: a text is cut into plain pieces and names of a fixed list, and the names are replaced
by values, once. A value that looks like a placeholder stays as it is. Pure functions.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.template.defaultfilters import register as django_filters

from csworkspace.web.texts import clean_line

# Name → what it stands for, as the editor explains it.
KNOWN = {
    "contact.first_name": "The recipient's first name",
    "contact.name": "The recipient's name",
    "account.name": "The account's name",
    "account.renewal_on": "The day of the renewal",
    "sender.name": "Your name, or that of the account's owner",
    "sender.first_name": "The same, first name only",
    "workspace.name": "The name of our company",
    "plan.title": "The title of the success plan that is shared with the customer",
    "plan.progress": "How many of its targets are on track, such as “3 of 4 targets on track”",
    "portal.link": "The address of the customer's pages, for those who can sign in",
}
METRIC = "metric."
FORM = re.compile(r"[a-z]+\.[a-z0-9_-]+")
LONGEST_FALLBACK = 80
# What would be executed elsewhere, and must not look as if it were here.
CODE = ("{%", "%}", "{#", "<%")
FILTERS = frozenset(django_filters.filters)


class TemplateRefused(ValueError):
    """A text that is no e-mail's; `complaints` are sentences that name what is wrong."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(" ".join(complaints))
        self.complaints = complaints


class ValueMissing(ValueError):
    """A placeholder without words for a missing value has no value."""


@dataclass(frozen=True)
class Placeholder:
    """A name of the list; fallback None: the value may not be missing."""

    name: str
    fallback: str | None = None

    def __str__(self) -> str:
        return "{{" + self.name + ("" if self.fallback is None else f"|{self.fallback}") + "}}"


Piece = str | Placeholder


def parse(text: str, metrics: Collection[str] = ()) -> list[Piece]:
    """The pieces of a text; `metrics` are the keys of the metrics in use. Raises TemplateRefused."""
    complaints = [f"“{opening}” is template code; only placeholders such as {{{{contact.name}}}} can be used."
                  for opening in CODE if opening in text]  # fmt: skip
    pieces: list[Piece] = []
    rest = text
    while rest and not complaints:
        before, opening, after = rest.partition("{{")
        complaints += _complaints_about_plain(before, metrics)
        pieces.append(before)
        if not opening:
            break
        inside, closing, rest = after.partition("}}")
        if not closing or "\n" in inside:
            shown = after[:20].splitlines()[0] if after.strip() else ""
            complaints.append(f"“{{{{{shown}” is not closed: write }}}} after the placeholder.")
            break
        try:
            pieces.append(_read(inside, metrics))
        except ValueError as error:
            complaints.append(str(error))
    if complaints:
        # The first complaint often explains the others away.
        raise TemplateRefused(complaints[:5])
    return [piece for piece in pieces if piece != ""]


def _complaints_about_plain(text: str, metrics: Collection[str]) -> list[str]:
    found = []
    if "}}" in text:
        found.append("There is a }} without the {{ that belongs to it.")
    single = re.search(r"\{\s*([a-z]+\.[a-z0-9_-]+)\s*\}", text)
    if single and (single[1] in KNOWN or single[1].startswith(METRIC)):
        found.append(f"Write two braces on each side: {{{{{single[1]}}}}} instead of {single[0]}.")
    return found


def _read(inside: str, metrics: Collection[str]) -> Placeholder:
    """What is between the braces. Raises ValueError with a sentence."""
    name, bar, fallback = inside.partition("|")
    name, fallback = name.strip(), fallback.strip()
    shown = "{{" + inside[:60] + "}}"
    if "{" in inside or "}" in inside:
        raise ValueError(f"“{shown}” has a brace inside; each placeholder stands by itself.")
    if bar and (fallback.partition(":")[0] in FILTERS or "|" in fallback):
        raise ValueError(
            f"“|{fallback[:30]}” in “{shown}” is a filter, which does nothing here. After | come the words "
            "for a missing value, such as {{contact.first_name|there}}."
        )
    if bar and not fallback:
        raise ValueError(f"“{shown}” has no words after |; write some, or leave | out.")
    if len(fallback) > LONGEST_FALLBACK:
        raise ValueError(
            f"The words for a missing value in “{shown}” are longer than {LONGEST_FALLBACK} characters."
        )
    if not is_known(name, metrics):
        raise ValueError(_unknown(name, shown, metrics))
    return Placeholder(name, fallback if bar else None)


def is_known(name: str, metrics: Collection[str]) -> bool:
    """Whether a name is one of the list, or a metric's."""
    if name.startswith(METRIC):
        return name.removeprefix(METRIC) in metrics
    return name in KNOWN


def _unknown(name: str, shown: str, metrics: Collection[str]) -> str:
    names = [*KNOWN, *(METRIC + key for key in metrics)]
    near = get_close_matches(name.lower(), names, 1, 0.5)
    if not FORM.fullmatch(name):
        hint = f" Did you mean {{{{{near[0]}}}}}?" if near else " Choose one of the list."
        return f"“{shown}” is no placeholder: only the names of the list can be used.{hint}"
    hint = f"Did you mean {{{{{near[0]}}}}}?" if near else "Choose one of the list."
    return f"There is no placeholder “{name}”. {hint}"


def names_in(pieces: list[Piece]) -> list[str]:
    """The names that a text uses, each once."""
    return list(dict.fromkeys(piece.name for piece in pieces if isinstance(piece, Placeholder)))


def render(pieces: list[Piece], values: Mapping[str, str | None]) -> str:
    """The text with its values. Raises ValueMissing for the first that has neither value nor words for it."""
    return "".join(piece if isinstance(piece, str) else _value(piece, values) for piece in pieces)


def _value(piece: Placeholder, values: Mapping[str, str | None]) -> str:
    value = values.get(piece.name)
    if value:
        # On one line: a value never adds a paragraph, nor a header.
        return clean_line(value)
    if piece.fallback is None:
        raise ValueMissing(
            f"{{{{{piece.name}}}}} has no value here. Fill it in, or write words for that case: "
            f"{{{{{piece.name}|…}}}}."
        )
    return piece.fallback


def holes(pieces: list[Piece], values: Mapping[str, str | None]) -> tuple[list[str], list[str]]:
    """(names that are missing and stop the sending, names that are replaced by their words)."""
    without = [piece for piece in pieces if isinstance(piece, Placeholder) and not values.get(piece.name)]
    stop = dict.fromkeys(piece.name for piece in without if piece.fallback is None)
    return list(stop), list(dict.fromkeys(p.name for p in without if p.fallback is not None))


def preview(pieces: list[Piece], values: Mapping[str, str | None]) -> str:
    """The text for a look at it: what is missing is shown as its placeholder."""
    return "".join(
        piece
        if isinstance(piece, str)
        else (values.get(piece.name) or piece.fallback or f"{{{{{piece.name}}}}}")
        for piece in pieces
    )
