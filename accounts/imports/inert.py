"""Cells that `csworkspace.exports.csvfile.cell` made inert, brought back."""

from csworkspace.exports.csvfile import FORMULA


def unguard(text: str) -> str:
    """What was there before an apostrophe was put in front of something like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
