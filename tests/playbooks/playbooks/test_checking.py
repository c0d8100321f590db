"""What keeps a definition from being published, told at the step and field, and what to do about it."""

from django.utils import timezone

from accounts.segments.models import Segment
from playbooks.playbooks.checking import around_of, problems_of, reachable, references_to
from playbooks.playbooks.definition import read_definition
from playbooks.playbooks.names import Names
from tests.playbooks.playbooks.kit import STAGE, branch, make_indicator, parts, task


def said(**changed):
    return [str(one) for one in problems_of(read_definition(parts(**changed)), Names())]


def ended(step, outcome):
    return {"kind": "outcome", "step": step, "is": outcome}


def test_a_whole_definition_has_no_problem(here):
    assert said() == []
    steps = [task("a", outcomes=["Yes!"]), branch("b", ended("a", "Yes!"), yes="end", no=""), task("c")]
    assert said(steps=steps) == []


def test_nothing_to_do_and_nothing_to_reach(here):
    assert said(steps=[], success={}) == [
        "Steps: Add at least one step.",
        "Success: Say how you will know that it worked: choose what is looked at, and within how many days.",
    ]


def test_ways_must_lead_forward_to_what_is_there(here):
    steps = [
        task("a", then="c"),
        task("b", title="<b>Lost</b>"),
        task("c", then="a"),
        branch("d", ended("a", "done"), yes="nowhere", no="d"),
    ]
    assert said(steps=steps) == [
        "Step 2, “<b>Lost</b>”: No way leads to this step. Remove it, or let an earlier step lead to it.",
        "Step 3, “Call them” (then): It leads to a step that is gone or lies before. Choose a later one.",
        "Step 4, “Part” (yes): It leads to a step that is gone or lies before. Choose a later one.",
        "Step 4, “Part” (no): It leads to a step that is gone or lies before. Choose a later one.",
        "Step 4, “Part”: No way leads to this step. Remove it, or let an earlier step lead to it.",
    ]


def test_a_cycle_ends_the_search_and_is_refused(here):
    steps = [task("a", then="b"), task("b", then="a")]
    assert reachable(read_definition(parts(steps=steps))) == {"a", "b"}
    assert said(steps=steps) == [
        "Step 2, “Call them” (then): It leads to a step that is gone or lies before. Choose a later one."
    ]


def test_unknown_kinds_unfilled_details_and_complaints_of_kinds(here):
    steps = [
        {"key": "a", "kind": "exec", "title": "{{ 7*7 }}"},
        {"key": "b", "kind": "task", "title": "B", "params": {"title": "B", "owner_role": "god"}},
        {"key": "c", "kind": "notice", "title": "C", "params": {"text": "gone"}},
    ]
    assert said(steps=steps) == [
        "Step 1, “{{ 7*7 }}”: There is no kind of step “exec” here. Remove the step, or choose another kind.",
        "Step 2, “B” (owner role): Select a valid choice. god is not one of the available choices.",
        "Step 2, “B” (due days): This field is required.",
        "Step 3, “C”: Its text is gone. Write another one.",
    ]


def test_conditions_look_at_earlier_steps_and_their_results_only(here):
    late = [branch("b", ended("c", "done")), task("c")]
    assert said(steps=late)[-1] == (
        "Step 1, “Part” (condition): It looks at a step that is gone, or does not come before. "
        "Choose an earlier step."
    )
    wrong = [task("a", outcomes=["Agreed"]), branch("b", ended("a", "Refused"))]
    assert said(steps=wrong)[-1] == (
        "Step 2, “Part” (condition): “Call them” cannot end with “Refused”. Choose another result."
    )


def test_what_is_gone_is_named(here, elsewhere):
    indicator = make_indicator(retired_at=timezone.now())
    broken = Segment.objects.create(name="Broken", problem="x", actor="Test")
    elsewhere.open()
    foreign = Segment.objects.create(name="Foreign", actor="Test")
    here.open()
    assert said(
        trigger={"kind": "signal", "indicators": [indicator.pk]},
        audience={"segment": foreign.pk},
        success={"condition": {"kind": "segment", "segment": broken.pk}},
    ) == [
        "Trigger (indicators): “Adoption drop” is retired. Choose another one.",
        "Audience (segment): The segment does not exist any more. Choose another one.",
        "Success (condition): The segment “Broken” names something that is gone. "
        "Repair it, or choose another one.",
    ]


def test_around_a_step_lie_what_it_may_look_at_and_lead_to(here):
    read = read_definition(parts(steps=[task("a", "A", outcomes=["Ok"]), task("b", "B"), task("c", "C")]))
    around = around_of(read, "b")
    assert dict(around.earlier) == {"a": ("A", [("Ok", "Ok")])}
    assert around.later == [("", "The next step"), ("c", "Step 3: C"), ("end", "The end")]
    assert [key for key, _ in around_of(read, None).later] == ["", "end"]
    assert [key for key, _ in around_of(read, None, "a").later] == ["", "b", "c", "end"]


def test_what_refers_to_a_step_is_told_before_it_goes(here):
    steps = [task("a", "A"), branch("b", ended("a", "done"), yes="c"), task("c", "C")]
    read = read_definition(parts(steps=steps, success={"condition": ended("a", "done")}))
    assert references_to(read, "a") == [
        "Step 2, “Part”, looks at its result; choose something else there.",
        "The success measure looks at its result; choose something else there.",
    ]
    assert references_to(read, "c") == ["Step 2, “Part”, leads to it; it will go on with the next step."]


def test_a_branch_that_leads_to_one_step_decides_nothing(here):
    same = branch("b", STAGE, yes="", no="s2")
    definition = read_definition(parts(steps=[task("s1"), same, task("s2")]))
    assert [str(one) for one in problems_of(definition)] == [
        "Step 2, “Part” (no): Both ways lead to the same step, so that it decides nothing. "
        "Choose another for one of them."
    ]
    fine = read_definition(parts(steps=[task("s1"), branch("b", STAGE, no="end"), task("s2")]))
    assert problems_of(fine) == []
