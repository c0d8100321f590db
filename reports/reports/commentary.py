"""The CSM's own words in a report: which fields there are, and how their text becomes safe HTML."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from csworkspace.web.texts import clean_text

MAX_LENGTH = 4000
ALLOWED_TAGS = {"p", "strong", "em", "ul", "ol", "li", "br"}
GENERAL = {
    "summary": ("Summary", "What the customer should take away, before any number."),
    "next": ("Next quarter", "What you propose to do next, and what you need from them."),
}


def fields_for(snapshot: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Field name → (label, help) of everything that can be commented in this report."""
    objectives = {
        objective_field(one): (f"On objective {one['number']}", str(one["words"])[:160])
        for one in snapshot["objectives"]
    }
    return {"summary": GENERAL["summary"], **objectives, "next": GENERAL["next"]}


def objective_field(part: Mapping[str, Any]) -> str:
    """The name of an objective's field; snapshots from before it had a key go by its number."""
    return f"objective_{part.get('pk') or part['number']}"


def clean(texts: Mapping[str, Any], snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Only the known, non-empty fields, as plain text without control characters."""
    found = {name: clean_text(str(texts.get(name) or ""), MAX_LENGTH) for name in fields_for(snapshot)}
    return {name: text for name, text in found.items() if text}


def to_html(text: str) -> SafeString:
    """Paragraphs, emphasis and lists from Markdown; everything else is shown as text or dropped.

    Links lose their address: an issued document points nowhere outside itself.
    """
    rendered = _parser().render(text)
    return mark_safe(nh3.clean(rendered, tags=ALLOWED_TAGS, attributes={}, link_rel=None))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False}).enable(["emphasis", "list", "newline", "escape"])
