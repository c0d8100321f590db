"""The peer benchmark: rank and median by their formulas, and the rule that hides members."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.metrics.models import MetricState
from accounts.segments.actions import create_segment
from accounts.segments.definition import read_definition
from accounts.segments.known import Known
from playbooks.benchmarks.actions import take_benchmark
from playbooks.benchmarks.peers import cohorts_of, peer_standings, percentile_rank, percentile_words
from tests.kit import BY, client_of
from tests.playbooks.kit import TODAY, make_metric


def everybody(name="Everybody"):
    one = {"field": "stage", "op": "in", "value": ["onboarding"], "of": ""}
    data = {"match": "all", "groups": [{"match": "all", "conditions": [one]}]}
    return create_segment(by=BY, name=name, definition=read_definition(data))


def peers(metric, own, *others):
    """The world's account with its own value, and an account for each other value."""
    account = Account.objects.get(name="Acme Industries")
    rows = [(account, own)]
    rows += [(Account.objects.create(name=f"Peer {number}"), value) for number, value in enumerate(others)]
    for one, value in rows:
        if value is not None:
            MetricState.objects.create(account=one, metric=metric, day=TODAY, value=Decimal(value))
    refresh_book()
    return account


def standing(account, metric, segment):
    (found,) = peer_standings(account.pk, [metric], segment.pk, Known())
    return found


# Microsoft's example for PERCENTRANK.INC: its data, and the rank of some of them.
EXAMPLE = [13, 12, 11, 8, 4, 3, 2, 1, 1, 1]


@pytest.mark.parametrize(("value", "rank"), [(2, 0.333), (4, 0.555), (8, 0.666)])
def test_the_published_example_of_ranks(here, elsewhere, value, rank):
    others = list(EXAMPLE)
    others.remove(value)
    metric = make_metric("users")
    account = peers(metric, value, *others)
    found = standing(account, metric, everybody())
    assert found.others == 9
    assert int(found.rank * 10) / 1000 == rank


def test_ties_count_half():
    assert percentile_rank(0, 6, 6) == 50
    assert percentile_rank(2, 1, 5) == 50
    assert percentile_rank(5, 0, 5) == 100


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (percentile_rank(0, 6, 6), "Percentile 50"),
        (percentile_rank(299, 0, 300), "Percentile 99"),
        (percentile_rank(5, 0, 5), "Percentile 99"),
        (percentile_rank(0, 0, 5), "Percentile 1"),
        (percentile_rank(1, 0, 300), "Percentile 1"),
    ],
)
def test_ranks_are_said_as_percentiles_from_1_to_99(rank, words):
    assert percentile_words(rank) == words


# Microsoft's example for MEDIAN: of 1 to 5 it is 3, of 1 to 6 it is 3.5.
@pytest.mark.parametrize(("last", "median"), [(5, 3), (6, 3.5)])
def test_the_published_example_of_medians(here, last, median):
    metric = make_metric("users")
    account = peers(metric, 100, *range(1, last + 1))
    assert standing(account, metric, everybody()).median == median


def test_where_lower_is_better_those_above_are_outdone(here):
    metric = make_metric("hours", direction="down")
    account = peers(metric, 1, 2, 3, 4, 5, 0)
    assert standing(account, metric, everybody()).rank == 80


def test_fewer_than_five_others_are_hidden(here, elsewhere):
    elsewhere.open()
    foreign = make_metric("users")
    peers(foreign, 1, 2, 3, 4, 5, 6, 7, 8)
    here.open()
    metric = make_metric("users")
    account = peers(metric, 1, 2, 3, 4, 5, None)
    found = standing(account, metric, everybody())
    assert (found.others, found.is_shown, found.value, found.median, found.rank) == (
        4,
        False,
        None,
        None,
        None,
    )


def test_an_account_without_a_value_sees_the_median_alone(here):
    metric = make_metric("users")
    account = peers(metric, None, 1, 2, 3, 4, 5)
    found = standing(account, metric, everybody())
    assert (found.others, found.value, found.median, found.rank) == (5, None, 3, None)


def test_only_segments_that_the_account_is_in(here, elsewhere):
    peers(make_metric("users"), 1)
    segment = everybody()
    account = Account.objects.get()
    assert cohorts_of(account.pk) == [segment]
    elsewhere.open()
    assert cohorts_of(account.pk) == []


def test_the_page_chooses_a_segment(here):
    metric, few = make_metric("users", name="Users"), make_metric("few", name="Few")
    account = peers(metric, 3, 1, 2, 4, 5, 6)
    MetricState.objects.create(account=account, metric=few, day=TODAY, value=1)
    segment = everybody("All <b>")
    benchmark = take_benchmark(account, by=BY)
    client = client_of(here.members["executive"])
    url = here.url(f"benchmarks/{benchmark.pk}/")
    page = client.get(url).text
    assert "All &lt;b&gt;" in page
    assert "Percentile" not in page
    page = client.get(f"{url}?cohort={segment.pk}").text
    assert "Percentile 40<" in page
    assert "Not shown: 0 other accounts have a value; shown from 5 on." in page
    assert "Percentile 80 means" in page
    assert "Percentile" not in client.get(f"{url}?cohort=987654321").text


def test_queries_do_not_depend_on_the_metrics(here):
    metrics = [make_metric(f"m{number}") for number in range(3)]
    account = peers(metrics[0], 3, 1, 2, 4, 5, 6)
    segment = everybody()

    def count(some):
        with CaptureQueriesContext(connection) as captured:
            peer_standings(account.pk, some, segment.pk, Known())
        return len(captured)

    assert (count(metrics[:1]), count(metrics)) == (3, 3)
