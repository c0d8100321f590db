"""Paging shows every row exactly once, in any sort, with ties and with edits between pages."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.book.cursor import BadPlace, Place, read_place, write_place
from accounts.book.filters import SORTS, BookFilter
from accounts.book.models import BookRow
from accounts.book.queries import read_page
from tests.accounts.book.makers import make_book

VALUES = {
    "attention": st.integers(0, 2),
    "name_sort": st.text("ab é", min_size=1, max_size=2),
    "arr_sort": st.integers(-1, 2),
    "renewal_on": st.integers(0, 2).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
    "last_active_on": st.integers(0, 2).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
    "headline_sort": st.sampled_from([-1.0, 0.1, 1 / 3, 2.5]),
    "level": st.integers(-1, 1),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=12)


def key_of(row, view):
    return (getattr(row, SORTS[view.sort].column), row.account_id)


def walk(view, size, between=lambda: None):
    """The account ids of all pages from the first on, through written and read cursors."""
    seen, place = [], None
    while True:
        page = read_page(view, place, size)
        seen.append([row[0] for row in page.rows])
        if not page.has_next:
            return seen
        last = page.rows[-1]
        text = write_place(view, Place(last[-1], last[0], page.seen + len(page.rows)), "1")
        place = read_place(view, text, "1")
        between()


def back(view, size, first_of_last):
    """The account ids of all pages before a row, going back."""
    seen, place = [], first_of_last
    while True:
        page = read_page(view, place, size)
        seen = [[row[0] for row in page.rows], *seen]
        if not page.has_previous or not page.rows:
            return [part for part in seen if part]
        place = Place(page.rows[0][-1], page.rows[0][0], page.seen, back=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, size=st.integers(1, 5), sort=st.sampled_from(sorted(SORTS)), descending=st.booleans())
def test_every_row_once_forwards_and_backwards(here, rows, size, sort, descending):
    BookRow.objects.all().delete()
    here.account.__class__.objects.all().delete()
    make_book(rows)
    view = BookFilter(sort=sort, descending=descending)
    expected = sorted(BookRow.objects.all(), key=lambda row: key_of(row, view), reverse=descending)
    ids = [row.account_id for row in expected]
    pages = walk(view, size)
    assert [pk for page in pages for pk in page] == ids
    assert all(len(page) == size for page in pages[:-1])
    last = expected[-1]
    before = back(view, size, Place(key_of(last, view)[0], last.account_id, len(ids) - 1, back=True))
    assert [pk for page in before for pk in page] == ids[:-1]


def test_edits_between_pages_lose_and_repeat_no_other_row(here):
    accounts = make_book([{"attention": n % 3} for n in range(9)])
    gone, raised = accounts[0], accounts[1]

    def edit():
        BookRow.objects.filter(account=gone).delete()
        BookRow.objects.filter(account=raised).update(attention=99)

    BookRow.objects.filter(account=here.account).delete()
    seen = [pk for page in walk(BookFilter(), 2, edit) for pk in page]
    steady = [a.pk for a in accounts if a not in (gone, raised)]
    assert sorted(pk for pk in seen if pk in steady) == steady
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "W10:1abc:zzz", "\x00", "é" * 500])
def test_a_tampered_cursor_is_refused(value):
    with pytest.raises(BadPlace):
        read_place(BookFilter(), value, "1")


def test_a_cursor_belongs_to_its_sort_and_workspace():
    text = write_place(BookFilter(), Place(5, 7, 50), "1")
    assert read_place(BookFilter(stage="churned"), text, "1") == Place(5, 7, 50)
    for view, salt in [
        (BookFilter(sort="name"), "1"),
        (BookFilter(descending=False), "1"),
        (BookFilter(), "2"),
    ]:
        with pytest.raises(BadPlace):
            read_place(view, text, salt)


def test_cursors_carry_each_type():
    for sort, value in [("renewal", date(2026, 2, 3)), ("headline", 1 / 3), ("name", "é\n"), ("arr", -1)]:
        view = BookFilter(sort=sort)
        assert read_place(view, write_place(view, Place(value, 1, 0, back=True), "1"), "1") == Place(
            value, 1, 0, True
        )
