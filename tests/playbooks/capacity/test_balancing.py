"""The optimiser: least movement, long relationships, nobody beyond their room, nobody unfit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.capacity.balancing import Balance, Holding, Needs, balance, may_serve
from playbooks.capacity.proposing import months_between, needs_of, propose
from tests.playbooks.capacity.kit import CHECK, QUARTERS, REST, REVIEW, TOP, D, account, csm, state, terms
from tests.playbooks.kit import TODAY, calmly

PRIYA, HELEN, JONAS = 7, 8, 9


def held(pk, owner, hours=16, months=24, **needs):
    return Holding(pk, owner, D(str(hours)), Needs(**needs), months)


def solve(rows, **hours):
    people = {PRIYA: csm(PRIYA, "Priya"), HELEN: csm(HELEN, "Helen"), JONAS: csm(JONAS, "Jonas")}
    names = {"priya": PRIYA, "helen": HELEN, "jonas": JONAS}
    return balance(rows, people, {pk: D(str(hours.get(name, 0))) for name, pk in names.items()})


def moves(found):
    return sorted((one.account.id, one.to) for one in found.handovers)


def test_least_movement_takes_the_shortest_relationship():
    rows = [held(1, PRIYA, months=40), held(2, PRIYA, months=3), held(3, PRIYA, months=30)]
    found = solve(rows, priya=40, helen=100)
    assert (moves(found), found.left_over, found.is_optimal) == ([(2, HELEN)], {}, True)


def test_one_large_account_rather_than_many_small_ones():
    rows = [held(n, PRIYA, 2) for n in range(1, 11)] + [held(20, PRIYA, 10)]
    assert moves(solve(rows, priya=20, helen=100)) == [(20, HELEN)]


def test_nobody_with_room_is_filled_beyond_it():
    rows = [held(n, PRIYA) for n in range(1, 6)]
    found = solve(rows, priya=16, helen=40, jonas=20)
    assert len(found.handovers) == 3
    assert sorted(to for _, to in moves(found)) == [HELEN, HELEN, JONAS]
    assert found.left_over == {PRIYA: D(16)}


def test_accounts_without_owner_find_one():
    found = solve([held(1, None), held(2, None), held(3, HELEN)], helen=40)
    assert (len(found.handovers), found.left_over) == (1, {None: D(16)})


def test_balanced_team_keeps_everything():
    assert solve([held(1, PRIYA), held(2, HELEN)], priya=16, helen=16) == Balance()


def test_nothing_and_nobody():
    assert balance([], {}, {}) == Balance()
    assert balance([held(1, None)], {}, {}) == Balance(left_over={None: D(16)})
    assert solve([held(1, PRIYA)], priya=0, helen=8) == Balance(left_over={PRIYA: D(16)})


def test_needs_are_respected():
    people = {
        PRIYA: csm(PRIYA, "Priya"),
        HELEN: csm(HELEN, "Helen", languages={"german"}, regions={"dach"}),
        JONAS: csm(JONAS, "Jonas", regions={"uk"}, skills={"sap"}),
    }
    has = {PRIYA: D(0), HELEN: D(500), JONAS: D(500)}
    rows = [
        held(1, PRIYA, region="dach", language="german"),
        held(2, PRIYA, region="uk", skills=("sap",)),
        held(3, PRIYA, region="france"),
        held(4, PRIYA, region="uk", skills=("sap", "java")),
    ]
    found = balance(rows, people, has)
    assert moves(found) == [(1, HELEN), (2, JONAS)]
    assert found.left_over == {PRIYA: D(32)}
    assert may_serve(people[PRIYA], rows[3].needs)


@calmly
@given(
    st.lists(
        st.tuples(
            st.sampled_from([PRIYA, HELEN, JONAS, None]),
            st.sampled_from(["0", "2", "6.5", "16", "40"]),
            st.integers(0, 80),
            st.sampled_from(["", "uk", "dach"]),
        ),
        max_size=14,
    )
)
def test_any_team_ends_no_worse_and_twice_the_same(drawn):
    people = {
        PRIYA: csm(PRIYA, "Priya"),
        HELEN: csm(HELEN, "Helen", regions={"uk"}),
        JONAS: csm(JONAS, "Jonas", regions={"dach"}),
    }
    has = {PRIYA: D(20), HELEN: D(60), JONAS: D(45)}
    rows = [
        held(n, who, hours, months, region=region) for n, (who, hours, months, region) in enumerate(drawn, 1)
    ]
    found = balance(rows, people, has)
    owners = {row.id: row.owner for row in rows} | dict(moves(found))

    def over(of):
        sums = {pk: sum((row.hours for row in rows if of[row.id] == pk), D(0)) for pk in [*people, None]}
        return {pk: max(hours - has.get(pk, D(0)), D(0)) for pk, hours in sums.items()}

    before, after = over({row.id: row.owner for row in rows}), over(owners)
    assert all(after[pk] <= before[pk] for pk in before)
    assert {pk: hours for pk, hours in after.items() if hours} == found.left_over
    assert all(may_serve(people[one.to], one.account.needs) for one in found.handovers)
    assert balance(rows[::-1], people, has) == found


def test_each_move_is_explained():
    rows = [account(n, PRIYA, customer_since=date(2030, 2, 10)) for n in range(1, 22)]
    people = [csm(PRIYA, "Priya"), csm(HELEN, "Helen", 96, languages={"german"}, regions={"dach"})]
    now = state([*rows, account(90, None, REST, name="Orphan")], people)
    attributes = {n: {"language": "German", "region": "DACH"} for n in range(1, 22)}
    steps, outcome = propose(now, 1, attributes, {1: date(2030, 3, 1)})
    said = [(step["accounts"], step["to"], step["why"].replace("\u00a0", " ")) for step in steps]
    assert said == [
        (
            [[1, PRIYA]],
            HELEN,
            "Priya is promised 4.5 h too much in Q3 2030. Helen has 96 h free, speaks German and looks after "
            "DACH. 3 months with Priya.",
        ),
        ([[90, None]], HELEN, "Nobody looks after it. Helen has 96 h free."),
    ]
    assert [text.replace("\u00a0", " ") for text in outcome["texts"]] == [
        "In Q3 2030 people are promised 6.5 h more than they have.",
        "Moving 2 accounts takes all of it away.",
        "No smaller movement does as much.",
    ]
    assert (outcome["quarter"], outcome["left"]) == (QUARTERS[1].isoformat(), "0")


def test_guess_of_a_relationship_counts_and_is_not_said():
    rows = [account(1, PRIYA, customer_since=date(2029, 1, 1)), account(2, PRIYA)]
    now = state(rows, [csm(PRIYA, "Priya", 20), csm(HELEN, "Helen")])
    ((step,), _) = propose(now, 0, {}, {})
    assert step["accounts"] == [[1, PRIYA]]
    assert step["why"].replace("\u00a0", " ") == (
        "Priya is promised 12 h too much in Q2 2030. Helen has 331.5 h free."
    )
    ((step,), _) = propose(now, 0, {}, {2: TODAY})
    assert step["why"].endswith("free. Less than a month with Priya.")


def test_excess_that_nobody_can_take_does_not_hide_what_can_be_done():
    hours = [3, 5, 7, 8, 11, 13]
    rows = [held(n, PRIYA, hours[n % 6], n * 7 % 60) for n in range(36)]
    rows += [held(100 + n, PRIYA, 5000) for n in range(20)]
    found = solve(rows, helen=41, jonas=38)
    assert found.left_over == {PRIYA: D(sum(hours) * 6 + 100_000 - 41 - 38)}
    assert (len(found.handovers), found.is_optimal) == (8, True)


def test_hours_of_a_proposal_are_those_of_the_page():
    promised = {TOP: {REVIEW: terms(hours="44.58")}, REST: {CHECK: terms(CHECK, hours="20")}}
    rows = [account(1, PRIYA), account(2, PRIYA), account(3, PRIYA, REST)]
    people = [csm(PRIYA, "Priya", "47.54"), csm(HELEN, "Helen", "20.96")]
    steps, outcome = propose(state(rows, people, terms=(promised,) * 5), 0, {}, {})
    assert [step["why"].replace("\u00a0", " ") for step in steps] == [
        "Priya is promised 61.7 h too much in Q2 2030. Helen has 21 h free."
    ]
    assert [text.replace("\u00a0", " ") for text in outcome["texts"]] == [
        "In Q2 2030 people are promised 61.7 h more than they have.",
        "Moving 1 account takes 20 h of it away.",
        "No smaller movement does as much.",
        "This much stays, because nobody who may serve these accounts has room: Priya 41.7 h.",
    ]


def test_long_proposals_are_cut_short(monkeypatch):
    from playbooks.capacity import proposing

    monkeypatch.setattr(proposing, "MOST_MOVES", 2)
    now = state([account(n, None) for n in range(1, 5)], [csm(HELEN, "Helen")])
    steps, outcome = propose(now, 0, {}, {})
    assert (len(steps), outcome["texts"][-1]) == (
        2,
        "These are the first 2 of 4 moves. Accept them, then ask again.",
    )


def test_outcome_says_why_nothing_can_be_done():
    texts = propose(state([account(1, None)], []), 0, {}, {})[1]["texts"]
    assert texts == ["There is no CSM to balance between. Invite one first."]
    texts = propose(state([account(1, PRIYA)], [csm(PRIYA, "Priya")]), 0, {}, {})[1]["texts"]
    assert texts == ["Nobody is promised more than they have in Q2 2030. There is nothing to balance."]
    texts = propose(state([account(1, PRIYA)], [csm(PRIYA, "Priya", 10)]), 0, {}, {})[1]["texts"]
    assert [text.replace("\u00a0", " ") for text in texts] == [
        "In Q2 2030 people are promised 6 h more than they have.",
        "No account can be moved to somebody with room who may serve it.",
        "This much stays, because nobody who may serve these accounts has room: Priya 6 h.",
    ]


@pytest.mark.parametrize(
    ("attributes", "needs"),
    [
        (
            {"language": " German ", "region": "UK", "skills": ["SAP", "java"]},
            ("german", "uk", ("java", "sap")),
        ),
        ({"language": ["French", "English"], "skill": "SAP, SAP"}, ("french", "", ("sap",))),
        ({"language": None, "region": 7, "skills": {"a": 1}}, ("", "7", ("{'a': 1}",))),
        ({}, ("", "", ())),
    ],
)
def test_needs_are_read_from_attributes(attributes, needs):
    assert needs_of(attributes) == Needs(*needs)


def test_months_with_somebody():
    assert months_between(date(2030, 6, 1), TODAY) == 0
    assert months_between(date(2030, 5, 31), TODAY) == 0
    assert months_between(date(2030, 5, 30), TODAY) == 1
    assert months_between(date(2028, 1, 1), TODAY) == 29
    assert [months_between(None, TODAY), months_between(date(2031, 1, 1), TODAY)] == [0, 0]
