"""What is typed into one line."""

import pytest

from csworkspace.web.lines import is_web_page
from csworkspace.web.texts import clean_line


def test_one_line_has_no_breaks_and_no_control_characters():
    assert clean_line("  a\r\nb\u202e\x00  c\t") == "a b c"


@pytest.mark.parametrize(
    ("link", "so"),
    [
        ("https://status.example/1", True),
        ("HTTP://status.example", True),
        ("javascript:alert(1)", False),
        ("ftp://files.example", False),
        ("//status.example", False),
        ("", False),
    ],
)
def test_only_the_web_is_linked_to(link, so):
    assert is_web_page(link) is so
