"""What a strict policy would block, found by reading a page as a browser does."""

from html.parser import HTMLParser

LINKS = {"href", "src", "action", "formaction", "xlink:href"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style":
            self.found.append("a style element")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.found.append("an inline script")
        for name, value in attrs:
            self._attribute(tag, name, (value or "").strip().lower())

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self.found.append(f"a style attribute on {tag}")
        if name.startswith(("on", "hx-on")):
            self.found.append(f"{name} on {tag}")
        if name in LINKS and value.startswith(("javascript:", "vbscript:", "data:text")):
            self.found.append(f"{name}={value[:30]}")
        if tag in ("script", "link", "img", "iframe") and name in LINKS and "//" in value[:8]:
            self.found.append(f"something of another site: {value[:60]}")


def blocked(html: str) -> list[str]:
    """What of this page the policy forbids; empty when all is well."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
