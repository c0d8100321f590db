"""The book is there on every day."""

import pytest

from accounts.book.actions import refresh_book


@pytest.fixture(autouse=True)
def book(here):
    refresh_book()
