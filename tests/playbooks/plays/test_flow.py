"""The way through a version's steps: pure."""

from playbooks.plays.flow import END, Planned, passed_over, planned_steps, target_of

KEYS = ["a", "b", "c", "d"]


def test_a_target_leaves_out_what_lies_between():
    assert passed_over(KEYS, "a", "") == []
    assert passed_over(KEYS, "a", "b") == []
    assert passed_over(KEYS, "a", "d") == ["b", "c"]
    assert passed_over(KEYS, "b", END) == ["c", "d"]
    assert passed_over(KEYS, "d", END) == []


def test_no_target_leads_back():
    for target in ("a", "b", "c", "nowhere"):
        assert passed_over(KEYS, "c", target) == []


def test_a_branch_follows_its_answer_and_others_their_own_way():
    branch = Planned("a", "branch", "", {"yes": "c", "no": END}, "b")
    assert [target_of(branch, outcome) for outcome in ("yes", "no", "skipped", "")] == ["c", END, "b", "b"]
    assert target_of(Planned("a", "task", "", {"yes": "c"}, "d"), "yes") == "d"


def test_steps_are_read_from_json():
    steps = planned_steps([{"key": "a", "kind": "task"}, {"key": "b", "kind": "wait", "then": END}])
    assert steps == [Planned("a", "task", ""), Planned("b", "wait", "", {}, END)]
