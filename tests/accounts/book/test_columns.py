"""The columns of the book: chosen, ordered, printed, sorted by, downloaded."""

import csv
import io
from datetime import date, timedelta

import pytest

from accounts.book.actions import ServiceStanding, refresh_book, set_service_standing
from accounts.book.columns import COLUMNS, USUAL, read_columns, write_columns
from accounts.book.filters import BookFilter
from accounts.book.models import BookRow
from accounts.book.toolbar import picked
from tests.accounts.book.makers import make_book
from tests.kit import client_of

EVERY = ",".join(COLUMNS)


def page_of(here, path="book/", role="manager"):
    return client_of(here.members[role]).get(here.url(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("tags,arr", "tags,arr"),
        ("arr,arr,password,tags", "arr,tags"),
        (",".join(USUAL), ""),
        (",".join(reversed(USUAL)), ",".join(reversed(USUAL))),
        ("<script>,\x00", ""),
        ("x" * 10_000, ""),
    ],
)
def test_only_known_columns_once_each_in_their_order(text, expected):
    assert read_columns(text) == expected


def test_the_picker_keeps_the_order_and_moves_to_the_left():
    assert picked(["arr", "tags", "owner"], "") == "arr,tags,owner"
    assert picked(["arr", "tags", "owner"], "owner") == "arr,owner,tags"
    assert picked(["arr", "tags"], "arr") == "arr,tags"
    assert picked(["arr"], "stage") == "arr"
    assert write_columns([]) == ""


def test_a_sent_picker_leads_to_an_address_that_says_it_all(here):
    response = page_of(here, "book/?owner=all&tier=none&sort=arr&view=7&col=tags&col=arr&up=arr")
    assert response.status_code == 302
    assert response["Location"] == here.url("book/?owner=all&tier=none&sort=arr&cols=arr%2Ctags&view=7")


def test_heads_and_cells_follow_the_columns(here):
    refresh_book()
    response = page_of(here, "book/?cols=owed,tags")
    assert [(head["name"], head["label"]) for head in response.context["heads"]] == [
        ("name", "Account"),
        ("owed", "Next owed"),
        ("tags", "Tags"),
    ]
    row = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert [part.split('"')[0] for part in row.split('data-label="')[1:]] == ["Next owed", "Tags"]


def test_every_column_says_what_is_known_and_a_dash_for_the_rest(here):
    refresh_book()
    row = page_of(here, f"book/?cols={EVERY}").context["rows"][0]
    assert (row["owed"], row["late"], row["attainment"], row["tags"]) == ("–", "–", "–", "–")
    set_service_standing([ServiceStanding(here.account.pk, date.today() + timedelta(days=1), 2, 75)])
    BookRow.objects.update(tags=["vip", "<b>"])
    response = page_of(here, f"book/?cols={EVERY}")
    row = response.context["rows"][0]
    assert (row["owed"], row["late"], row["attainment"], row["tags"]) == ("tomorrow", "2", "75%", "vip, <b>")
    assert "vip, &lt;b&gt;" in response.content.decode()


def test_only_who_works_gets_controls(here):
    refresh_book()
    for role, controls in (("executive", 0), ("csm", 1), ("manager", 1), ("admin", 1)):
        page = page_of(here, f"book/?cols={EVERY}&owner=all", role).content.decode()
        assert [
            page.count(f"?field={name}") for name in ("owner", "tier", "stage", "tags", "renewal_on")
        ] == [controls] * 5
        assert page.count('name="ids"') == controls
        assert page.count('id="book-bulk"') == controls


def test_the_book_is_ordered_by_what_was_promised(here):
    make_book(
        [
            {"name": "Later", "next_owed_on": date(2027, 1, 1), "attainment": 50},
            {"name": "Soon", "next_owed_on": date(2026, 1, 1), "attainment": 90},
            {"name": "Kept", "next_owed_on": date(2026, 6, 1), "attainment": 100},
        ]
    )

    def names(view):
        return [row["name"] for row in page_of(here, "book/" + view.url()).context["rows"]]

    nothing = "Acme Industries"
    assert names(BookFilter(sort="owed", descending=False)) == ["Soon", "Kept", "Later", nothing]
    assert names(BookFilter(sort="attainment")) == ["Kept", "Soon", "Later", nothing]


def test_the_download_keeps_its_columns_and_adds_the_chosen_ones(here):
    refresh_book()
    BookRow.objects.update(tags=["=1+1"], next_owed_on=date(2027, 3, 1), services_late=2, attainment=75)

    def rows(path):
        return list(csv.reader(io.StringIO(page_of(here, path).content.decode())))

    stable = rows("book.csv")[0]
    assert stable == [
        *("account", "owner", "tier", "stage", "arr", "currency", "renewal_on", "last_active_on"),
        *("headline", "level", "plan", "attention", "reason"),
    ]
    more = rows("book.csv?cols=attainment,arr,owed,late,tags")
    assert more[0] == [*stable, "attainment", "next_owed_on", "services_late", "tags"]
    assert more[1][len(stable) :] == ["75", "2027-03-01", "2", "'=1+1"]
