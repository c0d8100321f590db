"""The page: its sentence, who is named, groups, filters, the download, and its queries."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.accounts.models import Account, Stage
from accounts.book.actions import refresh_book
from accounts.revenue.models import ArrPoint, CurrencyRate
from accounts.segments.models import Segment, SegmentStay
from accounts.tiers.models import Tier
from csworkspace.people.models import Role
from playbooks.scores.models import Score
from playbooks.signals.models import Signal
from reports.curve.lists import Sign
from reports.curve.queries import curve_on
from reports.curve.spec import CurveSpec
from tests.kit import client_of
from tests.reports.curve.kit import TODAY, keep, make_accounts, part, weights

MARCH, MAY = date(2030, 3, 31), date(2030, 5, 31)


@pytest.fixture
def reader(here, elsewhere):
    """An executive; the lookalike has an account at risk."""
    refresh_book()
    elsewhere.open()
    refresh_book()
    keep(elsewhere.account, MARCH, 0.01)
    here.open()
    return client_of(here.members[Role.EXECUTIVE])


def page(here, reader, query=""):
    response = reader.get(here.url(f"portfolio/{query}"))
    assert response.status_code == 200
    return response


def text_of(response):
    plain = re.sub(r"<(svg|style)[\s\S]*?</\1>|<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def headline(here, reader, query=""):
    return str(page(here, reader, query).context["headline"])


def test_nobody_has_a_score(here, reader):
    assert headline(here, reader) == "No account has a score yet."
    assert headline(here, reader, f"?on={MAY}") == "No account has a score on 31 May 2030."
    assert headline(here, reader, "?tier=0") == "None of these accounts has a score yet."


def test_one_account_and_a_comparison(here, reader):
    keep(here.account, MARCH, 0.5)
    assert headline(here, reader) == (
        "The one account is not at risk, as at the end of last quarter; it scores 50."
    )
    keep(here.account, TODAY, 0.3)
    assert headline(here, reader) == (
        "The one account is at risk, 1 more than at the end of last quarter; it scores 30."
    )


def test_with_nothing_kept_before(here, reader):
    keep(here.account, TODAY, 0.9)
    shown = page(here, reader)
    assert shown.context["headline"] == "The one account is not at risk; it scores 90."
    assert shown.context["notes"] == ["no scores are kept of 31 Mar 2030 to compare with"]
    assert (shown.context["has_before"], b"Why it moved" in shown.content) == (False, False)


def raise_signal(account, kind="risk", **more):
    """A signal of today."""
    usual = {"title": "Sponsor <left>", "raised_on": TODAY, "severity": 3, "cause": "x", "source": "person"}
    values = {**usual, **more, "raised_at": f"{TODAY}T10:00Z", "last_seen_on": TODAY, "actor": "Test"}
    return Signal.objects.create(account=account, kind=kind, **values)


def portfolio(here):
    """Five accounts: one falls to risk, one becomes an advocate, one is new, one churns."""
    falls, rises, churns, new = make_accounts(4, arr=1000, currency=here.workspace.currency)
    keep(here.account, MARCH, 0.5)
    for account, was, now in ((falls, 0.7, 0.2), (rises, 0.7, 0.9)):
        keep(account, MARCH, was)
        keep(account, MAY + timedelta(days=3), now)
    keep(churns, MARCH, 0.1)
    Account.objects.filter(pk=churns.pk).update(stage=Stage.CHURNED)
    churns.refresh_from_db()
    keep(churns, MAY, None, components=[])
    keep(new, TODAY, 0.6)
    refresh_book()
    return falls, rises, churns, new


def test_the_sentence_and_who_is_named(here, reader):
    falls, rises, churns, _new = portfolio(here)
    told = raise_signal(falls)
    shown = page(here, reader)
    assert shown.context["headline"] == (
        "1 of 4 accounts is at risk, as at the end of last quarter; the median is 55."
    )
    low, high = shown.context["low"], shown.context["high"]
    sign = Sign("Sponsor <left>", here.url(f"signals/{told.pk}/"), is_warning=True)
    assert [(row.name, row.score, row.change, row.reasons, row.signals) for row in low["rows"]] == [
        (falls.name, "20", "\u221250.0", ["Plan: plan words"], [sign])
    ]
    assert [(row.name, row.score, row.change) for row in high["rows"]] == [(rises.name, "90", "+20.0")]
    crossed = [shown.context[side]["rows"] for side in ("fell", "rose")]
    assert [[(row.name, row.was, row.band, row.reasons) for row in rows] for rows in crossed] == [
        [(falls.name, "Healthy", "At risk", ["Plan \u221250.0"])],
        [(rises.name, "Healthy", "Advocate", ["Plan +20.0"])],
    ]
    assert b"Sponsor &lt;left&gt;" in shown.content
    # (50 + 20 + 90 + 60) / 4 against (50 + 70 + 70 + 10) / 4; -10 of those who stayed.
    assert shown.context["movement"] == ("The average score rose by 5.0 points against 31 Mar 2030.")
    causes = {row[0]: row[1] for row in shown.context["causes"].all_rows}
    assert causes == {
        "Churned accounts": "+13.3",
        "Plan": "\u221210.0",
        "New accounts": "+1.7",
        "Net movement": "+5.0",
    }
    assert churns.name not in text_of(shown)


def test_only_this_workspace_is_counted(here, elsewhere, reader):
    keep(here.account, MARCH, 0.9)
    shown = page(here, reader)
    assert [row.name for row in shown.context["high"]["rows"]] == [here.account.name]
    assert shown.context["low"]["rows"][0].score == "90", "the nearest to an empty band is named"
    elsewhere.open()
    other = client_of(elsewhere.members[Role.EXECUTIVE])
    found = other.get(elsewhere.url("portfolio/"))
    assert found.context["low"]["rows"][0].score == "1"


def test_by_arr(here, reader):
    portfolio(here)
    symbol = "$" if here.workspace.currency == "USD" else ""
    assert headline(here, reader, "?by=arr") == (
        f"{symbol}1k of {symbol}3k ARR is at risk, as at the end of last quarter; "
        "half of the ARR scores at least 60."
    )
    notes = page(here, reader, "?by=arr").context["notes"]
    assert notes == [
        "ARR is that of each day, or the first that is known",
        "without weight: 1 account without ARR or without a rate",
    ]


def test_a_past_day_reads_what_was_kept_then(here, reader):
    keep(here.account, MARCH, 0.5)
    keep(here.account, TODAY, 0.3)
    shown = page(here, reader, f"?on={MAY}&against=date&since={MARCH}")
    assert shown.context["headline"] == ("The one account is not at risk, as on 31 Mar 2030; it scores 50.")
    assert shown.context["spec"].query() == f"?on={MAY}&against=date&since={MARCH}"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?on=2031-01-01", "That day is yet to come. The newest scores are those of today."),
        ("?on=soon", "A day could not be read. Choose it again."),
        ("?against=date", "Choose a day before the one shown to compare with."),
        ("?on=0001-01-01", "Check the year of the day."),
    ],
)
def test_days_that_cannot_be_meant(here, reader, query, problem):
    assert page(here, reader, query).context["problem"].startswith(problem)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        # A segment that is not there has no accounts; what is no id at all is passed over.
        ("?tier=x&owner=-1&segment=9&group=x&by=x&against=x", "None of these accounts has a score yet."),
        ("?tier=99999999999999999999", "The one account is not at risk"),
    ],
)
def test_hostile_addresses_show_something(here, reader, query, told):
    keep(here.account, MARCH, 0.5)
    assert headline(here, reader, query).startswith(told)


def test_tier_and_csm_of_the_day(here, reader):
    top, rest = (Tier.objects.create(name=name, position=n) for n, name in enumerate(("Top", "Rest"), 1))
    keep(here.account, MARCH, 0.9, tier_then=top.pk)
    Account.objects.filter(pk=here.account.pk).update(tier=rest)
    refresh_book()
    rows = page(here, reader).context["groups"]
    assert [(row.name, row.accounts, row.median, row.at_risk, row.advocates, row.change) for row in rows] == [
        ("Rest", "1", "90", "0%", "100%", "\u2013")
    ]
    assert headline(here, reader, f"?tier={top.pk}&on={MAY}").startswith("The one account")
    assert headline(here, reader, f"?tier={top.pk}") == "None of these accounts has a score yet."
    owners = page(here, reader, "?group=owner").context["groups"]
    assert [row.name for row in owners] == [str(here.members[Role.CSM])]


def test_good_news_is_no_warning(here, reader):
    keep(here.account, MARCH, 0.9)
    raise_signal(here.account, "buying", title="More seats", severity=2)
    raise_signal(here.account, "people", title="Sponsor left", cause="y")
    shown = page(here, reader)
    (row,) = shown.context["high"]["rows"]
    assert [(one.title, one.is_warning) for one in row.signals] == [
        ("Sponsor left", True),
        ("More seats", False),
    ]
    assert shown.content.count(b'class="curve-signal" href') == 4, "both tails name the only account"
    assert shown.content.count(b'data-tone="warn"') == 2


def test_signals_of_a_past_day_are_those_of_then(here, reader):
    keep(here.account, MARCH, 0.1)
    over = {"state": "resolved", "outcome": "addressed"}
    raise_signal(here.account, title="Later")
    raise_signal(here.account, title="Then", raised_on=MARCH, resolved_on=TODAY, cause="a", **over)
    raise_signal(here.account, title="Before", raised_on=MARCH, resolved_on=MARCH, cause="b", **over)

    def named(query):
        return [one.title for one in page(here, reader, query).context["low"]["rows"][0].signals]

    assert (named(f"?on={MAY}"), named("")) == (["Then"], ["Later"])


def test_a_past_day_counts_the_arr_of_then(here, reader):
    pounds, euros = make_accounts(2, arr=1000, currency=here.workspace.currency)
    for account in (pounds, euros):
        keep(account, MARCH, 0.1)
    points = [(pounds, MARCH, 700, "XTS"), (pounds, TODAY, 1000, "XTS"), (euros, MAY, 5000, "XXX"),
              (euros, TODAY, 1000, here.workspace.currency)]  # fmt: skip
    for account, day, arr, currency in points:
        ArrPoint.objects.create(account=account, as_of=day, arr=arr, currency=currency, actor="Test")
    own = here.workspace.currency
    for since, rate in ((date(2030, 1, 1), 2), (TODAY, 9)):
        CurrencyRate.objects.create(into_currency=own, currency="XTS", rate=rate, since=since, actor="Test")
    spec = CurveSpec(TODAY, MARCH, by="arr")

    def paid(day):
        found = {spot.account_id: spot.arr for spot in curve_on(spec, day)}
        return [found[account.pk] for account in (pounds, euros)]

    # Without a rate there is no weight; before the first point that one counts.
    assert (paid(MARCH), paid(MAY), paid(TODAY)) == ([140_000, -1], [140_000, -1], [100_000, 100_000])


def test_segments_as_they_were_on_the_day(here, reader):
    keep(here.account, MARCH, 0.9)
    segment = Segment.objects.create(name="Key <b>", actor="Test")
    Segment.objects.create(name="Empty", actor="Test")
    SegmentStay.objects.create(segment=segment, account=here.account, entered_at=f"{MAY}T12:00Z")
    query = f"?group=segment&segment={segment.pk}"
    shown = page(here, reader, query)
    assert [(row.name, row.change) for row in shown.context["groups"]] == [("Key <b>", "–")]
    assert shown.context["notes"] == [
        "members of the segment are those of each day",
        "no account that fits had a score on 31 Mar 2030 to compare with",
    ]
    against = f"{query}&on={TODAY}&against=date&since="
    assert page(here, reader, f"{against}{MAY}").context["groups"][0].change == "unchanged"
    day_before = MAY - timedelta(days=1)
    assert page(here, reader, f"{against}{day_before}").context["groups"][0].change == "–"


def test_accounts_without_data_are_told(here, reader):
    (other,) = make_accounts(1)
    keep(here.account, MARCH, 0.9)
    keep(other, MARCH, None, components=[part("plan", 1, None)])
    assert page(here, reader).context["notes"] == ["not on it: 1 account without data"]


def test_new_weights_are_a_cause_of_their_own(here, reader):
    keep(here.account, MARCH, 0.5)
    keep(here.account, TODAY, 0.7, weights(2), components=[part("plan", 10, 0.5), part("maturity", 10, 0.9)])
    causes = {row[0]: row[1] for row in page(here, reader).context["causes"].all_rows}
    assert causes == {"Weights changed": "+20.0", "Net movement": "+20.0"}


def test_the_download(here, reader):
    falls, rises, _churns, new = portfolio(here)
    response = reader.get(here.url("portfolio/csv/"))
    assert response["Content-Disposition"] == 'attachment; filename="northwind-scores-2030-06-30.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(r["account"], r["score"], r["band"], r["score_then"], r["change"]) for r in rows] == [
        (falls.name, "20.0", "At risk", "70.0", "-50.0"),
        (here.account.name, "50.0", "Watch", "50.0", "0.0"),
        (new.name, "60.0", "Healthy", "", ""),
        (rises.name, "90.0", "Advocate", "70.0", "20.0"),
    ]


def test_history_that_ended_long_ago_is_not_compared_with(here, reader):
    keep(here.account, date(2029, 12, 31), 0.9, recorded_at=datetime(2030, 6, 30, tzinfo=UTC))
    keep(here.account, TODAY, 0.3)
    assert page(here, reader).context["has_before"], "within the length of the quarter"
    Score.objects.filter(day__lt=TODAY).update(day=date(2016, 12, 31))
    shown = page(here, reader)
    assert (shown.context["has_before"], shown.context["notes"]) == (
        False,
        ["no scores are kept of 31 Mar 2030 to compare with: nothing was kept since 31 Dec 2016"],
    )
    # What was kept on its day stands until it changes, however long that is.
    Score.objects.filter(day__lt=TODAY).update(recorded_at=datetime(2016, 12, 31, tzinfo=UTC))
    assert page(here, reader).context["has_before"]


def test_the_queries_do_not_depend_on_the_number_of_accounts(here, reader, django_assert_num_queries):
    keep(here.account, MARCH, 0.5)
    page(here, reader)
    with django_assert_num_queries(22):
        page(here, reader)
    for account in make_accounts(3):
        keep(account, MARCH, 0.7)
        keep(account, TODAY, 0.2)
    with django_assert_num_queries(22):
        page(here, reader)
