"""Rows printed fast are the rows that Django would print."""

import pytest
from django.template.loader import get_template

from accounts.book import fastrows

NAMES = [
    *("url", "name", "sub", "reason", "arr", "renewal", "active", "headline"),
    *("change", "level", "status", "status_word", "owner"),
]


def test_the_same_as_the_template_itself():
    rows = [dict.fromkeys(NAMES, text) for text in ("plain", "<b>&\"'</b>", "", "é\n{{ x }}")]
    expected = "".join(get_template("book/_row.html").render(row) for row in rows)
    assert fastrows.print_rows("book/_row.html", rows) == expected
    assert fastrows.print_rows("book/_row.html", []) == ""


@pytest.mark.parametrize("template", ["kit/_facts.html", "kit/_field_notes.html", "kit/_pager.html"])
def test_templates_with_tags_or_filters_are_refused(template):
    with pytest.raises(ValueError, match="may only have plain variables"):
        fastrows.parts_of(template)
