"""What-if steps on plain rows: what they do, and what they say when they do not fit any more."""

from decimal import Decimal

import pytest

from accounts.changes.fields import Change
from accounts.tiering.suggesting import Ranked, Rule
from playbooks.capacity.comparing import compare, shown, too_much
from playbooks.capacity.scenario_actions import without
from playbooks.capacity.steps import apply_steps, changes_between, next_imaginary, terms_steps
from playbooks.capacity.words import joined, step_words
from tests.playbooks.capacity.kit import CHECK, QUARTERS, REST, REVIEW, TOP, D, account, csm, state, terms

PRIYA, HELEN = 7, 8
ADD = {
    "do": "add_csm",
    "id": -1,
    "name": "Nora",
    "hours_per_week": "40",
    "meeting_share": "0.25",
    "leave_share": "0.15",
}


@pytest.fixture
def now():
    rows = [account(1, PRIYA), account(2, PRIYA, REST), account(3, HELEN), account(4, None)]
    return state(rows, [csm(PRIYA, "Priya"), csm(HELEN, "Helen")])


def moved(*pairs, to):
    return {"do": "move", "accounts": [list(pair) for pair in pairs], "to": to}


def owners(found):
    return {pk: row.owner for pk, row in found.accounts.items()}


def test_steps_leave_the_state_they_start_from_alone(now):
    before = (dict(now.accounts), dict(now.csms), now.terms)
    apply_steps(now, [moved((1, PRIYA), to=HELEN), ADD, {"do": "lose_csm", "csm": PRIYA, "to": []}])
    assert (dict(now.accounts), dict(now.csms), now.terms) == before


def test_accounts_move_and_hours_with_them(now):
    found = apply_steps(now, [moved((1, PRIYA), (4, None), to=HELEN)])
    assert owners(found.state) == {1: HELEN, 2: PRIYA, 3: HELEN, 4: HELEN}
    assert [found.state.loads[pk].hours[0] for pk in (PRIYA, HELEN)] == [2, 48]
    assert found.all_notices == []


def test_moves_that_do_not_fit_any_more_are_said(now):
    found = apply_steps(now, [moved((3, PRIYA), (99, PRIYA), (1, PRIYA), to=None), moved((2, PRIYA), to=55)])
    assert owners(found.state) == {1: None, 2: PRIYA, 3: HELEN, 4: None}
    assert found.notices == [
        [
            "Account 3 belongs to Helen now. It is left there.",
            "Account 99 has churned or is not there any more.",
        ],
        ["The CSM who would take these accounts is not there any more. Nothing is moved."],
    ]


def test_many_notices_are_cut_short(now):
    found = apply_steps(now, [moved(*[(n, PRIYA) for n in range(100, 110)], to=HELEN)])
    assert len(found.notices[0]) == 5
    assert found.notices[0][-1] == "And 6 more like these."


def test_imaginary_csm_has_hours_and_takes_accounts(now):
    found = apply_steps(now, [ADD, moved((1, PRIYA), to=-1)]).state
    assert (found.csms[-1].hours[0], found.loads[-1].hours[0]) == (D("331.5"), 16)
    assert changes_between(now, found) == ([], 1)
    assert next_imaginary([ADD]) == -2


def test_lost_csm_leaves_accounts_to_nobody_or_to_whom_has_most_time(now):
    assert owners(apply_steps(now, [{"do": "lose_csm", "csm": PRIYA, "to": []}]).state) == {
        1: None,
        2: None,
        3: HELEN,
        4: None,
    }
    steps = [{**ADD, "hours_per_week": "39"}, {"do": "lose_csm", "csm": PRIYA, "to": [HELEN, -1]}]
    found = apply_steps(now, steps).state
    assert owners(found) == {1: -1, 2: HELEN, 3: HELEN, 4: None}
    assert list(found.csms) == [HELEN, -1]
    gone = apply_steps(now, [{"do": "lose_csm", "csm": 55, "to": []}])
    assert gone.all_notices == ["This CSM is not there any more."]


def test_terms_change_from_a_quarter_on(now):
    step = {
        "do": "terms",
        "tier": TOP,
        "service": REVIEW,
        "name": "Review",
        "from": QUARTERS[2].isoformat(),
        "times": 1,
        "per": "month",
        "hours": "2.5",
    }
    found = apply_steps(now, [step]).state
    assert found.hours[1] == (16, 16, D("7.5"), D("7.5"), D("7.5"))
    assert terms_steps([step, ADD]) == {(TOP, QUARTERS[2]): [step]}
    assert step_words(now, step).replace("\u00a0", " ") == "Top: Review 1 a month at 2.5 h, from Q4 2030"
    other = apply_steps(now, [{**step, "was": "1 a month, 4 h"}]).all_notices
    assert other == ["Review is 1 a quarter, 16 h by now, no more 1 a month, 4 h. This step replaces that."]
    late = apply_steps(now, [{**step, "service": CHECK}, {**step, "tier": 99}]).all_notices
    assert late == ["Top does not promise this service any more.", "This tier is not there any more."]


