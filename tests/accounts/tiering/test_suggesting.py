from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tiering.suggesting import (
    Ranked,
    Rule,
    ShareRefused,
    concentration,
    growth_of,
    suggest,
)

TOP, MIDDLE, REST, PARTNERS = 1, 2, 3, 4
RULES = [
    Rule(TOP, "Top", 1, "share", share=Decimal(40)),
    Rule(MIDDLE, "Leveraged", 2, "value", arr=Decimal(100), growth=Decimal(25)),
    Rule(REST, "Scalable", 3, "rest"),
]


def row(pk, value, **more):
    amount = None if value is None else Decimal(value)
    return Ranked(**{"account_id": pk, "name": f"Account {pk}", "root_id": pk, "value": amount, **more})


def rows(*values):
    return [row(pk, value) for pk, value in enumerate(values, 1)]


def moves(found):
    return {one.account_id: one.to_tier_id for one in found}


def in_figures(found):
    return found.groups, found.accounts, found.value, found.threshold, found.tied


def test_the_smallest_group_that_carries_the_share():
    found = concentration(rows(100, 300, 200, 400), Decimal(40))
    assert in_figures(found) == (1, 1, 400, 400, 0)
    assert (found.all_accounts, found.total) == (4, 1000)
    assert (found.accounts_percent, found.revenue_percent) == (25, 40)
    assert [(group.name, carried) for group, carried in found.curve] == [
        ("Account 4", 40),
        ("Account 2", 70),
        ("Account 3", 90),
        ("Account 1", 100),
    ]
    assert in_figures(concentration(rows(100, 300, 200, 400), Decimal("40.01"))) == (2, 2, 700, 300, 0)


def test_a_fifth_that_carries_four_fifths():
    # The textbook case of Pareto's law.
    found = concentration(rows(500, 300, 60, 40, 30, 25, 20, 15, 7, 3), Decimal(80))
    assert (found.accounts, found.accounts_percent, found.revenue_percent) == (2, 20, 80)


def test_equals_of_the_last_one_are_all_in():
    found = concentration(rows(300, 100, 100, 100, 50), Decimal(50))
    assert in_figures(found) == (4, 4, 600, 100, 2)


def test_shares_at_the_ends_and_beyond():
    few = rows(3, 2, 1)
    assert concentration(few, Decimal(1)).accounts == 1
    assert concentration(few, Decimal(100)).accounts == 3
    for share in ("0", "0.99", "100.01", "-5", "NaN", "Infinity"):
        with pytest.raises(ShareRefused, match="within 1 and 100"):
            concentration(few, Decimal(share))


def test_nothing_to_rank():
    found = concentration(rows(None, 0), Decimal(40))
    assert in_figures(found) == (0, 0, 0, 0, 0)
    assert (found.curve, found.accounts_percent, found.revenue_percent) == ([], 0, 0)
    assert concentration([], Decimal(40)).all_accounts == 0


def test_a_group_is_ranked_and_moved_as_one():
    # The parent pays nothing itself; together they pay more than anybody else.
    group = [row(1, None), row(2, 250, root_id=1), row(3, 250, root_id=1)]
    found = concentration([*group, row(4, 400), row(5, 100)], Decimal(40))
    assert in_figures(found) == (1, 2, 500, 500, 0)
    assert moves(suggest([*group, row(4, 400), row(5, 100)], RULES)) == {1: 1, 2: 1, 3: 1, 4: 2, 5: 2}


def test_pinned_accounts_stay_and_their_revenue_counts():
    book = [row(1, 600, tier_id=REST, is_pinned=True), row(2, 300), row(3, 100)]
    assert moves(suggest(book, RULES)) == {2: MIDDLE, 3: MIDDLE}


def test_a_pinned_member_does_not_pin_its_group():
    book = [row(1, 300, is_pinned=True), row(2, 300, root_id=1), row(3, 400)]
    assert moves(suggest(book, RULES)) == {2: TOP, 3: MIDDLE}


