"""`evaluate_indicators` replays past days, writes no reading, and its CSV cannot run."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.accounts.models import Account
from playbooks.indicators.models import Indicator, Reading
from tests.playbooks.indicators.makers import ago, at, make_indicator, use
from tests.playbooks.kit import make_metric, measure


@pytest.fixture
def log(here, elsewhere):
    """Silence of three weeks between two days of use, and a late event that nobody knew of then."""
    Account.objects.update(created_at=at(ago(400)), name="=cmd|' /C calc'!A0")
    for day in (70, 28):
        use(here.account, ago(day))
    use(here.account, ago(60), received=at(ago(3)))
    make_indicator("silence", key="silent")
    make_indicator("no_champion", key="alone")
    Indicator.objects.filter(key="alone").update(is_active=False)
    return here


def replay(*more, first=70, last=14):
    out = StringIO()
    days = ("--from", ago(first).isoformat(), "--to", ago(last).isoformat())
    call_command("evaluate_indicators", "northwind", *days, "--every", "friday", *more, stdout=out)
    return out.getvalue()


def test_when_it_began_and_ended_is_written_as_a_safe_file(log, tmp_path):
    path = tmp_path / "out.csv"
    text = replay("--known", "received", "--csv", str(path), "--json")
    figures = json.loads(text.splitlines()[-1])
    assert (figures["days"], figures["indicators"], figures["changes"]) == (9, 1, 2)
    assert figures["by_indicator"] == [
        {"indicator": "Silence: days without any activity", "days": 9, "judged": 9, "began": 1, "ended": 1,
         "held": 3, "no_data": 0, "accounts": 1}
    ]  # fmt: skip
    rows = list(csv.DictReader(path.open()))
    assert [(row["day"], row["change"], row["value"]) for row in rows] == [
        (ago(49).isoformat(), "began", "21"),
        (ago(28).isoformat(), "ended", "0"),
    ]
    assert rows[0]["account"] == "'=cmd|' /C calc'!A0"
    assert not Reading.objects.exists()


def test_numbers_of_the_file_stay_numbers(log, tmp_path):
    metric = make_metric("balance")
    measure(log.account, metric, {ago(60): "-10.87"})
    make_indicator("metric", {"metric": metric.pk}, key="below", when="at_most", begins="0", ends="0")
    path = tmp_path / "out.csv"
    replay("--known", "now", "--indicator", "below", "--csv", str(path))
    (row,) = csv.DictReader(path.open())
    assert (row["value"], row["compared"], row["tested"]) == ("-10.87", "", "-10.87")


@pytest.mark.parametrize(("known", "is_said"), [("recorded", True), ("received", False)])
def test_history_that_was_loaded_later_is_pointed_out(log, known, is_said, capsys):
    Account.objects.update(created_at=at(ago(0)))
    figures = json.loads(replay("--known", known, "--json").splitlines()[-1])
    assert ("--known received" in figures.get("hint", "")) is is_said
    assert ("--known received" in capsys.readouterr().err) is is_said


def test_what_is_known_today_tells_otherwise(log):
    figures = json.loads(replay("--known", "now", "--json").splitlines()[-1])
    assert figures["by_indicator"][0]["held"] == 1


def test_the_table_has_a_line_for_each_indicator(log):
    text = replay("--known", "received")
    assert "Silence: days without any activity" in text
    assert "No champion" not in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--indicator", "alone"], "No active indicator has the key alone."),
        (["--from", "monday"], "Write days like 2014-01-06."),
        (["--to", "2014-01-01"], "The days must be in order, and none may lie ahead."),
    ],
)
def test_what_cannot_be_is_refused(log, more, said):
    with pytest.raises(CommandError) as error:
        replay(*more)
    assert said in str(error.value)
