"""The book limited to a segment."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.segments.actions import create_segment
from accounts.segments.models import Segment
from tests.accounts.segments.makers import condition, definition, make_book
from tests.kit import BY, client_of

SLIPPING = definition(
    condition("plan", "in", ["slipping", "off_track"]), condition("renewal", "within", "200")
)


@pytest.fixture
def book(here, elsewhere):
    for world in (elsewhere, here):
        world.open()
        make_book(world)
        create_segment(by=BY, name=f"Slipping of {world.workspace.name}", definition=SLIPPING)
    return here


def names_of(page):
    return [name for name in ("Acme Industries", "Ada", "Bo", "Cy", "Di", "Ed") if f">{name}</a>" in page]


def test_only_the_segments_accounts(book):
    client, segment = client_of(book.members["manager"]), Segment.objects.get()
    page = client.get(book.url(f"book/?segment={segment.pk}")).text
    assert names_of(page) == ["Bo", "Ed"]
    assert f'<option value="{segment.pk}" selected>Slipping of Northwind</option>' in page
    assert "Slipping of Northwind Traders" not in page
    assert 'href="?owner=all"' in page, "a chip drops it"
    csv = client.get(book.url(f"book.csv?owner=all&segment={segment.pk}")).text
    assert [line.split(",")[0] for line in csv.splitlines()[1:]] == ["Ed", "Bo"]
    assert names_of(client.get(book.url(f"book/?segment={segment.pk}&q=bo")).text) == ["Bo"]
    by_name = client.get(book.url(f"book/?segment={segment.pk}&sort=name")).text
    assert names_of(by_name) == ["Bo", "Ed"]


def test_one_that_is_gone_shows_nobody(book):
    client = client_of(book.members["manager"])
    page = client.get(book.url("book/?segment=987654321")).text
    assert names_of(page) == []
    assert "A segment that is gone" in page
    assert names_of(client.get(book.url("book/?segment=x")).text) == [
        "Acme Industries",
        "Ada",
        "Bo",
        "Cy",
        "Di",
        "Ed",
    ]


def test_it_costs_a_fixed_number_of_queries(book):
    client, segment = client_of(book.members["manager"]), Segment.objects.get()

    def count(url):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(book.url(url)).status_code == 200
        return len(captured)

    plain = count("book/?stage=trial")
    assert count(f"book/?segment={segment.pk}") - plain == 2
