"""The merging of sources: paging loses nothing and repeats nothing, whatever shares a moment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.timeline.sources import Happening, TimelineSource
from playbooks.timeline.story import place_in, place_text, read_chapter, search
from tests.playbooks.kit import calmly

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fake(name, happenings, asked=None):
    """A source over a list, which keeps the rule of `find`."""

    def find(request, account_id, before, limit):
        if asked is not None:
            asked.append((name, limit))
        older = [one for one in happenings if before is None or (one.at, one.key) < before]
        return sorted(older, key=lambda one: (one.at, one.key), reverse=True)[:limit]

    return TimelineSource(name, name.capitalize(), find)


def pages(sources, limit):
    """The keys of every page until the beginning."""
    before, found = None, []
    for _ in range(500):
        chapter = read_chapter(None, 1, sources, before, limit)
        found.append([one.what.key for one in chapter.items])
        before = chapter.older
        if before is None:
            return found
    raise AssertionError("paging does not end")


few_moments = st.lists(st.integers(0, 4), max_size=25)


@calmly
@given(st.lists(few_moments, min_size=1, max_size=4), st.integers(1, 7))
def test_every_happening_is_told_once_in_order(minutes, limit):
    told = [
        [
            Happening(START + timedelta(minutes=at), f"{source} {number}", "x")
            for number, at in enumerate(each)
        ]
        for source, each in enumerate(minutes)
    ]
    found = pages([fake(str(number), each) for number, each in enumerate(told)], limit)
    every = sorted((one for each in told for one in each), key=lambda one: (one.at, one.key), reverse=True)
    assert [key for page in found for key in page] == [one.key for one in every]
    assert all(len(page) == limit for page in found[:-1])


def test_each_source_is_asked_once_for_one_more_than_the_page():
    asked = []
    read_chapter(None, 1, [fake("a", [], asked), fake("b", [], asked)], None, 40)
    assert asked == [("a", 41), ("b", 41)]


def test_a_source_that_breaks_the_rule_does_not_hold_up_paging():
    stuck = [Happening(START, "same", "x")]
    broken = TimelineSource("broken", "Broken", lambda request, account, before, limit: stuck)
    other = fake("other", [Happening(START - timedelta(days=1), f"o {n}", "x") for n in range(3)])
    assert pages([broken, other], 2) == [["same", "o 2"], ["o 1", "o 0"]]


def test_a_search_reads_back_until_it_has_a_page():
    told = [Happening(START - timedelta(hours=n), f"k {n:04}", f"Thing {n % 100}") for n in range(450)]
    chapter = search(None, 1, [fake("a", told)], None, 3, "thing 77")
    assert [one.what.key for one in chapter.items] == ["k 0077", "k 0177", "k 0277"]
    again = search(None, 1, [fake("a", told)], chapter.older, 3, "THING 77")
    assert [one.what.key for one in again.items] == ["k 0377"]
    assert again.older is None


def test_a_search_ends_after_some_rounds_and_may_go_on():
    told = [Happening(START - timedelta(hours=n), f"k {n:05}", "Ordinary") for n in range(1000)]
    asked = []
    chapter = search(None, 1, [fake("a", told, asked)], None, 40, "rare")
    assert (chapter.items, asked) == ([], [("a", 201)] * 4)
    assert chapter.older == (START - timedelta(hours=799), "k 00799")


def test_a_search_reads_what_is_printed():
    told = [Happening(START, "k", "Kick-off", text="<p>Électricité &amp; more</p>", by="Priya Raman")]
    for words, hits in (("kick priya", 1), ("electricite", 1), ("p>", 0), ("kick absent", 0)):
        assert len(search(None, 1, [fake("a", told)], None, 9, words).items) == hits


def test_a_place_survives_an_address():
    place = (START.replace(microsecond=123456), "note 12")
    assert place_in(place_text(place)) == place


@pytest.mark.parametrize(
    "text",
    ["", "~", "x~y", "2026-03-01~key", "2026-03-01T12:00:00~naive", "2026-03-01T12:00:00+00:00",
     "0001-01-01T00:00:00+00:00~k", "9999-12-31T23:59:59+00:00~k", "2026-03-01T12:00:00+00:00~\x00",
     "~" * 500],
)  # fmt: skip
def test_an_address_that_names_no_place_is_passed_over(text):
    assert place_in(text) is None
