"""Views of the book, read from addresses and written back."""

import pytest
from django.http import QueryDict

from accounts.book.filters import BookFilter, escape_like, read_filter
from accounts.book.models import BookRow
from accounts.book.queries import read_page
from tests.accounts.book.makers import make_book


def test_the_default_is_mine_by_attention():
    assert read_filter({}, mine=7) == BookFilter(owner="7")
    assert read_filter({}, mine=None) == BookFilter(owner="all")
    assert read_filter({"owner": "all"}, mine=7) == BookFilter(owner="all")


def test_what_is_not_understood_is_left_out():
    data = {
        "owner": "1; drop table",
        "tier": "9" * 30,
        "stage": "dead",
        "plan": "x",
        "level": "99",
        "attention": "yes",
        "sort": "password",
        "dir": "up",
        "q": "a\x00b" + "x" * 500,
    }
    assert read_filter(data, mine=None) == BookFilter(q="ab" + "x" * 98)


@pytest.mark.parametrize(
    "view",
    [
        BookFilter(),
        BookFilter(owner="7", tier="none", stage="churned", plan="off_track", level="none", attention="1"),
        BookFilter(q="50% & more", sort="renewal", descending=True),
        BookFilter(sort="arr", descending=False),
    ],
)
def test_addresses_round_trip(view):
    assert read_filter(QueryDict(view.url().removeprefix("?")), mine=None) == view


def test_headers_turn_the_direction_round():
    view = BookFilter(sort="arr")
    assert view.toggled("arr") == "?owner=all&sort=arr&dir=asc"
    assert view.toggled("name") == "?owner=all&sort=name"


def test_like_patterns_mean_themselves():
    assert escape_like(r"50%_\x") == r"50\%\_\\x"


def names(view):
    return sorted(row[1] for row in read_page(view, None).rows)


def test_each_filter(here, elsewhere):
    make_book(
        [
            {"name": "One 50%", "stage": "churned", "level": 2, "attention": 5, "plan_status": "ahead"},
            {"name": "Two élan", "level": 3},
            {"name": "Three"},
        ]
    )
    BookRow.objects.filter(name="Three").update(owner=here.members["manager"])
    assert names(BookFilter()) == ["Acme Industries", "One 50%", "Three", "Two élan"]
    assert names(BookFilter(owner=str(here.members["manager"].pk))) == ["Three"]
    assert names(BookFilter(owner="none")) == ["One 50%", "Two élan"]
    assert names(BookFilter(tier="none", stage="churned")) == ["One 50%"]
    assert names(BookFilter(plan="ahead")) == ["One 50%"]
    assert names(BookFilter(level="3")) == ["Two élan"]
    assert names(BookFilter(level="none")) == ["Acme Industries", "Three"]
    assert names(BookFilter(attention="1")) == ["One 50%"]
    assert names(BookFilter(q="ELAN two")) == ["Two élan"]
    assert names(BookFilter(q="0%")) == ["One 50%"]
    assert names(BookFilter(q="%")) == ["One 50%"]
    assert names(BookFilter(q="o_e")) == []
    elsewhere.open()
    assert names(BookFilter()) == []