def test_threshold_moves_accounts_between_tiers():
    ranked = tuple(
        Ranked(pk, f"Account {pk}", pk, Decimal(arr), tier_id=tier)
        for pk, arr, tier in ((1, 60, TOP), (2, 25, REST), (3, 15, REST))
    )
    rules = (Rule(TOP, "Top", 1, "share", share=D(40)), Rule(REST, "Rest", 2, "rest"))
    rows = [account(1, PRIYA), account(2, PRIYA, REST), account(3, PRIYA, REST)]
    now = state(rows, [csm(PRIYA, "Priya")], ranked=ranked, rules=rules)
    found = apply_steps(now, [{"do": "threshold", "tier": TOP, "share": "80"}]).state
    assert {pk: row.tiers[0] for pk, row in found.accounts.items()} == {1: TOP, 2: TOP, 3: REST}
    assert changes_between(now, found) == ([Change(2, "tier", REST, TOP)], 0)
    refused = state(rows, [csm(PRIYA, "Priya")], revenue_problem="No rate for EUR.")
    step = {"do": "threshold", "tier": TOP, "share": "80"}
    assert apply_steps(refused, [step]).all_notices == ["No rate for EUR."]
    gone = apply_steps(now, [{"do": "threshold", "tier": 99, "share": "80"}])
    by_hand = apply_steps(now, [{"do": "threshold", "tier": REST, "share": "80"}])
    assert gone.all_notices + by_hand.all_notices == [
        "This tier is not there any more.",
        "Rest is not filled by its share of revenue any more.",
    ]


def test_threshold_before_a_planned_move_starts_from_the_tier_of_today():
    ranked = tuple(
        Ranked(pk, f"Account {pk}", pk, Decimal(arr), tier_id=REST) for pk, arr in ((1, 60), (2, 30), (3, 10))
    )
    rules = (Rule(TOP, "Top", 1, "share", share=D(40)), Rule(REST, "Rest", 2, "rest"))
    other, size = 3, len(QUARTERS)
    rows = [
        account(1, PRIYA, REST, tiers=(TOP,) * size),
        account(2, PRIYA, REST, tiers=(REST, other, REST, REST, REST)),
        account(3, PRIYA, TOP, tiers=(REST,) * size),
    ]
    now = state(rows, [csm(PRIYA, "Priya")], ranked=ranked, rules=rules)
    found = apply_steps(now, [{"do": "threshold", "tier": TOP, "share": "80"}]).state
    assert changes_between(now, found) == (
        [Change(1, "tier", REST, TOP), Change(2, "tier", REST, TOP), Change(3, "tier", TOP, REST)],
        0,
    )
    assert [row.tiers for row in found.accounts.values()] == [
        (TOP,) * size,
        (TOP, other, REST, REST, REST),
        (REST,) * size,
    ]


def test_comparison_survives_json_and_signs_differences(now):
    import json

    found = compare(now, apply_steps(now, [moved((1, PRIYA), to=HELEN), ADD]).state)
    ready = shown(json.loads(json.dumps(found)))
    cells = {line.name: line.cells[0] for line in ready.csms}
    assert [
        (name, cell.before, cell.after, cell.change.replace("\u00a0", " ")) for name, cell in cells.items()
    ] == [
        ("Helen", "16", "32", "+16 h"),
        ("Nora", "0", "0", "0 h"),
        ("Priya", "18", "2", "−16 h"),
        ("Nobody", "16", "16", "0 h"),
    ]
    assert [(line.before_accounts, line.after_accounts) for line in ready.tiers] == [("3", "3"), ("1", "1")]
    assert too_much(found, 1) == [D(16)] * 5


def test_who_leaves_is_said_to_leave_in_every_quarter(now):
    found = compare(now, apply_steps(now, [{"do": "lose_csm", "csm": PRIYA, "to": [HELEN]}]).state)
    lines = {line.name: line for line in shown(found).csms}
    assert {(cell.state, cell.is_over) for cell in lines["Priya"].cells} == {("leaves", False)}
    assert lines["Priya"].note == "leaves"
    assert {cell.state.replace("\u00a0", " ") for cell in lines["Helen"].cells} == {"297.5 h free"}


def test_differences_of_a_comparison_are_those_of_the_numbers_shown():
    def costing(hours):
        promised = {TOP: {REVIEW: terms(hours=hours)}}
        return state([account(1, PRIYA)], [csm(PRIYA, "Priya", "47.54")], terms=(promised,) * 5)

    ready = shown(compare(costing("24.16"), costing("89.14")))
    for cell in (ready.csms[0].cells[0], ready.tiers[0].cells[0]):
        assert (cell.before, cell.after, cell.change.replace("\u00a0", " ")) == ("24.2", "89.1", "+64.9 h")
    assert ready.csms[0].cells[0].state.replace("\u00a0", " ") == "+41.6 h too much"
    total = ready.total.cells[0]
    assert (total.before, total.after, total.change.replace("\u00a0", " ")) == ("0", "41.6", "+41.6 h")


def test_without_an_imaginary_csm_go_the_steps_that_need_them():
    steps = [ADD, moved((1, PRIYA), to=-1), {"do": "lose_csm", "csm": PRIYA, "to": [HELEN, -1]}]
    assert without(steps, 0) == [{"do": "lose_csm", "csm": PRIYA, "to": [HELEN]}]
    assert without(steps, 1) == [steps[0], steps[2]]


def test_words(now):
    assert step_words(now, moved((1, PRIYA), to=HELEN)) == "Move Account 1 from Priya to Helen"
    many = moved((1, PRIYA), (2, PRIYA), (3, HELEN), (4, None), to=None)
    assert step_words(now, many) == ("Move 4 accounts from Helen, Nobody and Priya to Nobody")
    assert step_words(now, ADD) == "Add Nora, 40 hours a week"
    assert (
        step_words(now, {"do": "lose_csm", "csm": PRIYA, "to": []}) == "Without Priya: 2 accounts to nobody"
    )
    assert step_words(now, {"do": "threshold", "tier": TOP, "share": "45"}) == (
        "Top takes the accounts that carry 45% of revenue"
    )
    assert [joined([]), joined(["a"]), joined(["a", "b", "c"]), joined(["a", "b", "c"], 2)] == [
        "",
        "a",
        "a, b and c",
        "a, b and 1 more",
    ]
