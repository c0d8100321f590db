"""Texts as they are kept: nothing that harms, and nothing lost that is seen."""

import pytest

from csworkspace.web.texts import clean_line, clean_text, plain_lines

SCIENTIST = "\U0001f469\u200d\U0001f52c"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\r\nb\tc\x00d ", "a b c d"),
        ("Anna\u00a0Müller\u2028x", "Anna Müller x"),
        (f"a\u202eb\u200bc {SCIENTIST}\ud800", f"abc {SCIENTIST}"),
        ("\x00\u202e", ""),
    ],
)
def test_a_line(text, line):
    assert clean_line(text) == line


def test_lines_have_one_kind_of_end_and_no_control_characters():
    assert plain_lines("a\r\nb\rc\u2029\x00\x1b[31md\te\n") == "a\nb\nc\n[31md\te\n"


def test_lines_keep_spaces_that_do_not_break_and_joined_emoji():
    assert plain_lines(f"1\u00a0000\u202f€\u2003x {SCIENTIST}\u202e\ud800") == (
        f"1\u00a0000\u202f€ x {SCIENTIST}"
    )


def test_a_text_has_no_space_around_it_and_a_longest():
    assert clean_text(" \na\n\nb\n ") == "a\n\nb"
    assert len(clean_text("x" * 30_000)) == 20_000
