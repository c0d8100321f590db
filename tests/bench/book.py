"""The book of business: against a bare view, at three sizes, deep pages, every sort."""

from pathlib import Path
from typing import Any

from tests.bench.books import bare_client, client_of, make_book, queries_of
from tests.bench.ratios import Ratio, medians, seconds_of

ROUNDS = 25
DEEP = 0.9


def run() -> list[Ratio]:
    """The page people start their day on."""
    ratios = []
    for count in (100, 10_000, 100_000):
        workspace, member = make_book(f"book-{count}", count)
        client, url = client_of(member), f"/w/{workspace.slug}/book/"
        ratios.append(Ratio(f"queries at {count:,} accounts", len(queries_of(client, url)), 1, "queries", 10))
        if count == 10_000:
            ratios.append(against_bare(client, url, workspace, member))
        if count > 100:
            ratios += [deep_page(client, url, workspace, count), sorts(workspace, count)]
    return ratios


def against_bare(client: Any, url: str, workspace: Any, member: Any) -> Ratio:
    """Our page, and a new Django project's view that reads the same rows and prints them preformatted."""
    rows = printed_rows(workspace)
    bare = bare_client(client, bare_view(rows, workspace))
    if bare.get(url).content.count(b"<tr>") != len(rows):
        raise RuntimeError("the bare view prints other rows")
    ours_taken, bare_taken = medians(lambda: client.get(url), lambda: bare.get(url), rounds=ROUNDS)
    return Ratio("page of 50 of 10,000, signed in, against a bare view", ours_taken, bare_taken, "s", 2)


def printed_rows(workspace: Any) -> list[Any]:
    """The first page's rows as the page prints them."""
    from datetime import date

    from accounts.book.filters import BookFilter
    from accounts.book.queries import read_page, read_surroundings
    from accounts.book.rows import print_row
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk):
        page, around = read_page(BookFilter(), None), read_surroundings()
        return [print_row(row, around, date.today(), f"/w/{workspace.slug}/accounts/") for row in page.rows]


def bare_view(rows: list[Any], workspace: Any) -> Any:
    """One query, one loop: the row's own markup in an otherwise empty page."""
    from django.http import HttpResponse
    from django.template import engines

    from accounts.book.columns import parts_for
    from accounts.book.filters import BookFilter
    from accounts.book.queries import fetch, page_sql
    from csworkspace.tenancy.database import open_workspace

    cells = "".join(Path("templates", part).read_text() for part in parts_for("", True))
    loop = f"{{% for row in rows %}}<tr>{cells.replace('{{ ', '{{ row.')}</tr>{{% endfor %}}"
    template = engines["django"].from_string(f"<!doctype html><table>{loop}</table>")

    def view(request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            raise RuntimeError("not signed in")
        with open_workspace(workspace.pk):
            fetch(page_sql(BookFilter(), None), 51)
        return HttpResponse(template.render({"rows": rows}))

    return view


def deep_page(client: Any, url: str, workspace: Any, count: int) -> Ratio:
    """The first page, and one behind nine tenths of the accounts."""
    deep = url + deep_link(workspace, int(count * DEEP))
    if f"{int(count * DEEP) + 1:,}".encode() not in client.get(deep).content:
        raise RuntimeError("the deep page is not where it should be")
    first, far = medians(lambda: client.get(url), lambda: client.get(deep), rounds=ROUNDS)
    return Ratio(f"deep page against the first, of {count:,}", far, first, "s", 1.2)


def deep_link(workspace: Any, seen: int) -> str:
    """The address of the page after so many rows."""
    from accounts.book.cursor import Place, write_place
    from accounts.book.filters import BookFilter
    from accounts.book.queries import fetch, page_sql
    from csworkspace.tenancy.database import open_workspace

    with open_workspace(workspace.pk):
        last = fetch(page_sql(BookFilter(), None), seen)[-1]
    at = write_place(BookFilter(), Place(last[-1], last[0], seen), str(workspace.pk))
    return f"{BookFilter().url()}&at={at}"


def sorts(workspace: Any, count: int) -> Ratio:
    """The slowest and the fastest of all sorts in both directions, rows alone."""
    from accounts.book.filters import SORTS, BookFilter
    from accounts.book.queries import read_page
    from csworkspace.tenancy.database import open_workspace

    views = [BookFilter(sort=sort, descending=down) for sort in SORTS for down in (False, True)]
    with open_workspace(workspace.pk):
        for view in views:
            seconds_of(lambda view=view: read_page(view, None))
        taken = medians(*[lambda view=view: read_page(view, None) for view in views], rounds=ROUNDS)
    return Ratio(f"slowest sort against the fastest, of {count:,}", max(taken), min(taken), "s", 3)
