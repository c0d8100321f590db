"""Small pictures that only reports have: the bar of a target's progress, the bar of a share.

SVG with concrete light colours, for paper; on the page the classes take the theme's. The text beside
them says the same in words, so they are hidden from screen readers and marked as decoration in the PDF.
"""

from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

COLOURS = {
    "ahead": "#1d5690",
    "on_track": "#28683c",
    "slipping": "#855600",
    "off_track": "#a5271e",
    "no_data": "#5f6368",
}
TRACK, INK, ACCENT = "#e3e3dd", "#17191c", "#0d4f5c"


def progress_bar(progress: str | None, expected: str | None, status: str) -> SafeString:
    """From baseline (left) to target (right), filled to `progress`, with a tick where it should be."""
    done, due = _share(progress), _share(expected)
    fill = _rect(0, 3, done, 6, COLOURS[status], f"fill-{status}") if done else ""
    tick = _rect(max(0.0, min(198.5, due * 2 - 0.75)) / 2, 0, 0.75, 12, INK, "fill-ink") if expected else ""
    return _svg(12, _rect(0, 3, 100, 6, TRACK, "fill-track") + fill + tick)


def share_bar(share: float) -> SafeString:
    """A plain bar for a share of the longest, 0 to 1."""
    return _svg(6, _rect(0, 0, max(0.5, min(1.0, share) * 100), 6, ACCENT, "fill-accent"))


def _share(value: str | None) -> float:
    return 0.0 if value is None else max(0.0, min(100.0, float(Decimal(value)) * 100))


def _rect(x: float, y: float, width: float, height: float, colour: str, name: str) -> str:
    place = f'x="{x * 2:g}" y="{y}" width="{width * 2:.4g}" height="{height}"'
    return f'<rect class="{name}" {place} fill="{colour}"/>'


def _svg(height: int, body: str) -> SafeString:
    size = f'viewBox="0 0 200 {height}" preserveAspectRatio="none" width="200" height="{height}"'
    return mark_safe(f'<svg class="bar" {size} aria-hidden="true" focusable="false">{body}</svg>')
