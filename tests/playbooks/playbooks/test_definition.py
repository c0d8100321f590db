"""Reading definitions: right ones come back as they were, wrong ones are told what is wrong."""

import pytest

from playbooks.playbooks.definition import BadDefinition, definition_json, read_definition
from playbooks.playbooks.forms import TriggerForm
from playbooks.playbooks.shapes import Trigger

GOOD = {
    "trigger": {"kind": "signal", "indicators": [3, 7], "signal_kinds": ["risk"], "severity": 2},
    "audience": {"segment": 4, "stages": ["adopting", "established"], "tiers": [1]},
    "steps": [
        {"key": "call", "kind": "task", "title": "Call", "params": {"due_days": 2}, "then": ""},
        {"key": "wait", "kind": "wait", "title": "", "params": {"days": 5}, "then": "end"},
    ],
    "success": {
        "condition": {"kind": "metric", "metric": 5, "op": "gte", "value": "25"},
        "window_days": 60,
        "words": "25 weekly users",
    },
}


def complaints(**changed):
    with pytest.raises(BadDefinition) as refused:
        read_definition({**GOOD, **changed})
    return [str(complaint) for complaint in refused.value.complaints]


def test_a_definition_comes_back_as_it_was_written():
    assert definition_json(read_definition(GOOD)) == GOOD


@pytest.mark.parametrize(
    "trigger",
    [
        {"kind": "manual"},
        {"kind": "manual", "hint": "Needs “Adoption drop”."},
        {"kind": "stage", "to": ["renewing"]},
        {"kind": "tier", "to": []},
        {"kind": "segment", "segment": 9, "move": "leave"},
        {"kind": "date", "date": "renewal", "days": -120},
    ],
)
def test_every_kind_of_trigger_comes_back(trigger):
    assert definition_json(read_definition({**GOOD, "trigger": trigger}))["trigger"] == trigger


def test_an_empty_definition_is_by_hand_for_everybody_without_steps():
    read = read_definition({})
    assert (read.trigger.kind, read.audience.segment, read.steps, read.success.condition) == (
        "manual",
        None,
        (),
        None,
    )


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ([], "Trigger (kind): This kind of trigger does not exist. Choose one of the list."),
        ({"kind": ["stage"]}, "Trigger (kind): This kind of trigger does not exist. Choose one of the list."),
        ({"kind": "stage", "to": []}, "Trigger (to): Choose at least one stage."),
        ({"kind": "tier", "to": ["1"]}, "Trigger (to): Choose from the list."),
        ({"kind": "tier", "to": [True]}, "Trigger (to): Choose from the list."),
        ({"kind": "segment", "segment": 2**70}, "Trigger (segment): Choose from the list."),
        ({"kind": "segment", "segment": 1, "move": "x"}, "Trigger (move): Choose from the list."),
        ({"kind": "date", "date": "birthday", "days": 0}, "Trigger (date): Choose from the list."),
        (
            {"kind": "date", "date": "renewal", "days": 5000},
            "Trigger (days): Write a whole number from -730 to 730.",
        ),
        ({"kind": "signal", "severity": 9}, "Trigger (severity): Write a whole number from 1 to 3."),
        ({"kind": "manual", "run": "x"}, "Trigger: Fields that are not known: run. Take them out."),
    ],
)
def test_a_wrong_trigger_is_told_what_is_wrong(trigger, said):
    if trigger == []:
        trigger = ["signal"]
    assert complaints(trigger=trigger) == [said]


STEP = {"key": "a", "kind": "task", "title": "A", "params": {}, "then": ""}


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("x" * 50, "Steps: There may be at most 40 steps, in a list."),
        ([STEP] * 41, "Steps: There may be at most 40 steps, in a list."),
        ([STEP, STEP], "Steps (key): The key “a” is used twice. Give each step its own."),
        ([5], "Step 1: This is no step."),
        (
            [{**STEP, "key": "__class__"}],
            "Step 1 (key): The key is made of small letters, figures and dashes.",
        ),
        ([{**STEP, "key": "end"}], "Step 1 (key): The key is made of small letters, figures and dashes."),
        ([{**STEP, "title": "x" * 201}], "Step 1 (title): Write a text of at most 200 characters."),
        ([{**STEP, "title": "a\x00b"}], "Step 1 (title): Write a text of at most 200 characters."),
        ([{**STEP, "params": []}], "Step 1 (params): The details of the step cannot be read."),
        ([{**STEP, "run": "rm"}], "Step 1: Fields that are not known: run. Take them out."),
    ],
)
def test_wrong_steps_are_told_what_is_wrong(steps, said):
    assert complaints(steps=steps) == [said]


def test_wrong_success_and_audience_are_told_what_is_wrong():
    assert complaints(
        audience={"stages": ["nowhere"]},
        success={"condition": {"kind": "metric", "metric": 1, "op": "gte", "value": "NaN"}, "window_days": 0},
    ) == [
        "Audience (stages): Choose from the list.",
        "Success (value): Write a number, such as 25 or 0.5.",
        "Success (window days): Write a whole number from 1 to 730.",
    ]


def test_gigantic_deep_and_foreign_data_are_refused_at_once():
    deep: dict = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(BadDefinition, match="no definition"):
        read_definition({"trigger": deep})
    with pytest.raises(BadDefinition, match="larger than 200 kB"):
        read_definition({"steps": [{**STEP, "params": {"text": "x" * 300_000}}]})
    for data in (None, 5, "x", [GOOD], {5: 6}):
        with pytest.raises(BadDefinition, match="no definition"):
            read_definition(data)
    assert complaints(evil=1) == ["Fields that are not known: evil. Take them out."]


def test_a_date_among_the_attributes_has_a_name():
    trigger = {"kind": "date", "date": "attribute", "attribute": "contract_end", "days": -30}
    read = read_definition({**GOOD, "trigger": trigger})
    assert definition_json(read)["trigger"] == trigger
    with pytest.raises(BadDefinition, match="Name the attribute"):
        read_definition({**GOOD, "trigger": {**trigger, "attribute": ""}})
    form = TriggerForm({"days": "30", "side": "before", "date": "attribute", "attribute": ""},
                       kind="date", names=None, stored=Trigger("date"))  # fmt: skip
    assert form.errors == {"attribute": ["Name the attribute that has the date."]}
