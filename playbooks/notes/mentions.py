"""Who is meant by "@Priya Raman" or "@priya" in a text. Pure: the text and the people in, places out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.book.text import fold

# An @ inside an e-mail address or a link names nobody.
AT = re.compile(r"(?<![\w.+\-/@])@(?=[^\W_])")
WORD = re.compile(r"[^\W_]+")
JOINTS = " .'’-"
MOST_WORDS, MOST_NAMED = 6, 50


@dataclass(frozen=True)
class Person:
    """A colleague who can be named: by the whole name, the first name, or the e-mail before its @."""

    pk: int
    name: str
    email: str


@dataclass(frozen=True)
class Named:
    """An @ with a name: where it stands, whom it means (None: nobody, or several), and who they could be."""

    start: int
    end: int
    typed: str
    pk: int | None
    could_be: tuple[str, ...] = ()


Calls = dict[tuple[str, ...], dict[int, str]]


def find_named(text: str, people: Iterable[Person]) -> list[Named]:
    """Every @ with a name in a text, in order; MOST_NAMED at most."""
    calls = calls_of(people)
    found = [_named(text, at.start(), calls) for at in AT.finditer(text)]
    return found[:MOST_NAMED]


def calls_of(people: Iterable[Person]) -> Calls:
    """What each can be called, as folded words → who is called so."""
    calls: Calls = {}
    for person in people:
        whole, handle = _words(person.name), _words(person.email.partition("@")[0])
        for words in {whole, whole[:1], handle}:
            if words:
                calls.setdefault(words, {})[person.pk] = person.name
    return calls


def hints(found: Iterable[Named]) -> list[str]:
    """What to say of names that mean nobody, or several; each once."""
    told: dict[str, str] = {}
    for one in found:
        if one.pk is None and one.could_be:
            names = " or ".join(one.could_be[:4])
            told[one.typed] = f"{one.typed} could be {names}: write the whole name and they are told."
        elif one.pk is None:
            told[one.typed] = f"{one.typed} is nobody of the team, so nobody was told."
    return list(told.values())


def _named(text: str, start: int, calls: Calls) -> Named:
    """The longest name after an @ that somebody is called."""
    words, ends = _following(text, start + 1)
    for count in range(len(words), 0, -1):
        who = calls.get(words[:count])
        if who:
            typed = text[start : ends[count - 1]]
            if len(who) == 1:
                return Named(start, ends[count - 1], typed, next(iter(who)))
            return Named(start, ends[count - 1], typed, None, tuple(sorted(who.values())))
    return Named(start, ends[0], text[start : ends[0]], None)


def _following(text: str, start: int) -> tuple[tuple[str, ...], Sequence[int]]:
    """The (folded) words that follow each other from a place on, and where each ends."""
    words: list[str] = []
    ends: list[int] = []
    at = start
    while len(words) < MOST_WORDS and (match := WORD.match(text, at)):
        words.append(fold(match[0]))
        ends.append(match.end())
        if text[match.end() : match.end() + 1] not in JOINTS:
            break
        at = match.end() + 1
    return tuple(words), ends


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in WORD.findall(name))[:MOST_WORDS]
