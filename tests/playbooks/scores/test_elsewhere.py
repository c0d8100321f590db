"""Scores in segments, on the timeline, in the book and in exports."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book, set_scores
from accounts.book.filters import read_filter
from accounts.book.models import BookRow
from accounts.book.queries import ids_of
from accounts.segments.registry import Asked, criterion_named
from csworkspace.exports.registry import Span
from playbooks.scores.exports import HEADER, SCORES
from playbooks.scores.happenings import find_band_changes
from playbooks.scores.models import Score
from playbooks.scores.queries import score_before, score_history
from tests.playbooks.indicators.makers import at
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.scores.kit import make_indicator, of, weigh


@pytest.fixture
def history(here, elsewhere):
    """35 two months ago, 65 a month ago, 66 since ten days; an account without a score."""
    Account.objects.create(name="Nothing")
    refresh_book()
    model = weigh(of(make_indicator()))
    days = [(ago(60), "35", True), (ago(30), "65", True), (ago(10), "66.4", False)]
    for day, score, is_past in days:
        Score.objects.create(
            account=here.account, day=day, score=Decimal(score), confidence=100, model=model,
            stage="adopting",
            recorded_at=datetime(2030, 6, 1, tzinfo=UTC), owner_then=here.account.owner_id,
            superseded_at=datetime(2030, 6, 1, tzinfo=UTC) if is_past else None,
        )  # fmt: skip
    set_scores({here.account.pk: 66})
    return here.account


def fits(name, op, value):
    sql, values = criterion_named(name).compile(Asked(op, value, "", TODAY))
    where = f"select 1 from accounts_bookrow row where row.account_id = accounts_bookrow.account_id and {sql}"
    found = BookRow.objects.extra(where=[f"exists ({where})"], params=values)
    return sorted(found.values_list("name", flat=True))


def test_loaded_history_that_ended_long_ago_is_compared_with_nothing(history):
    def known(on):
        return score_before(score_history(history.pk, ago(400), TODAY), on, TODAY)

    rows = Score.objects.filter(account=history)
    rows.filter(day=ago(60)).update(recorded_at=at(ago(20)))
    rows.filter(day=ago(30)).delete()
    # Loaded, with the end 30 days before the day that is compared, which is 30 days ago.
    assert (known(ago(30)), fits("score_change", "rose", Decimal(1))) == (Decimal(35), [])
    assert (known(ago(25)), known(ago(70))) == (None, None)
    # Where loaded history goes on, nothing changed in between.
    rows.filter(day=ago(10)).update(recorded_at=at(ago(5)))
    assert known(ago(25)) == Decimal(35)
    assert fits("score_change", "rose", Decimal(31)) == [history.name]
    # What was kept on its day stands until it changes.
    rows.filter(day=ago(10)).update(recorded_at=at(ago(10)))
    rows.filter(day=ago(60)).update(recorded_at=at(ago(60)))
    assert known(ago(25)) == Decimal(35)
    assert fits("score_change", "rose", Decimal(31)) == [history.name]


def test_segments_by_score_band_and_change(history):
    assert fits("score", "at_least", Decimal(66)) == [history.name]
    assert fits("score", "at_least", Decimal(67)) == []
    assert fits("score", "at_most", Decimal(100)) == [history.name]
    assert fits("score", "unknown", None) == ["Nothing"]
    assert fits("score_band", "in", ["on_track"]) == [history.name]
    assert fits("score_band", "not_in", ["on_track"]) == []
    assert fits("score_band", "not_in", ["at_risk", "gone"]) == [history.name]
    assert fits("score_change", "rose", Decimal(1)) == [history.name]
    assert fits("score_change", "rose", Decimal(2)) == []
    assert fits("score_change", "fell", Decimal(0)) == []
    assert [choice.label for choice in criterion_named("score_band").choices()] == [
        "At risk",
        "Watch",
        "Healthy",
        "Advocate",
    ]


def test_the_book_filters_and_sorts_by_score(history):
    def names(**query):
        ids = ids_of(read_filter(query, mine=None))
        return sorted(Account.objects.filter(pk__in=ids).values_list("name", flat=True))

    assert names(score="60") == [history.name]
    assert names(score="40") == []
    assert names(score="none") == ["Nothing"]
    assert names(score="x") == [history.name, "Nothing"]
    view = read_filter({"sort": "score", "score": "0"}, mine=None)
    assert (view.url(), view.descending) == ("?owner=all&score=0&sort=score", False)


def test_a_band_that_changed_after_loaded_history_had_ended_is_no_news(history, here, rf):
    request = rf.get("/")
    request.workspace = here.workspace
    rows = Score.objects.filter(account=history)
    rows.filter(day=ago(30)).update(recorded_at=at(ago(30)))
    rows.filter(day=ago(60)).update(day=ago(300))
    assert find_band_changes(request, history.pk, None, 5) == []
    rows.filter(day=ago(300)).update(recorded_at=at(ago(300)))
    assert len(find_band_changes(request, history.pk, None, 5)) == 1, "kept on its day, it stood"


def test_band_changes_are_told_newest_first(history, here, rf):
    request = rf.get("/")
    request.workspace = here.workspace
    (found,) = find_band_changes(request, history.pk, None, 5)
    assert (found.title, found.text, found.tone) == (
        "Value score: from At risk to Healthy",
        "35.0 to 65.0, by weights 1",
        "good",
    )
    assert found.url == here.url(f"accounts/{history.pk}/score/?on={ago(30)}")
    assert (found.at.hour, found.at.minute, found.at.date()) == (0, 0, ago(30)), "of today it is no plan"
    with CaptureQueriesContext(connection) as asked:
        assert find_band_changes(request, history.pk, (found.at, found.key), 5) == []
    assert [query["sql"].rstrip()[-7:] for query in asked] == ["limit 5"], "no more rows than are told"


def test_the_export_of_this_workspace_alone(history, here, elsewhere):
    rows = list(SCORES.rows(Span()))
    owner = str(here.members["csm"])
    assert [dict(zip(HEADER, row, strict=True)) for row in rows][1] | {"recorded_at": None} == {
        "account": history.name,
        "day": ago(30),
        "score": Decimal("65.0"),
        "confidence": 100,
        "weights": 1,
        "stage": "adopting",
        "tier": None,
        "csm": owner,
        "recorded_at": None,
    }
    assert [row[1] for row in SCORES.rows(Span(since=ago(30), until=ago(20)))] == [ago(30)]
    elsewhere.open()
    assert list(SCORES.rows(Span())) == []
