"""Texts from people and programs as they are kept: on one line, or on several, without what nobody sees."""

import unicodedata

# They join letters of some scripts, and the parts of an emoji, to one sign.
JOINERS = "\u200c\u200d"
# Spaces at which a line does not break; those in a line of their own are spaces like any other.
NO_BREAK = "\u00a0\u202f"
LONGEST = 20_000
LINE_ENDS = str.maketrans({"\u0085": "\n", "\u2028": "\n", "\u2029": "\n"})


def clean_line(text: str) -> str:
    """One line: line ends, control characters and any number of spaces become one space."""
    return " ".join("".join(" " if is_control(char) else char for char in plain_spaces(text)).split())


def clean_text(text: str, longest: int = LONGEST) -> str:
    """A text of several lines, without space around it, not too long."""
    return plain_lines(text).strip()[:longest]


def plain_lines(text: str) -> str:
    """A text with one kind of line end, and no control characters but tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_ENDS)
    kept = "\n\t" + NO_BREAK
    return "".join(
        char for char in _without_hidden(lines, keep_spaces=kept) if char in kept or not is_control(char)
    )


def plain_spaces(text: str) -> str:
    """A text in which every space is the usual one, and nothing is hidden; line ends stay."""
    return _without_hidden(text)


def is_control(char: str) -> bool:
    """Whether it ends a line or is no sign at all: in a header, a name or a file it does harm."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _without_hidden(text: str, keep_spaces: str = "") -> str:
    """Other spaces as the usual one; marks that are not seen (direction, zero width) are left out."""
    if text.isascii():
        return text
    return "".join(_shown(char) if char not in keep_spaces else char for char in text)


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    return "" if category == "Cf" and char not in JOINERS else char
