"""Who is meant by an @ in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.notes.mentions import Person, find_named, hints
from tests.playbooks.kit import calmly

PEOPLE = [
    Person(1, "Priya Raman", "csm@tidewater.example"),
    Person(2, "Tomás Herrera", "tomas@tidewater.example"),
    Person(3, "Anna Lind", "lind@tidewater.example"),
    Person(4, "Anna Berg", "berg@tidewater.example"),
    Person(5, "Seán O'Brien", "sob@tidewater.example"),
    Person(6, "", "nameless@tidewater.example"),
]


def named(text):
    return [(one.typed, one.pk) for one in find_named(text, PEOPLE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Priya Raman please look", [("@Priya Raman", 1)]),
        ("Thanks, @priya!", [("@priya", 1)]),
        ("(@TOMAS)", [("@TOMAS", 2)]),
        ("@Tomás Herrera's list", [("@Tomás Herrera", 2)]),
        ("@tomas.herrera and @csm", [("@tomas.herrera", 2), ("@csm", 1)]),
        ("@Priya Ramen", [("@Priya", 1)]),
        ("@Anna Berg and @Anna", [("@Anna Berg", 4), ("@Anna", None)]),
        ("@seán o'brien, @sean-o’brien", [("@seán o'brien", 5), ("@sean-o’brien", 5)]),
        ("@nameless", [("@nameless", 6)]),
        ("@nobody", [("@nobody", None)]),
        ("ruth@priya.example", []),
        ("https://x.example/@priya", []),
        ("@@priya @ priya @", []),
        ("@Priya\nRaman", [("@Priya", 1)]),
    ],
)
def test_names_are_found(text, found):
    assert named(text) == found


def test_what_is_not_clear_is_said_once():
    found = find_named("@Anna @Anna @Priya @zed", PEOPLE)
    assert hints(found) == [
        "@Anna could be Anna Berg or Anna Lind: write the whole name and they are told.",
        "@zed is nobody of the team, so nobody was told.",
    ]


def test_there_is_an_end_to_naming():
    assert len(find_named("@priya " * 500, PEOPLE)) == 50


@calmly
@given(st.text(alphabet="@ .'’-aApPrRiIyYnN\n", max_size=60))
def test_places_are_those_of_the_text(text):
    for one in find_named(text, PEOPLE):
        assert text[one.start : one.end] == one.typed
        assert one.typed.startswith("@")
