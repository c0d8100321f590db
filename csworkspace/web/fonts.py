"""Where the two type families live: Inter for the interface, Source Serif 4 for display and reports.

The pages load small Latin subsets from ``static/fonts`` (Latin, punctuation, currency, arrows, shapes);
any other script falls back, by ``unicode-range``, to the complete files of the font packages.
``python -m csworkspace.web.fonts static/fonts`` makes the subsets again after a font update.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LATIN_RANGE = (
    "U+0000-024F,U+02B0-02FF,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20CF,"
    "U+2100-218F,U+2190-21FF,U+2200-22FF,U+25A0-25FF"
)
FEATURES = ["kern", "liga", "calt", "tnum", "lnum", "case", "ccmp", "locl", "mark", "mkmk"]


@dataclass(frozen=True)
class FontFile:
    """One face: CSS family and style, weights as (lightest, boldest), the package's file, its subset's name.

    ``limits`` are the variation axes kept in the subset: a single position, or (lowest, highest).
    """

    family: str
    style: str
    weights: tuple[int, int]
    package: str
    filename: str
    subset: str
    limits: dict[str, float | tuple[float, float]]

    @property
    def path(self) -> Path:
        """The complete font file (TrueType, variable) inside the installed package."""
        return package_files(self.package) / self.filename


FONT_FILES = (
    FontFile(
        "Inter",
        "normal",
        (400, 700),
        "fontpkg_inter",
        "Inter[opsz,wght].ttf",
        "inter-latin.woff2",
        {"opsz": 14, "wght": (400, 700)},
    ),
    FontFile(
        "Source Serif 4",
        "normal",
        (400, 700),
        "fontpkg_source_serif_4",
        "SourceSerif4[opsz,wght].ttf",
        "source-serif-4-latin.woff2",
        {"opsz": (14, 40), "wght": (400, 700)},
    ),
    FontFile(
        "Source Serif 4",
        "italic",
        (400, 700),
        "fontpkg_source_serif_4",
        "SourceSerif4-Italic[opsz,wght].ttf",
        "source-serif-4-italic-latin.woff2",
        {"opsz": 20, "wght": (400, 700)},
    ),
)


def package_files(package: str) -> Path:
    """Folder of font files inside an installed font package; ImportError names the one missing."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ImportError(
            f"The font package {package} is not installed: run make run, or install requirements.txt"
        )
    return Path(spec.origin).parent / "files"


def font_dirs() -> list[tuple[str, Path]]:
    """Entries for STATICFILES_DIRS: (prefix below /static/, folder of complete fonts)."""
    packages = dict.fromkeys(font.package for font in FONT_FILES)
    return [(f"fonts/{name.removeprefix('fontpkg_')}", package_files(name)) for name in packages]


def font_faces() -> Iterator[str]:
    """One ``@font-face`` rule per face with a ``file:`` address, for a PDF renderer that may read it."""
    for font in FONT_FILES:
        low, high = font.weights
        yield (
            f'@font-face {{ font-family: "{font.family}"; font-style: {font.style}; '
            f'font-weight: {low} {high}; src: url("{font.path.as_uri()}") format("truetype") }}'
        )


def build_subsets(target: Path) -> list[Path]:
    """Write the woff2 subset of every face into ``target``; returns the files written."""
    return [_subset(font, target / font.subset) for font in FONT_FILES]


def _subset(font: FontFile, out: Path) -> Path:
    # Only the one who rebuilds the subsets pays for importing fontTools.
    from fontTools import subset, ttLib
    from fontTools.varLib import instancer

    face = ttLib.TTFont(font.path)
    options = subset.Options(layout_features=FEATURES, flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(LATIN_RANGE.replace("U+", "")))
    subsetter.subset(face)
    face = instancer.instantiateVariableFont(face, font.limits)
    subset.save_font(face, str(out), options)
    return out


if __name__ == "__main__":
    for written in build_subsets(Path(sys.argv[1])):
        sys.stdout.write(f"{written} {written.stat().st_size}\n")
