"""Which accounts a bulk action is about: picked by hand, or all that a filter lets through."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict

from accounts.book.filters import BookFilter, one_of, read_filter
from accounts.book.queries import ids_of

# More than a page has, so that nobody builds an address that no server takes.
PICKED = 500


@dataclass(frozen=True)
class Selection:
    """Accounts in the order of their ids; `query` is the filter that they came from, "" when picked."""

    ids: tuple[int, ...]
    query: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What a form carries along to name the same selection again."""
        if self.query:
            return [("all", "1"), ("query", self.query)]
        return [("ids", str(pk)) for pk in self.ids]

    def url(self, **more: str) -> str:
        """The same as a query string."""
        return "?" + urlencode([*self.pairs, *more.items()])

    @property
    def fingerprint(self) -> str:
        """The same for the same accounts."""
        return hashlib.sha256(",".join(map(str, self.ids)).encode()).hexdigest()[:32]


def read_selection(data: QueryDict) -> Selection:
    """What an address names; without any account it is empty."""
    if data.get("all") == "1":
        return selection_of(data.get("query", ""))
    picked = {int(text) for text in data.getlist("ids")[:PICKED] if one_of(text, numbers=True)}
    return Selection(tuple(sorted(picked)))


def selection_of(query: str) -> Selection:
    """All accounts of a filter as it is now; one query."""
    view: BookFilter = read_filter(QueryDict(query[:4000].removeprefix("?")), mine=None)
    return Selection(tuple(ids_of(view)), view.url())


def write_intent(selection: Selection, do: str, params: dict[str, Any], previewed: str, salt: str) -> str:
    """What was previewed, signed: ids that were picked, or a filter and what it gave then.

    previewed: the fingerprint of the planned changes, with the values before them.
    """
    given: dict[str, Any] = {"query": selection.query, "fingerprint": selection.fingerprint}
    if not selection.query:
        given["ids"] = selection.ids
    content = {**given, "count": len(selection.ids), "do": do, "params": params, "previewed": previewed}
    return signing.dumps(content, salt=f"bulk {salt}", compress=True)


@dataclass(frozen=True)
class Intent:
    """What was previewed, and the selection as it is now."""

    selection: Selection
    do: str
    params: dict[str, Any]
    count: int
    previewed: str
    is_same: bool


def read_intent(text: str, salt: str) -> Intent:
    """The previewed change. Raises signing.BadSignature."""
    content = signing.loads(text, salt=f"bulk {salt}")
    query: str = content["query"]
    picked: Sequence[int] = content.get("ids", ())
    selection = selection_of(query) if query else Selection(tuple(picked))
    same = selection.fingerprint == content["fingerprint"]
    return Intent(selection, content["do"], content["params"], content["count"], content["previewed"], same)
