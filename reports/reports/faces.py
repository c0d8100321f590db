"""The faces that reports are set in: fixed cuts of the two families, small and quick to embed.

WeasyPrint cuts a variable font anew for every size and document, which takes longer than the layout
itself. These cuts are made once, with `python -m reports.reports.faces static/fonts/print`, from the
complete fonts; letters beyond them (other scripts) come from the complete fonts, then from the system's.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from csworkspace.web.fonts import FEATURES, FONT_FILES, FontFile

# Latin, Greek, Cyrillic, Vietnamese, punctuation, currencies, arrows, shapes and the tick.
RANGE = "0-52F,1D00-1FFF,2000-206F,2070-209F,20A0-20CF,2100-218F,2190-21FF,2200-22FF,25A0-25FF,2713"


@dataclass(frozen=True)
class Face:
    """One fixed cut: the family's complete font, weight, and the optical size it is drawn for."""

    font: FontFile
    weight: int
    size: int

    @property
    def path(self) -> Path:
        """The cut's file."""
        family = self.font.family.lower().replace(" ", "-")
        slant = "-italic" if self.font.style == "italic" else ""
        return settings.BASE_DIR / "static" / "fonts" / "print" / f"{family}{slant}-{self.weight}.ttf"


_INTER, _SERIF, _ITALIC = FONT_FILES
FACES = (
    Face(_INTER, 400, 14),
    Face(_INTER, 500, 14),
    Face(_INTER, 600, 14),
    Face(_SERIF, 400, 14),
    Face(_SERIF, 500, 24),
    Face(_SERIF, 600, 28),
    Face(_ITALIC, 400, 16),
)


def font_files() -> dict[str, Path]:
    """Address → file of everything that a report may load."""
    paths = [*(face.path for face in FACES), *(font.path for font in FONT_FILES)]
    return {path.as_uri(): path for path in paths}


def font_face_rules() -> Iterator[str]:
    """`@font-face` rules: the cuts under the families' names, the complete fonts as `… Full`."""
    for face in FACES:
        yield _rule(face.font.family, face.font.style, str(face.weight), face.path)
    for font in FONT_FILES:
        yield _rule(f"{font.family} Full", font.style, "normal", font.path)


def _rule(family: str, style: str, weight: str, path: Path) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; '
        f'src: url("{path.as_uri()}") }}'
    )


def build(face: Face, target: Path) -> Path:
    """Write one cut into the folder; returns its file."""
    # Only who makes the cuts again pays for these imports.
    from fontTools import subset, ttLib
    from fontTools.varLib import instancer

    font = ttLib.TTFont(face.font.path, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, hinting=False, recalc_timestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(RANGE))
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": face.weight, "opsz": face.size}, inplace=True)
    out = target / face.path.name
    font.save(str(out))
    return out


if __name__ == "__main__":
    for one in FACES:
        written = build(one, Path(sys.argv[1]))
        print(written, written.stat().st_size)
