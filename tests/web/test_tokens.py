"""The theme as numbers: both dark blocks agree, and every pair that meets on a page can be read."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
GROUNDS = ["paper", "surface", "sunken"]
WORDS = ["ink", "ink-2", "ink-3", "accent", "accent-hover"]
STATUSES = ["ahead", "on-track", "slipping", "off-track", "no-data"]
LINES = ["chart-actual", "chart-target", "chart-baseline", "chart-axis", "chart-2", "chart-3", "chart-4"]


def block(selector):
    """Custom properties of the first rule with exactly this selector."""
    body = re.search(re.escape(selector) + r"\s*\{(.*?)\}", TOKENS, re.S)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body[1]))


THEMES = {"light": block(":root"), "dark": block(':root[data-theme="dark"]')}


def luminance(colour):
    """Relative luminance of #rrggbb, WCAG 2.2."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_ways_into_the_dark_agree():
    assert block(':root:not([data-theme="light"])') == THEMES["dark"]


def test_dark_answers_every_light_colour():
    colours = {name for name, value in THEMES["light"].items() if value.startswith(("#", "0 1px"))}
    assert set(THEMES["dark"]) == colours


@pytest.mark.parametrize("theme", THEMES)
def test_words_are_readable_on_every_ground(theme):
    tokens = THEMES[theme]
    pairs = [(word, ground) for word in [*WORDS, *STATUSES] for ground in GROUNDS]
    pairs += [(status, f"{status}-wash") for status in STATUSES]
    pairs += [("ink", f"{status}-wash") for status in STATUSES]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("accent", "accent-wash")]
    pairs += [("ink", "highlight"), ("paper", "ink"), ("paper", "off-track")]
    assert {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs
            if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5} == {}  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_and_borders_are_visible(theme):
    tokens = THEMES[theme]
    pairs = [(line, ground) for line in [*LINES, "control-line", "focus"] for ground in GROUNDS[:2]]
    assert {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs
            if contrast(tokens[pair[0]], tokens[pair[1]]) < 3} == {}  # fmt: skip


def test_style_sheets_use_tokens_only():
    """No colour outside tokens.css, no unknown token, and each file of the shell fills a declared layer."""
    order = re.search(r"@layer ([\w, ]+);", (CSS / "app.css").read_text())
    layers = set(order[1].split(", ")) if order else set()
    known = set(re.findall(r"--([\w-]+):", TOKENS)) | {"tone", "wash", "tier"}
    linked = re.findall(r"css/([\w-]+\.css)", (CSS.parents[1] / "templates/kit/_styles.html").read_text())
    for name in sorted(set(linked) - {"tokens.css", "app.css"}):
        text = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.S)
        assert set(re.findall(r"var\(--([\w-]+)", text)) <= known, name
        assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", text) == [], name
        assert set(re.findall(r"@layer (\w+)", text)) <= layers, name