def test_churned_get_no_suggestion_and_those_without_arr_go_to_the_rest():
    book = [row(1, 90), row(2, None), row(3, 0), row(4, None, is_churned=True), row(5, None, tier_id=REST)]
    found = suggest(book, RULES)
    assert moves(found) == {1: TOP, 2: REST, 3: REST}
    assert [one.reason for one in found[1:]] == ["It has no ARR."] * 2


def test_value_takes_by_arr_or_by_growth():
    book = [
        row(1, 1000, tier_id=TOP),
        row(2, 100),
        row(3, 99, before=Decimal("79.2")),
        row(4, 99, before=Decimal(80)),
        row(5, 99),
    ]
    found = suggest(book, RULES, "EUR")
    assert [(one.account_id, one.to_tier_id, one.reason) for one in found] == [
        (2, MIDDLE, "It is number 2 of 5 by ARR; ARR of €100 or more."),
        (3, MIDDLE, "It is number 3 of 5 by ARR; ARR grew by 25.0% in a year, 25.0% or more."),
        (4, REST, "It is number 4 of 5 by ARR, in no tier above."),
        (5, REST, "It is number 5 of 5 by ARR, in no tier above."),
    ]


def test_reasons_name_rank_group_and_what_is_carried():
    group = [row(1, 100), row(2, 350, root_id=1)]
    assert [one.reason for one in suggest([*group, row(3, 550)], RULES)] == [
        "It is number 1 of 2 by ARR; the first carries 55.0% of it.",
        *["Its group (2 accounts with ARR) is number 2 of 2 by ARR; ARR of 100 or more."] * 2,
    ]


def test_a_second_share_is_of_all_revenue():
    rules = [RULES[0], Rule(MIDDLE, "Leveraged", 2, "share", share=Decimal(80)), RULES[2]]
    assert moves(suggest(rows(400, 300, 200, 100), rules)) == {1: TOP, 2: MIDDLE, 3: MIDDLE, 4: REST}


def test_a_tier_by_hand_takes_nobody_and_keeps_its_own_unless_a_tier_above_takes_them():
    rules = [RULES[0], Rule(PARTNERS, "Partners", 2, "hand"), Rule(REST, "Scalable", 3, "rest")]
    book = [row(1, 500, tier_id=PARTNERS), row(2, 100, tier_id=PARTNERS), row(3, 100)]
    assert moves(suggest(book, rules)) == {1: TOP, 3: REST}
    assert suggest(book, [Rule(PARTNERS, "Partners", 1, "hand")]) == []


def test_whom_no_tier_takes_stays():
    assert suggest([row(1, 10), row(2, 1, tier_id=TOP)], RULES[1:2]) == []
    assert suggest(rows(1, 2), []) == []
    assert suggest([], RULES) == []


def test_growth_compares_like_with_like():
    assert growth_of([row(1, 150, before=Decimal(100)), row(2, 80)]) == 50
    assert growth_of([row(1, 0, before=Decimal(100))]) == -100
    assert growth_of([row(1, 10, before=Decimal(0)), row(2, None, before=Decimal(5))]) is None


values = st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=25)


@given(values, st.integers(1, 100), st.randoms(use_true_random=False))
def test_the_group_carries_the_share_is_smallest_and_does_not_depend_on_the_order(amounts, share, random):
    book = rows(*amounts)
    found = concentration(book, Decimal(share))
    inside = [amount for amount in amounts if amount and amount >= found.threshold]
    assert (found.accounts, found.value) == (len(inside), sum(inside))
    assert found.value * 100 >= share * found.total
    smaller = [amount for amount in inside if amount > found.threshold]
    assert not found.total or sum(smaller) * 100 < share * found.total
    again = random.sample(book, len(book))
    assert concentration(again, Decimal(share)) == found
    assert suggest(again, RULES) == suggest(book, RULES)
