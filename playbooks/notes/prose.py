"""The text of a note as safe HTML: a little Markdown, links to the web, and colleagues as links."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from csworkspace.web.markdown import to_html
from playbooks.notes.mentions import Named, Person, find_named

# Cleaned HTML: a tag, with what its quoted attributes hold, or the text up to the next one.
PIECE = re.compile(r'<(?:[^<>"]|"[^"]*")*>|[^<]+')


def named_in(text: str, people: Iterable[Person]) -> list[Named]:
    """Who is named with @ in a text, where it will be shown as text (not within a link)."""
    known = list(people)
    return [
        one for piece, told in _pieces(to_html(text)) if told for one in find_named(unescape(piece), known)
    ]


def to_html_with_mentions(text: str, people: Sequence[Person], address: Callable[[int], str]) -> SafeString:
    """As `to_html`; these people are links to `address(pk)` where they are named with @."""
    shown = to_html(text)
    if not people or "@" not in text:
        return shown
    parts = (_linked(unescape(piece), people, address) if told else piece for piece, told in _pieces(shown))
    return mark_safe("".join(parts))


def _linked(text: str, people: Sequence[Person], address: Callable[[int], str]) -> str:
    names = {person.pk: person.name for person in people}
    parts, at = [], 0
    for one in find_named(text, people):
        if one.pk is not None:
            link = format_html('<a class="mention" href="{}">@{}</a>', address(one.pk), names[one.pk])
            parts += [escape(text[at : one.start]), link]
            at = one.end
    return "".join([*parts, escape(text[at:])])


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Tags and texts of cleaned HTML in order, and of each whether it is text outside of a link."""
    in_link = False
    for piece in PIECE.findall(html):
        if piece.startswith("<"):
            in_link = piece.startswith("<a ") or (in_link and piece != "</a>")
            yield piece, False
        else:
            yield piece, not in_link
