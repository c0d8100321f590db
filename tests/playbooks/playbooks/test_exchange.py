"""Playbooks as files: what means something here only stays here, and what comes in is hostile."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playbooks.playbooks.checking import problems_of
from playbooks.playbooks.definition import BadDefinition, read_definition, read_version
from playbooks.playbooks.exchange import BadFile, export_json, import_playbook
from playbooks.playbooks.flow import flow_of
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.names import Names
from playbooks.playbooks.queries import draft_of
from playbooks.plays.preview import preview_of
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.playbooks.kit import make, parts, task
from tests.playbooks.plays.kit import make_playbook, step


def file_of(*steps):
    definition = {"trigger": {"kind": "manual"}, "steps": list(steps)}
    return {"format": "csworkspace.playbook/1", "name": "Brought", "definition": definition}


def local_steps(here):
    member = here.members["manager"].pk
    return [
        {**task("a"), "params": {**task("a")["params"], "owner_role": f"member:{member}"}},
        step("b", "change", field="owner", owner=str(member)),
        step("c", "webhook", endpoint=3, message=""),
        step("d", "change", field="owner", owner="manager"),
    ]


def test_ids_of_this_workspace_neither_leave_nor_come_in(here):
    kept = ["", "", None, "manager"]
    names = ["owner_role", "owner", "endpoint", "owner"]
    playbook = make(published=False, steps=local_steps(here))
    out = export_json(playbook, draft_of(playbook))["definition"]["steps"]
    assert [one["params"][name] for one, name in zip(out, names, strict=True)] == kept
    brought, hints = import_playbook(file_of(*local_steps(here)), by=BY)
    definition = read_version(draft_of(brought))
    assert [one.params[name] for one, name in zip(definition.steps, names, strict=True)] == kept
    assert "what the step “Call them” names" in hints[0]
    assert {one.step for one in problems_of(definition)} >= {"a", "b", "c"}


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("task", {"title": "t", "outcomes": 5}),
        ("task", {"title": "t", "due_days": "x"}),
        ("wait", {"until": ["x"], "days": "q"}),
        ("change", {"field": ["a"], "owner": []}),
        ("recommendation", {"title": 5, "features": 7, "due_days": []}),
    ],
)
def test_details_that_cannot_be_shown_are_refused(here, kind, params):
    with pytest.raises(BadFile, match="Step 1: its details cannot be read"):
        import_playbook(file_of(step("a", kind, **params)), by=BY)
    assert not Playbook.objects.exists()


@pytest.mark.parametrize("text", ["x\x00y", "\ud800", {"deep": ["\x00"]}, {"\x00": 1}, float("nan")])
def test_texts_that_cannot_be_kept_are_refused(here, text):
    data = file_of({**task("a"), "params": {"title": text}})
    with pytest.raises(BadFile):
        import_playbook(json.loads(json.dumps(data)), by=BY)
    with pytest.raises(BadDefinition):
        read_definition(parts(steps=[{**task("a"), "params": {"how_to": text}}]))


def many_steps(here, count):
    member = here.members["manager"].pk
    return [
        one
        for number in range(count)
        for one in (
            step(f"t{number}", "task", title="T", owner_role=f"member:{member}", due_days=1),
            step(f"c{number}", "change", field="owner", owner=str(member)),
            step(f"n{number}", "notice", to="team", text="Look"),
        )
    ]


def test_pages_of_many_steps_ask_no_more_than_those_of_few(here):
    counts = []
    for count in (1, 4):
        playbook = make_playbook(f"P{count}", steps=many_steps(here, count))
        definition = read_definition(parts(steps=many_steps(here, count)))
        with CaptureQueriesContext(connection) as asked:
            found = problems_of(definition)
            flow_of(definition, Names(), found)
            preview_of(playbook, here.account, TODAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]
