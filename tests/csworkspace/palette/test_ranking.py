"""Which name is closer: the same answer from Python and from the database."""

import pytest
from django.db import connection

from csworkspace.palette.ranking import (
    ELSEWHERE,
    EXACT,
    INSIDE,
    PREFIX,
    WORD,
    all_words_sql,
    closeness,
    closeness_sql,
    closeness_values,
)

CASES = [
    ("acme", "acme", EXACT),
    ("ac", "acme", PREFIX),
    ("ind", "acme industries", WORD),
    ("dust", "acme industries", INSIDE),
    ("zenith", "acme industries", ELSEWHERE),
    ("%", "acme", ELSEWHERE),
    ("a_me", "acme", ELSEWHERE),
    ("100%", "100% pure", PREFIX),
    ("\\", "back\\slash", INSIDE),
    ("'; --", "it's; -- fine", INSIDE - 3 + ELSEWHERE),
]


@pytest.mark.parametrize(("text", "name", "rank"), CASES)
def test_python_and_sql_agree(db, text, name, rank):
    assert closeness(text, name) == rank
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {closeness_sql('name')} from (values (%s)) as given (name)",
            [*closeness_values(text), name],
        )
        assert cursor.fetchone()[0] == rank


def test_every_word_must_be_there_and_six_are_enough():
    assert all_words_sql("name", "fifty %  x_y") == (
        "name like %s and name like %s and name like %s",
        ["%fifty%", r"%\%%", r"%x\_y%"],
    )
    assert len(all_words_sql("name", "a " * 5000)[1]) == 6
    assert all_words_sql("name", " ") == ("false", [])
