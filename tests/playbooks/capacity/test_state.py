"""Sums over plain rows."""

from datetime import date

from playbooks.capacity.pages import lines, tier_lines, total_line, warnings
from playbooks.capacity.state import Load, services_in, tier_loads
from tests.playbooks.capacity.kit import CHECK, QUARTERS, REST, REVIEW, TOP, D, account, csm, state, terms


def link(owner, number):
    return f"/{owner}/{number}"


def test_load_is_summed_by_owner_and_tier():
    found = state([account(1, 7), account(2, 7, REST), account(3, None)], [csm(7, "Priya"), csm(8, "Helen")])
    assert found.loads == {
        7: Load(2, (D(18),) * 5),
        8: Load(0, (D(0),) * 5),
        None: Load(1, (D(16),) * 5),
    }
    assert found.over(7) == (D("-313.5"),) * 5
    assert found.over(None) == (D(16),) * 5
    assert [(tier.name, tier.accounts[0], tier.hours[0]) for tier in tier_loads(found)] == [
        ("Top", 2, D(32)),
        ("Rest", 1, D(2)),
    ]


def test_tier_and_terms_of_each_quarter_count():
    more = {TOP: {REVIEW: terms(hours=20)}}
    less = {TOP: {REVIEW: terms(hours=10)}, REST: {CHECK: terms(CHECK, hours=1)}}
    row = account(1, 7, tiers=(TOP, TOP, REST, REST, None))
    found = state([row], [csm(7, "Priya")], terms=(more, less, less, more, less))
    assert found.hours[1] == (20, 10, 1, 0, 0)


def test_overrides_change_one_service_of_one_account():
    own = ({1: {REVIEW: terms(hours=4), CHECK: terms(CHECK, hours=1)}, 2: {REVIEW: None}},) * 5
    found = state([account(1, 7), account(2, 7), account(3, 7)], [csm(7, "Priya")], overrides=own)
    assert {pk: hours[0] for pk, hours in found.hours.items()} == {1: 5, 2: 0, 3: 16}
    assert services_in(found, found.accounts[1], 0) == [("Review", D(4)), ("Check", D(1))]
    assert services_in(found, found.accounts[2], 0) == []


def test_onboarding_and_renewal_come_on_top_in_their_quarter():
    promised = {TOP: {REVIEW: terms(), 20: terms(20, 1, "renewal", 6), 21: terms(21, 1, "onboarding", 9)}}
    new = account(1, 7, customer_since=QUARTERS[1], renewal_on=date(2031, 5, 15))
    found = state([new], [csm(7, "Priya")], terms=(promised,) * 5)
    assert found.hours[1] == (0, 25, 16, 16, 22)


def test_warning_names_hours_quarter_and_accounts():
    found = state(
        [account(n, 7) for n in range(1, 26)] + [account(90, None)], [csm(7, "Priya"), csm(8, "Helen")]
    )
    shown, left_out = warnings(found, link)
    assert [(one.text.replace("\u00a0", " "), one.url) for one in shown] == [
        ("Priya is promised 400 h in Q2 2030 and has 331.5 h: 68.5 h too much, 25 accounts", "/7/0"),
        ("Nobody looks after 1 account that is promised 16 h in Q2 2030", "/None/0"),
    ]
    assert left_out == 0
    words = [(line.name, line.cells[0].words.replace("\u00a0", " ")) for line in lines(found, link)]
    assert words == [("Priya", "+68.5 h too much"), ("Helen", "331.5 h free"), ("Nobody", "+16 h too much")]
    assert total_line(found)[0] == ("Q2 2030", "416", "663", "247\u00a0h free")
    assert [(line.name, line.a_week) for line in tier_lines(found)] == [
        ("Top", "32\u00a0h"),
        ("Rest", "0\u00a0h"),
    ]


def test_difference_is_that_of_the_numbers_shown():
    promised = {TOP: {REVIEW: terms(hours="89.16")}}
    found = state([account(1, 7)], [csm(7, "Priya", "47.54"), csm(8, "Helen", "9.75")], terms=(promised,) * 5)
    cells = [line.cells[0] for line in lines(found, link)]
    assert [(cell.need, cell.has, cell.words.replace("\u00a0", " "), cell.is_over) for cell in cells] == [
        ("89.2", "47.5", "+41.7 h too much", True),
        ("0", "9.75", "9.75 h free", False),
    ]
    (one,), _ = warnings(found, link)
    assert one.text.replace("\u00a0", " ").startswith(
        "Priya is promised 89.2 h in Q2 2030 and has 47.5 h: 41.7 h too much"
    )


def test_what_shows_no_difference_is_just_enough():
    promised = {TOP: {REVIEW: terms(hours="47.54")}}
    found = state([account(1, 7)], [csm(7, "Priya", "47.5")], terms=(promised,) * 5)
    (line,) = lines(found, link)
    assert {(cell.words, cell.is_over) for cell in line.cells} == {("just enough", False)}
    assert warnings(found, link) == ([], 0)


def test_empty_state_is_no_error():
    found = state([], [])
    assert (found.loads, lines(found, link), warnings(found, link)) == ({}, [], ([], 0))
