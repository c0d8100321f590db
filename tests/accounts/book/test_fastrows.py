"""Rows printed fast are the rows that Django would print."""

import pytest
from django.template.loader import get_template

from accounts.book import fastrows
from accounts.book.columns import COLUMNS, parts_for

NAMES = [
    *(
        "id",
        "url",
        "edit",
        "name",
        "sub",
        "reason",
        "arr",
        "renewal",
        "active",
        "metric",
        "headline",
        "change",
        "level",
        "score",
    ),
    *("signals", "severity"),
    *("status", "status_word", "owner", "tier", "stage", "tags", "owed", "late", "attainment", "currency"),
]
EVERY = ",".join(reversed(COLUMNS))


@pytest.mark.parametrize("may_work", [True, False])
@pytest.mark.parametrize("cols", ["", "tags", EVERY])
def test_the_same_as_the_templates_themselves(cols, may_work):
    rows = [dict.fromkeys(NAMES, text) for text in ("plain", "<b>&\"'</b>", "", "é\n{{ x }}")]
    parts = parts_for(cols, may_work)
    cells = ["".join(get_template(part).render(row) for part in parts) for row in rows]
    assert fastrows.print_rows(parts, rows) == "".join(f"<tr>{row}</tr>\n" for row in cells)
    assert fastrows.print_rows(parts, []) == ""


@pytest.mark.parametrize("template", ["kit/_facts.html", "kit/_field_notes.html", "kit/_pager.html"])
def test_templates_with_tags_or_filters_are_refused(template):
    with pytest.raises(ValueError, match="may only have plain variables"):
        fastrows.parts_of((template,))
