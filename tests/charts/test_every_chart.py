"""What holds for every picture: it parses, escapes, is named, holds no code, says its colours twice."""

import re
from pathlib import Path

import pytest

from csworkspace.charts.svg import COLOURS, STATUS_TOKENS
from tests.charts.pictures import HOSTILE, NS, every_kind, tree

STATIC = Path(__file__).parents[2] / "static" / "css"
KINDS = every_kind()
NASTY = every_kind(HOSTILE, float("nan"))
HUGE = every_kind("x" * 5000, 1e308)


@pytest.mark.parametrize("pictures", [KINDS, NASTY, HUGE], ids=["plain", "hostile", "huge"])
@pytest.mark.parametrize("kind", KINDS)
def test_is_well_formed_named_and_free_of_code(pictures, kind):
    root = tree(pictures[kind])
    assert root.get("role") == "img"
    assert root.find(f"{NS}title").text
    named = [root.find(f".//*[@id='{one}']").tag for one in (root.get("aria-labelledby") or "").split()]
    assert named == ([] if kind == "spark" else [f"{NS}title", f"{NS}desc"])
    assert {node.tag.removeprefix(NS) for node in root.iter()} <= {
        "svg", "title", "desc", "path", "rect", "circle", "text",
    }  # fmt: skip
    assert not [
        name for node in root.iter() for name in node.attrib if name.startswith(("on", "style", "href"))
    ]
    numbers = " ".join(
        node.get(name, "") for node in root.iter() for name in ("d", "x", "y", "cx", "cy", "width")
    )
    assert not re.search(r"nan|inf|e", numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_shown_as_text(kind):
    root = tree(NASTY[kind])
    assert root.find(f"{NS}title").text == "</title><script>alert('x')</script>\"& style="


@pytest.mark.parametrize("kind", KINDS)
def test_same_input_gives_the_same_bytes(kind):
    assert str(every_kind()[kind]) == str(KINDS[kind])


def test_pictures_on_one_page_do_not_share_ids():
    ids = [node.get("id") for svg in KINDS.values() for node in tree(svg).iter() if node.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_is_written_for_print_and_for_the_theme(kind):
    for node in tree(KINDS[kind]).iter():
        classes = dict(name.split("-", 1) for name in node.get("class", "").split() if name != "sparkline")
        assert (
            node.get("fill") in (None, "none")
            if "f" not in classes
            else node.get("fill") == COLOURS[classes["f"]]
        )
        assert (
            node.get("stroke") is None if "s" not in classes else node.get("stroke") == COLOURS[classes["s"]]
        )


def test_palette_is_the_light_theme():
    light = (STATIC / "tokens.css").read_text().split("@media")[0]
    tokens = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    assert {name: tokens.get(name) for name in COLOURS} == COLOURS
    assert set(STATUS_TOKENS.values()) <= set(COLOURS)


def test_the_page_knows_every_colour_class():
    rules = dict(
        re.findall(r"\.([fs]-[\w-]+) \{ (\w+: var\(--[\w-]+\)); \}", (STATIC / "charts.css").read_text())
    )
    expected = {f"f-{name}": f"fill: var(--{name})" for name in COLOURS}
    assert rules == expected | {f"s-{name}": f"stroke: var(--{name})" for name in COLOURS}
