"""Small pictures that only reports have: the bar of a target's progress, the bar of a share.

The text beside them says the same in words, so they are hidden from screen readers.
"""

from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from csworkspace.charts.svg import STATUS_TOKENS, fill, rect

WIDTH = 200


def progress_bar(progress: str | None, expected: str | None, status: str) -> SafeString:
    """From baseline (left) to target (right), filled to `progress`, with a tick where it should be."""
    done, due = _share(progress) * WIDTH, _share(expected) * WIDTH
    filled = rect(0, 3, done, 6, fill(STATUS_TOKENS[status])) if done else ""
    tick = rect(max(0.0, min(WIDTH - 1.5, due - 0.75)), 0, 1.5, 12, fill("ink")) if expected else ""
    return _svg(12, rect(0, 3, WIDTH, 6, fill("line")) + filled + tick)


def share_bar(share: float) -> SafeString:
    """A plain bar for a share of the longest, 0 to 1."""
    return _svg(6, rect(0, 0, max(1.0, min(1.0, share) * WIDTH), 6, fill("accent")))


def _share(value: str | None) -> float:
    return 0.0 if value is None else max(0.0, min(1.0, float(Decimal(value))))


def _svg(height: int, body: str) -> SafeString:
    size = f'viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" width="{WIDTH}" height="{height}"'
    return mark_safe(f'<svg class="bar" {size} aria-hidden="true" focusable="false">{body}</svg>')
