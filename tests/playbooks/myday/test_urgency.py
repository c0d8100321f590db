"""What comes first: the stated rule, on plain values."""

from datetime import date, timedelta

import pytest

from playbooks.myday.urgency import Entry, Item, Kind, Part, Standing, Step, fold, in_order, part_of

TODAY = date(2026, 11, 25)
NOWHERE = Step("Open", "/")


def item(kind=Kind.DUTY, due=None, grace=0, account=1, key="k"):
    due_on = None if due is None else TODAY + timedelta(days=due)
    until = due_on + timedelta(days=grace) if due_on and kind == Kind.DUTY else None
    return Item(key, kind, account, key, NOWHERE, due_on, until)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (item(due=-1), Part.LATE),
        (item(due=-3, grace=2), Part.LATE),
        (item(due=-2, grace=2), Part.TODAY),
        (item(due=0), Part.TODAY),
        (item(due=1), Part.WEEK),
        (item(due=7), Part.WEEK),
        (item(due=8), None),
        (item(Kind.READY), Part.WEEK),
        (item(Kind.READY, due=-40), Part.WEEK),
        (item(Kind.OFF_TRACK, due=-5), Part.WATCH),
        (item(Kind.RENEWAL, due=-5), Part.WATCH),
        (item(Kind.ATTENTION), Part.WATCH),
        (item(Kind.NEW, due=-6), Part.NEW),
    ],
)
def test_the_part_of_the_day(given, part):
    assert part_of(given, TODAY) == part


def keys(entries):
    return [entry.item.key for entry in entries]


def test_the_order_of_a_whole_day():
    items = [
        item(Kind.NEW, -3, key="came on Sunday"),
        item(Kind.NEW, 0, key="came today"),
        item(Kind.ATTENTION, key="silent"),
        item(Kind.RENEWAL, 43, key="renews in 43"),
        item(Kind.RENEWAL, 9, key="renews in 9"),
        item(Kind.SLIPPING, 300, key="slipping"),
        item(Kind.OFF_TRACK, 10, key="off track"),
        item(Kind.READY, key="draft"),
        item(due=7, key="in a week"),
        item(due=1, key="tomorrow"),
        item(due=0, key="today"),
        item(due=-2, grace=5, key="in grace"),
        item(due=-1, key="a day late"),
        item(due=-9, grace=5, key="nine days late"),
        item(due=30, key="not yet"),
    ]
    wanted = [
        "nine days late",
        "a day late",
        "in grace",
        "today",
        "tomorrow",
        "in a week",
        "draft",
        "off track",
        "slipping",
        "renews in 9",
        "renews in 43",
        "silent",
        "came today",
        "came on Sunday",
    ]
    accounts = {1: Standing(100, "acme")}
    assert keys(in_order(items, accounts, TODAY)) == wanted
    assert keys(in_order(reversed(items), accounts, TODAY)) == wanted


def test_ties_go_to_the_higher_arr_then_to_the_name():
    accounts = {1: Standing(5, "b"), 2: Standing(900, "z"), 3: Standing(5, "a"), 4: Standing(-1, "0")}
    items = [item(Kind.SLIPPING, 90 + pk, account=pk, key=str(pk)) for pk in accounts]
    assert keys(in_order(items, accounts, TODAY)) == ["2", "3", "1", "4"]


def test_things_of_unknown_accounts_are_left_out():
    assert in_order([item(due=0, account=7)], {1: Standing(1, "a")}, TODAY) == []


def test_an_account_shows_three_rows_and_folds_the_others():
    def entries(account, *names):
        return [Entry(item(account=account, key=name), Part.LATE) for name in names]

    shown = fold([*entries(1, "a", "b", "c"), *entries(2, "x"), *entries(1, "d", "e")])
    assert [(entry.item.key, [one.key for one in entry.more]) for entry in shown] == [
        ("a", []),
        ("b", []),
        ("c", ["d", "e"]),
        ("x", []),
    ]
    assert fold([]) == []


def test_a_row_folds_within_its_part_only():
    late = [Entry(item(key=name), Part.LATE) for name in "abcd"]
    watch = [Entry(item(Kind.SLIPPING, key=name), Part.WATCH) for name in "wxyz"]
    shown = fold([*late, *watch])
    assert [(entry.part, entry.item.key, [one.key for one in entry.more]) for entry in shown] == [
        (Part.LATE, "a", []),
        (Part.LATE, "b", []),
        (Part.LATE, "c", ["d"]),
        (Part.WATCH, "w", []),
        (Part.WATCH, "x", []),
        (Part.WATCH, "y", ["z"]),
    ]
