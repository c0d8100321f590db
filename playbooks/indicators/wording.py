"""Explanation templates: text with {placeholders}, and nothing else.

A template is cut at its braces by hand: there are no formats, attributes, indexes or code in it, so that
no text can make rendering do anything but put texts in their places. Nothing is escaped here; pages do it.
"""

from collections.abc import Collection, Iterator, Mapping

from csworkspace.web import formats

LONGEST = 300


class BadTemplate(ValueError):
    """A template that cannot be used; the text says what is wrong with it."""


def parts_of(template: str) -> Iterator[tuple[bool, str]]:
    """(is a placeholder, text) in order. Raises BadTemplate for braces that do not pair."""
    rest = template
    while rest:
        before, brace, after = rest.partition("{")
        if "}" in before:
            raise BadTemplate("There is a “}” without a “{” before it. Remove it.")
        if before:
            yield False, before
        if not brace:
            return
        name, closed, rest = after.partition("}")
        if not closed:
            raise BadTemplate(f"“{{{name[:40]}” is not closed. Write {{name}}.")
        yield True, name


def check_template(template: str, known: Collection[str]) -> str:
    """The template, trimmed. Raises BadTemplate with a sentence that names what cannot be used."""
    text = " ".join(template.replace("\x00", "").split())
    if not text:
        raise BadTemplate("Write the sentence that people will read.")
    if len(text) > LONGEST:
        raise BadTemplate(f"Keep it to {LONGEST} characters.")
    for is_placeholder, name in parts_of(text):
        if is_placeholder and name not in known:
            raise BadTemplate(_complaint(name, known))
    return text


def _complaint(name: str, known: Collection[str]) -> str:
    offered = ", ".join(f"{{{one}}}" for one in known)
    if not name.isidentifier():
        return f"“{{{name[:40]}}}” cannot be used: only plain names are allowed between braces: {offered}."
    return f"There is no “{{{name[:40]}}}” here. You can use {offered}."


def render(template: str, values: Mapping[str, str]) -> str:
    """The sentence. Never fails: what is unknown becomes a dash, what cannot be cut stays as it is."""
    try:
        found = [values.get(text, formats.DASH) if named else text for named, text in parts_of(template)]
    except BadTemplate:
        return template
    return "".join(found)
