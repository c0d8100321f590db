"""All sources merged into one story, newest first, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import strip_tags

from accounts.book.text import fold
from playbooks.timeline.sources import Happening, Place, TimelineSource

# A search looks through so many happenings of each source at a time, and so often at most.
SEARCHED, ROUNDS = 200, 4
LONGEST_PLACE = 260


@dataclass(frozen=True)
class Told:
    """A happening, and which source told of it."""

    source: TimelineSource
    what: Happening

    @property
    def place(self) -> Place:
        """Where it stands in the story."""
        return self.what.at, self.what.key


@dataclass(frozen=True)
class Chapter:
    """A page of the story; `older`: the place before which it goes on, None at its beginning."""

    items: list[Told]
    older: Place | None


def read_chapter(
    request: Any, account_id: int, sources: Sequence[TimelineSource], before: Place | None, limit: int
) -> Chapter:
    """The newest `limit` happenings before the place; each source is asked once, for one more than that."""
    found = [
        Told(source, what)
        for source in sources
        for what in source.find(request, account_id, before, limit + 1)
    ]
    return cut(found, before, limit)


def cut(found: Iterable[Told], before: Place | None, limit: int) -> Chapter:
    """The newest `limit` of what was found before the place.

    What a source should not have given (it stands at the place or after it) is left out, so that
    paging always goes on.
    """
    older = [one for one in found if before is None or one.place < before]
    older.sort(key=lambda one: one.place, reverse=True)
    shown = older[:limit]
    return Chapter(shown, shown[-1].place if len(older) > limit else None)


def search(
    request: Any,
    account_id: int,
    sources: Sequence[TimelineSource],
    before: Place | None,
    limit: int,
    text: str,
) -> Chapter:
    """Happenings with every word of the text, looked for in at most ROUNDS chapters of SEARCHED.

    Where that found less than `limit` and the story goes on, `older` is where looking may go on too.
    """
    words, hits = fold(text).split(), list[Told]()
    for _ in range(ROUNDS):
        chapter = read_chapter(request, account_id, sources, before, SEARCHED)
        hits += [one for one in chapter.items if has_words(one.what, words)]
        if len(hits) > limit:
            return Chapter(hits[:limit], hits[limit - 1].place)
        before = chapter.older
        if before is None:
            break
    return Chapter(hits, before)


def has_words(what: Happening, words: Iterable[str]) -> bool:
    """Whether a happening has all of the (folded) words in what is printed of it."""
    printed = fold(" ".join((what.word, what.title, strip_tags(what.text), what.by)))
    return all(word in printed for word in words)


def place_text(place: Place) -> str:
    """A place as an address carries it."""
    return f"{place[0].isoformat()}~{place[1]}"


def place_in(text: str) -> Place | None:
    """The place that an address names; None if it names none."""
    moment, mark, key = text[:LONGEST_PLACE].partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if not mark or at.utcoffset() is None or not key.isprintable():
            return None
    except ValueError:
        return None
    # Years that no moment of the database has would be refused there.
    return (at, key) if 1900 <= at.year <= 9990 else None
