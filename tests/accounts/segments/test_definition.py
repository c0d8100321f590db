"""Definitions from JSON: what is understood, and what the errors say."""

import pytest

from accounts.segments.definition import BadDefinition, Condition, Definition, Group, read_definition
from tests.accounts.segments.makers import condition


def complaints(data):
    with pytest.raises(BadDefinition) as caught:
        read_definition(data)
    return [str(complaint) for complaint in caught.value.complaints]


def of(*conditions, match="all"):
    return {"match": "all", "groups": [{"match": match, "conditions": list(conditions)}]}


def test_a_definition_is_read_into_one_form():
    read = read_definition(of(condition("renewal", "within", " 120.0 "), condition("stage", "in", "trial")))
    assert read == Definition(
        "all",
        (Group("all", (Condition("renewal", "within", "120"), Condition("stage", "in", ["trial"]))),),
    )
    assert read_definition(read.as_json()) == read


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("-0.5", "-0.5"),
        ("-0.05", "-0.05"),
        ("-10", "-10"),
        ("-10.50", "-10.5"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0", "0"),
        ("1E+2", "100"),
    ],
)
def test_numbers_keep_their_sign_and_lose_their_zeros(typed, stored):
    read = read_definition(of(condition("metric", "at_least", typed, "1")))
    assert read.groups[0].conditions[0].value == stored


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"groups": {}}, {"match": "all", "groups": []}])
def test_nothing_is_no_definition(data):
    assert "The segment has no condition. Add at least one." in complaints(data)


def test_errors_name_group_condition_and_field():
    data = {
        "match": "all",
        "groups": [
            {"match": "all", "conditions": [condition("stage", "in", ["trial"])]},
            {"match": "any", "conditions": [condition("", ""), condition("renewal", "within", "soon")]},
        ],
    }
    assert complaints(data) == [
        "Group 2, condition 1: Choose a field.",
        "Group 2, condition 2 (Renewal): Write a whole number.",
    ]


def test_limits():
    many = [condition("renewal", "overdue")] * 11
    group = {"match": "all", "conditions": many[:1]}
    assert complaints(of(*many)) == ["Group 1: Keep at most 10 conditions."]
    assert complaints({"match": "all", "groups": [group] * 11}) == [
        "There are too many groups. Keep at most 10."
    ]
    read_definition({"match": "any", "groups": [{"match": "any", "conditions": many[:10]}] * 10})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (condition("attainment", "at_most", "80%"), "80"),
        (condition("attainment", "between", ["20 %", " 80\N{NO-BREAK SPACE}% "]), ["20", "80"]),
        (condition("renewal", "within", "120 days"), "120"),
        (condition("metric_change", "fell", "12.50%", of="1"), "12.5"),
        (condition("metric_change", "rose", "999%", of="1"), "999"),
    ],
)
def test_a_number_may_carry_its_unit(typed, kept):
    read = read_definition(of(typed))
    assert [item.value for _, _, item in read.conditions()] == [kept]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (condition("password", "is", "x"), "There is no such field. Choose one of the list."),
        (condition("renewal", "like", "x"), "Choose how to compare: “is within the next”"),
        (condition("renewal", "within", "1.5"), "Write a whole number."),
        (condition("renewal", "within", "-1"), "Write a whole number from 0 to 3,650."),
        (condition("renewal", "within", "1e99"), "Write a whole number from 0 to 3,650."),
        (condition("renewal", "within", "NaN"), "Write a whole number from 0 to 3,650."),
        (condition("renewal", "within", True), "Write a whole number."),
        (condition("renewal", "within", {"a": 1}), "Write a whole number."),
        (condition("renewal", "between", ["2026-02-30", "2026-03-01"]), "Write a day of the calendar"),
        (condition("renewal", "between", ["2026-03-02", "2026-03-01"]), "must not be above"),
        (condition("renewal", "between", ["2026-03-02"]), "Fill in both ends."),
        (condition("renewal", "between", ["0001-01-01", "2026-03-01"]), "Choose a day from 1900-01-01"),
        (condition("arr", "at_least", "12.345"), "At most 2 decimals."),
        (condition("arr", "at_least", "-1"), "from 0 to"),
        (condition("attainment", "at_most", "101"), "Write a whole number from 0 to 100."),
        (condition("attainment", "at_most", "80 days"), "Write a whole number."),
        (condition("metric_change", "fell", "999%", of="1"), "Write a number like 12.5 from 0 to 100."),
        (condition("stage", "in", []), "Choose at least one."),
        (condition("stage", "in", None), "Choose at least one."),
        (condition("stage", "in", ["a\x00"]), "Write what to look for."),
        (condition("stage", "in", [str(n) for n in range(101)]), "Choose at most 100."),
        (condition("attribute", "is", "x" * 201, of="Region"), "Write at most 200 characters."),
        (condition("attribute", "is", "  ", of="Region"), "Write what to look for."),
        (condition("attribute", "is", "x"), "Choose the attribute."),
        (condition("attribute", "is", "x", of="a\x00b"), "Choose the attribute."),
        (condition("metric", "at_least", "1", of=""), "Choose the metric."),
    ],
)
def test_wrong_and_hostile_values(wrong, says):
    (text,) = complaints(of(wrong))
    assert text.startswith("Group 1, condition 1")
    assert says in text


def test_broken_shapes_do_not_fail():
    for items in ([None], ["x"], [{"field": ["a"]}], [{"field": "tier", "op": {}}]):
        assert complaints({"match": "all", "groups": [{"match": "all", "conditions": items}]}) != []
    assert complaints({"match": "some", "groups": [7]}) == [
        "Group 1: The group is empty. Add a condition or remove the group.",
        "Group 1: Say whether all or any must hold.",
        "Say whether all or any must hold.",
    ]
