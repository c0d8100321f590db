"""The pages of playbooks: from the library to a published version, step by step, with what is refused."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playbooks.messages.models import EmailTemplate
from playbooks.playbooks import actions
from playbooks.playbooks.definition import read_version
from playbooks.playbooks.models import Playbook
from playbooks.playbooks.queries import draft_of
from tests.kit import BY, client_of
from tests.playbooks.playbooks.kit import branch, make, make_indicator, make_play, make_signal, task


def steps_of(playbook):
    return read_version(draft_of(playbook)).steps


def test_from_the_library_to_a_published_version(here, elsewhere, manager):
    make_indicator("activity-fell")
    empty = manager.get(here.url("playbooks/")).text
    assert "No playbook yet" in empty
    assert here.url("playbooks/library/?of=safe-switch") in empty
    looked = manager.get(here.url("playbooks/library/?of=adoption-drop"))
    assert looked.context["trigger"] == "When “Adoption drop” raises a signal"
    assert (looked.context["hints"], Playbook.objects.count()) == ([], 0)
    assert looked.context["flow"][2].words == "E-mail “Adoption drop: what changed?”"
    page = manager.post(here.url("playbooks/library/uses/"), {"of": "adoption-drop"}, follow=True)
    playbook = Playbook.objects.get()
    assert page.request["PATH_INFO"] == here.url(f"playbooks/{playbook.pk}/draft/")
    assert (playbook.name, playbook.library_key, playbook.state) == (
        "Adoption drop",
        "adoption-drop",
        "draft",
    )
    assert EmailTemplate.objects.get().key == "adoption-drop"
    review = manager.get(here.url(f"playbooks/{playbook.pk}/publications/"))
    assert review.context["problems"] == []
    manager.post(
        here.url(f"playbooks/{playbook.pk}/publications/"), {"version": playbook.version, "change_note": ""}
    )
    playbook.refresh_from_db()
    assert (playbook.state, playbook.current) == ("active", 1)
    listed = manager.get(here.url("playbooks/"))
    assert [(row.name, row.state, row.trigger) for row in listed.context["rows"]] == [
        ("Adoption drop", "Active", "When “Adoption drop” raises a signal")
    ]
    assert "In use" in listed.text
    assert client_of(elsewhere.members["admin"]).get(elsewhere.url("playbooks/")).context["rows"] == []


def test_without_its_indicator_a_ready_made_one_starts_by_hand_and_says_so(here, manager):
    hint = "It is meant to start by itself: when an indicator of falling use raises a signal."
    looked = manager.get(here.url("playbooks/library/?of=adoption-drop"))
    assert looked.context["trigger"] == "When somebody starts it by hand"
    assert looked.context["hints"][0].startswith(hint)
    page = manager.post(here.url("playbooks/library/uses/"), {"of": "adoption-drop"}, follow=True)
    assert hint in page.text
    assert page.context["problems"] == [
        "Success: Say how you will know that it worked: choose what is looked at, and within how many days."
    ]


def test_a_blank_one_is_built_in_the_editor(here, manager):
    manager.post(here.url("playbooks/new/"), {"name": " My  <b>own</b> ", "purpose": ""})
    playbook = Playbook.objects.get()
    assert playbook.name == "My <b>own</b>"
    base = f"playbooks/{playbook.pk}/"
    page = manager.get(here.url(f"{base}steps/new/"))
    assert [one["label"] for one in page.context["kinds"]][:3] == ["Task", "Notice", "Branch"]
    manager.post(
        here.url(f"{base}trigger/"), {"kind": "date", "days": 90, "side": "before", "date": "renewal"}
    )
    manager.post(here.url(f"{base}audience/"), {"segment": "", "stages": ["established"], "tiers": []})
    success = {"words": "Stays", "window_days": 100, "look_at": "stage", "look_stages": ["established"]}
    manager.post(here.url(f"{base}success/"), success)
    form = {
        "kind": "task",
        "title": "Call <i>them</i>",
        "owner_role": "owner",
        "due_days": 2,
        "outcomes": "A\nB",
    }
    manager.post(here.url(f"{base}steps/new/"), form)
    manager.post(
        here.url(f"{base}steps/new/"), {"kind": "notice", "text": "Done", "step_title": "", "then": "end"}
    )
    playbook.refresh_from_db()
    draft = draft_of(playbook)
    assert draft.trigger == {"kind": "date", "date": "renewal", "days": -90}
    assert draft.audience == {"segment": None, "stages": ["established"], "tiers": []}
    assert draft.success["condition"] == {"kind": "stage", "in": ["established"]}
    assert [(one.key, one.title, one.then) for one in steps_of(playbook)] == [
        ("s1", "Call <i>them</i>", ""),
        ("s2", "Notice", "end"),
    ]
    assert steps_of(playbook)[0].params["outcomes"] == ["A", "B"]
    shown = manager.get(here.url(f"{base}draft/"))
    assert "Call &lt;i&gt;them&lt;/i&gt;" in shown.text
    assert (shown.context["trigger"], shown.context["problems"]) == ("90 days before the renewal date", [])
    again = manager.get(here.url(f"{base}steps/edit/?step=s1"))
    assert again.context["form"].initial["outcomes"] == "A\nB"


def test_a_branch_is_filled_in_by_its_own_form(here, manager):
    playbook = make(published=False, steps=[task("s1", outcomes=["Agreed"]), task("s2")])
    url = here.url(f"playbooks/{playbook.pk}/steps/new/?kind=branch&after=s1")
    page = manager.get(url)
    assert page.context["form"].fields["look_result"].choices[1:] == [
        ("s1:Agreed", "“Call them” ended with “Agreed”")
    ]
    assert "then" not in page.context["head"].fields
    refused = manager.post(url, {"kind": "branch", "after": "s1", "yes": "", "no": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["look_at"])
    sent = {"kind": "branch", "after": "s1", "yes": "s2", "no": "end", "look_at": "outcome"}
    manager.post(url, {**sent, "look_result": "s1:Agreed", "step_title": "Agreed?"})
    made = steps_of(playbook)[1]
    assert (made.title, made.params) == (
        "Agreed?",
        {"condition": {"kind": "outcome", "step": "s1", "is": "Agreed"}, "yes": "s2", "no": "end"},
    )
    row = manager.get(here.url(f"playbooks/{playbook.pk}/draft/")).context["flow"][1]
    assert [(way.when, way.to) for way in row.ways] == [("If so", "step 3, Call them"), ("If not", "the end")]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("trigger/", {"kind": "manual"}),
        ("audience/", {"stages": ["trial"]}),
        ("success/", {"words": "x", "window_days": 9, "look_at": "stage", "look_stages": ["trial"]}),
        ("steps/new/", {"kind": "notice", "text": "x"}),
        ("steps/edit/", {"step": "s1", "title": "New", "owner_role": "owner", "due_days": 1}),
        ("steps/moves/", {"step": "s1", "direction": "down"}),
        ("steps/copies/", {"step": "s1"}),
        ("steps/removals/", {"step": "s1"}),
        ("publications/", {"change_note": "x"}),
        ("edit/", {"name": "New", "rest_days": 1, "daily_limit": 1}),
        ("discards/", {}),
    ],
)
def test_who_comes_second_is_told_and_nothing_is_overwritten(here, manager, path, sent):
    playbook = make(published=False, steps=[task("s1"), task("s2")])
    before = [one.title for one in steps_of(playbook)]
    answer = manager.post(here.url(f"playbooks/{playbook.pk}/{path}"), {**sent, "version": 99})
    assert answer.status_code == 409
    assert "Somebody else changed this after you opened the page" in answer.text
    assert [one.title for one in steps_of(playbook)] == before


def test_buttons_of_steps_move_copy_and_ask_before_they_remove(here, manager):
    playbook = make(published=False, steps=[task("s1", "A"), task("s2", "B", then="s3"), task("s3", "C")])
    base = f"playbooks/{playbook.pk}/steps/"
    moved = manager.post(here.url(f"{base}moves/"), {"step": "s1", "direction": "down"})
    assert moved.url == here.url(f"playbooks/{playbook.pk}/draft/#step-s1")
    manager.post(here.url(f"{base}copies/"), {"step": "s1"})
    assert [one.title for one in steps_of(playbook)] == ["B", "A", "A", "C"]
    asked = manager.get(here.url(f"{base}removals/?step=s3"))
    assert asked.context["references"] == ["Step 1, “B”, leads to it; it will go on with the next step."]
    manager.post(here.url(f"{base}removals/"), {"step": "s3"})
    assert [(one.title, one.then) for one in steps_of(playbook)] == [("B", ""), ("A", ""), ("A", "")]
    gone = manager.post(here.url(f"{base}removals/"), {"step": "s3"})
    assert (gone.status_code, "not in the draft any more" in gone.text) == (422, True)


def test_publishing_shows_what_would_happen_and_what_keeps_it_from_it(here, manager):
    indicator = make_indicator()
    make_signal(here.account, indicator)
    trigger = {"kind": "signal", "indicators": [indicator.pk]}
    playbook = make(published=False, trigger=trigger)
    url = here.url(f"playbooks/{playbook.pk}/publications/")
    page = manager.get(url)
    assert page.context["start"].words == "It would start on 1 account today."
    assert here.url(f"accounts/{here.account.pk}/") in page.text
    bad = make("Bad", published=False, steps=[task("a", then="a")])
    refused = manager.post(here.url(f"playbooks/{bad.pk}/publications/"), {"change_note": ""})
    assert refused.status_code == 422
    assert "It leads to a step that is gone or lies before." in refused.text
    manager.post(url, {"change_note": ""})
    actions.start_draft(playbook, by=BY)
    without_note = manager.post(url, {"change_note": ""})
    assert (without_note.status_code, list(without_note.context["form"].errors)) == (422, ["change_note"])


def test_versions_are_listed_shown_and_compared(here, manager):
    playbook = make(steps=[task("s1", "Call"), task("s2", "Write")])
    actions.start_draft(playbook, by=BY)
    manager.post(here.url(f"playbooks/{playbook.pk}/steps/removals/"), {"step": "s2"})
    manager.post(here.url(f"playbooks/{playbook.pk}/publications/"), {"change_note": "Shorter"})
    make_play(Playbook.objects.get(), here.account)
    base = here.url(f"playbooks/{playbook.pk}/")
    rows = manager.get(f"{base}versions/").context["rows"]
    assert [(row["number"], row["note"], row["running"], row["is_current"]) for row in rows] == [
        (2, "Shorter", "1", True),
        (1, "", "0", False),
    ]
    old = manager.get(f"{base}versions/?number=1")
    assert [row.title for row in old.context["flow"]] == ["Call", "Write"]
    compared = manager.get(f"{base}comparison/").context
    assert [(row.label, row.before, row.after) for row in compared["rows"]] == [
        ("Step 2, removed", "Task: Write\nDue in 2 days", "")
    ]
    assert manager.get(f"{base}comparison/?from=x&to=99999999999999999999").status_code == 200
    assert manager.get(f"{base}versions/?number=77").status_code == 404


def test_state_is_changed_by_buttons_and_a_csm_only_reads(here, manager):
    playbook = make()
    base = here.url(f"playbooks/{playbook.pk}/")
    manager.post(f"{base}pauses/", {"version": playbook.version})
    conflict = manager.post(f"{base}resumptions/", {"version": playbook.version})
    assert (conflict.status_code, Playbook.objects.get().state) == (409, "paused")
    wrong = manager.post(f"{base}pauses/")
    assert (wrong.status_code, "cannot be paused" in wrong.text) == (422, True)
    manager.post(f"{base}resumptions/")
    manager.post(f"{base}copies/")
    assert sorted(Playbook.objects.values_list("name", "state")) == [
        ("Copy of Rescue", "draft"),
        ("Rescue", "active"),
    ]
    manager.post(f"{base}retirements/")
    csm = client_of(here.members["csm"])
    page = csm.get(base)
    assert (page.status_code, page.context["may_edit"]) == (200, False)
    assert csm.post(f"{base}drafts/").status_code == 403


def test_a_playbook_is_exported_and_imported_elsewhere(here, elsewhere, manager):
    indicator = make_indicator()
    playbook = make(
        trigger={"kind": "signal", "indicators": [indicator.pk]},
        steps=[task("s1", outcomes=["Ok"]), branch("s2", {"kind": "outcome", "step": "s1", "is": "Ok"})],
        success={"condition": {"kind": "indicator", "indicator": indicator.pk, "holds": False}},
        rest_days=9,
    )
    answer = manager.get(here.url(f"playbooks/{playbook.pk}/export/"))
    assert answer["Content-Disposition"] == 'attachment; filename="rescue.playbook.json"'
    data = json.loads(answer.content)
    assert data["definition"]["trigger"]["indicators"] == ["drop"]
    file = SimpleUploadedFile("x.json", answer.content)
    elsewhere.open()
    other = make_indicator()
    client_of(elsewhere.members["admin"]).post(elsewhere.url("playbooks/imports/new/"), {"file": file})
    made = Playbook.objects.get()
    assert (made.name, made.rest_days, made.state) == ("Rescue", 9, "draft")
    assert draft_of(made).trigger["indicators"] == [other.pk]
    assert draft_of(made).success["condition"]["indicator"] == other.pk


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "This is no playbook that was exported"),
        (b'{"format": "csworkspace.playbook/1", "name": ""}', "has no name"),
        (b'{"format": "csworkspace.playbook/1", "name": "X", "definition": []}', "has no definition"),
        (
            b'{"format": "csworkspace.playbook/1", "name": "X", "definition": {"evil": 1}}',
            "Fields that are not known: evil",
        ),
        (b" " * 300_001, "larger than 300 kB"),
    ],
)
def test_hostile_files_are_refused_in_words(here, manager, content, said):
    file = SimpleUploadedFile("x.json", content)
    refused = manager.post(here.url("playbooks/imports/new/"), {"file": file})
    assert refused.status_code == 422
    assert said in refused.text
    assert Playbook.objects.count() == 0


def test_an_import_never_starts_on_more_than_was_meant(here, manager):
    definition = {
        "trigger": {"kind": "signal", "indicators": ["unknown-here"]},
        "audience": {"segment": "Nobody knows", "tiers": ["<script>"]},
        "steps": [task("a", "{% include 'settings' %}")],
    }
    data = {
        "format": "csworkspace.playbook/1",
        "name": "In",
        "definition": definition,
        "limits": {"rest_days": "x"},
    }
    file = SimpleUploadedFile("x.json", json.dumps(data).encode())
    page = manager.post(here.url("playbooks/imports/new/"), {"file": file}, follow=True)
    playbook = Playbook.objects.get()
    assert draft_of(playbook).trigger == {"kind": "manual"}
    assert "Not found here, and left out: the indicator “unknown-here”" in page.text
    assert "&lt;script&gt;" in page.text
    assert "{% include &#x27;settings&#x27; %}" in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_a_constant_number_of_queries(here, manager, count):
    condition = {"kind": "signal", "is": "resolved"}
    steps = [task(f"k{step}") for step in range(count)] + [
        branch(f"b{step}", condition) for step in range(count)
    ]
    for number in range(count):
        playbook = make(f"P{number}", steps=steps)
        make_play(playbook, here.account)
    actions.start_draft(playbook, by=BY)
    base = f"playbooks/{playbook.pk}/"
    paths = ["playbooks/", base, f"{base}draft/", f"{base}publications/", f"{base}versions/"]
    manager.get(here.url("playbooks/"))
    counted = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(here.url(path)).status_code == 200
        counted[path.removeprefix(base)] = len(queries)
    assert counted == {"playbooks/": 17, "": 20, "draft/": 20, "publications/": 21, "versions/": 16}
