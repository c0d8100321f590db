"""The few SVG elements that charts are made of.

Colours are written twice: as presentation attributes with the light theme's value, because PDF
renderers apply no page CSS inside SVG, and as classes (``f-…`` fill, ``s-…`` stroke) that let
static/css/charts.css put the theme's tokens in their place.
"""

from hashlib import blake2s
from html import escape

from django.utils.safestring import SafeString, mark_safe

# Token name → light value; a test keeps it equal to static/css/tokens.css.
COLOURS = {
    "paper": "#fbfbf9",
    "ink": "#17191c",
    "ink-2": "#43474c",
    "ink-3": "#5f6368",
    "line": "#e3e3dd",
    "line-strong": "#c4c4bb",
    "accent": "#0d4f5c",
    "accent-wash": "#e6f0f1",
    "ahead": "#1d5690",
    "on-track": "#28683c",
    "slipping": "#855600",
    "off-track": "#a5271e",
    "no-data": "#5f6368",
    "chart-actual": "#0d4f5c",
    "chart-target": "#985c12",
    "chart-baseline": "#6b6f74",
    "chart-grid": "#e3e3dd",
    "chart-axis": "#83837a",
    "chart-2": "#8a4527",
    "chart-3": "#594a8c",
    "chart-4": "#4b6620",
}
STATUS_TOKENS = {
    "ahead": "ahead",
    "on_track": "on-track",
    "slipping": "slipping",
    "off_track": "off-track",
    "no_data": "no-data",
}
FONT = "Inter, system-ui, sans-serif"
# Advance widths of Inter Regular, thousandths of an em, from the space to the tilde.
_WIDTHS = (
    281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618,
    646, 593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746,
    743, 269, 571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365,
    360, 365, 471, 456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600,
    612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
)  # fmt: skip
# Characters XML forbids; a customer's name must not break the document it is printed in.
_FORBIDDEN = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)


def clean(value: object) -> str:
    """Text from anywhere, made safe to stand in SVG: markup escaped, forbidden characters dropped."""
    return escape(str(value).translate(_FORBIDDEN))


def text_width(value: str, size: float = 12) -> float:
    """Width in pixels as Inter sets it (bold runs 4 % wider); other scripts count as wide letters."""
    return sum(_letter_width(ord(letter)) for letter in value) * size / 1000


def fit(value: str, width: float, size: float = 12) -> str:
    """The text, cut with an ellipsis when it is wider than ``width`` pixels."""
    if text_width(value, size) <= width:
        return value
    room, kept = width - size, 0.0
    for index, letter in enumerate(value):
        kept += _letter_width(ord(letter)) * size / 1000
        if kept > room:
            return value[:index].rstrip() + "…"
    return value


def num(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def fill(token: str) -> str:
    """Attributes that fill with a token's colour."""
    return f'class="f-{token}" fill="{COLOURS[token]}"'


def stroke(token: str, width: float = 1, dash: str = "") -> str:
    """Attributes that stroke with a token's colour and fill nothing."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="s-{token}" fill="none" stroke="{COLOURS[token]}" stroke-width="{num(width)}"{dashes}'


def outline(token: str, inside: str, width: float = 1.5) -> str:
    """Attributes for a shape stroked in one token's colour and filled with another's."""
    return (
        f'class="f-{inside} s-{token}" fill="{COLOURS[inside]}" '
        f'stroke="{COLOURS[token]}" stroke-width="{num(width)}"'
    )


def line(x1: float, y1: float, x2: float, y2: float, paint: str) -> str:
    """A straight line."""
    return f'<path d="M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}" {paint}/>'


def rect(x: float, y: float, width: float, height: float, paint: str, radius: float = 0) -> str:
    """A rectangle."""
    corner = f' rx="{num(radius)}"' if radius else ""
    size = f'width="{num(max(width, 0))}" height="{num(max(height, 0))}"'
    return f'<rect x="{num(x)}" y="{num(y)}" {size}{corner} {paint}/>'


def text(
    x: float,
    y: float,
    value: object,
    token: str = "ink-2",
    *,
    anchor: str = "start",
    size: float = 12,
    bold: bool = False,
) -> str:
    """A line of text; ``value`` may be hostile."""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    weight = ' font-weight="600"' if bold else ""
    look = f'font-size="{num(size)}"{place}{weight} {fill(token)}'
    return f'<text x="{num(x)}" y="{num(y)}" {look}>{clean(value)}</text>'


def shape(status: str, x: float, y: float, size: float = 8) -> str:
    """The sign of a status, centred on x, y: the same shapes as the status words of the page."""
    token, half = STATUS_TOKENS.get(status, "chart-actual"), size / 2
    if status == "ahead":
        return _polygon([(x, y - half), (x + half, y + half), (x - half, y + half)], token)
    if status == "slipping":
        return _polygon([(x, y - half), (x + half, y), (x, y + half), (x - half, y)], token)
    if status == "off_track":
        return _polygon([(x - half, y - half), (x + half, y - half), (x, y + half)], token)
    paint = stroke(token, 1.5) if status == "no_data" else fill(token)
    return (
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(half - (0.5 if status == "no_data" else 0))}" {paint}/>'
    )


def document(
    width: float, height: float, title: str, description: str, body: str, uid: str = ""
) -> SafeString:
    """The whole picture, named for people who cannot see it.

    Ids come from ``uid`` or from the content, so that the same snapshot renders to the same bytes.
    """
    content = uid or f"{title}{description}{body}"
    key = blake2s(content.encode("utf-8", "replace"), digest_size=5).hexdigest()
    names = f'<title id="t{key}">{clean(title)}</title><desc id="d{key}">{clean(description)}</desc>'
    start = opening(width, height, f'aria-labelledby="t{key} d{key}" font-family="{FONT}"')
    return mark_safe(f"{start}{names}{body}</svg>")


def opening(width: float, height: float, more: str) -> str:
    """The start tag of a picture, with its size twice: as a box to scale and as a natural size."""
    across, down = num(width), num(height)
    size = f'viewBox="0 0 {across} {down}" width="{across}" height="{down}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {more}>'


def _letter_width(code: int) -> int:
    if 32 <= code < 127:
        return _WIDTHS[code - 32]
    return 1000 if code > 0x2E80 else 640


def _polygon(points: list[tuple[float, float]], token: str) -> str:
    return f'<path d="M{"L".join(f"{num(x)} {num(y)}" for x, y in points)}Z" {fill(token)}/>'
