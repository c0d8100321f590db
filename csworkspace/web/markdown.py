"""Texts that people write in a little Markdown, as safe HTML."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"p", "strong", "em", "ul", "ol", "li", "br", "blockquote", "a"}
RULES = ["emphasis", "list", "newline", "escape", "blockquote", "link"]
MAX_LENGTH = 20_000


def to_html(text: str) -> SafeString:
    """Paragraphs, emphasis, lists, quotes and links to the web; all else is shown as text or dropped."""
    cleaned = nh3.clean(
        _parser().render(text),
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(RULES)
