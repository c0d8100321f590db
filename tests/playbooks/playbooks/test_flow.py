"""Two versions compared."""

from playbooks.playbooks.definition import read_definition
from playbooks.playbooks.flow import differences
from playbooks.playbooks.names import Names
from tests.playbooks.playbooks.kit import branch, parts, task

ENDED = {"kind": "outcome", "step": "s1", "is": "Ok"}


def compared(before, after):
    one, other = (read_definition(parts(steps=steps)) for steps in (before, after))
    return [(row.label, row.before, row.after) for row in differences(one, other, Names())]


def test_a_step_that_only_mentions_a_renamed_one_is_the_same(here):
    rest = [branch("s2", ENDED, yes="s4", no="s3"), task("s3", "Write", then="s5"), task("s4"), task("s5")]
    before = [task("s1", "Call", outcomes=["Ok", "Bad"]), *rest]
    after = [task("s1", "Ring", outcomes=["Ok", "Bad"]), *rest[:3], task("s5", "Look back")]
    assert compared(before, before) == []
    assert [label for label, *_ in compared(before, after)] == ["Step 1", "Step 5"]


def test_another_way_on_is_a_change_of_the_step(here):
    steps = [task("s1", outcomes=["Ok", "Bad"]), branch("s2", ENDED, yes="s4"), task("s3"), task("s4")]
    other = [steps[0], branch("s2", ENDED, yes="end"), *steps[2:]]
    (row,) = compared(steps, other)
    assert (row[0], "If so: step 4" in row[1], "If so: the end" in row[2]) == ("Step 2", True, True)


def test_what_came_between_only_moves_the_others(here):
    steps = [task("s1"), task("s2", "Write")]
    rows = compared(steps, [steps[0], task("s9", "Wait for them"), steps[1]])
    assert [(label, before) for label, before, _ in rows] == [("Step 2, new", "")]
