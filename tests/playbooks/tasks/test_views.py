"""The inbox, one task, an account's tasks, and what is done from them."""

import pytest
from pytest_django.asserts import assertNumQueries

from csworkspace.exports.registry import Span, exporters
from csworkspace.people.actions import deactivate_member
from playbooks.tasks.models import Task
from tests.kit import BY, client_of
from tests.playbooks.kit import ago
from tests.playbooks.tasks.kit import make_signal, make_step, make_task


def test_the_inbox_has_its_groups(here, elsewhere, csm):
    make_task(here.account, "Late", due_on=ago(2), is_urgent=True)
    make_task(here.account, "Now", outcomes=["Agreed", "Refused"])
    make_task(here.account, "Some day", due_on=None)
    page = csm.get(here.url("tasks/"))
    shown = [
        (group.heading, group.count, [row.title for row in group.rows]) for group in page.context["groups"]
    ]
    assert shown == [("Overdue", "1", ["Late"]), ("Today", "1", ["Now"]), ("No date", "1", ["Some day"])]
    assert "<option>Agreed</option>" in page.text
    stranger = client_of(elsewhere.members["csm"]).get(elsewhere.url("tasks/"))
    assert (stranger.context["rows"], "Nothing to do" in stranger.text) == ([], True)


def test_pages_cost_the_same_for_any_number_of_tasks(here, csm):
    paths = {"tasks/": 19, "tasks/?whose=team&state=done": 17, f"accounts/{here.account.pk}/tasks/": 15}
    make_task(here.account, state="done", ended_at=None)
    for count in (1, 2):
        for number in range(count):
            step = make_step(here.account, name=f"P{count}{number}")
            make_task(
                here.account, f"T{number}", step=step, signal=make_signal(here.account, f"{count}{number}")
            )
        for path, queries in paths.items():
            csm.get(here.url(path))
            with assertNumQueries(queries):
                csm.get(here.url(path))


def test_who_may_only_read_is_offered_nothing_to_do(here):
    make_task(here.account)
    page = client_of(here.members["executive"]).get(here.url("tasks/"))
    assert [row.title for row in page.context["rows"]] == ["Call Ruth"]
    assert "completions/" not in page.text
    assert "New task" not in page.text


def complete(client, world, task, *, htmx=False, **data):
    url = world.url(f"tasks/{task.pk}/completions/")
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url, {"version": task.version, **data}, headers=headers)


def test_a_task_is_completed_from_the_list_without_scripts(here, csm):
    task, back = make_task(here.account), here.url("tasks/?whose=mine")
    done = complete(csm, here, task, next=back)
    assert (done.status_code, done["Location"]) == (302, back)
    task.refresh_from_db()
    assert task.state == "done"
    late = complete(csm, here, task, next=back)
    assert (late.status_code, late["Location"]) == (302, back)
    assert "This task is done already by" in csm.get(back).text


def test_a_row_is_swapped_for_one_that_can_be_taken_back(here, csm):
    task, back = make_task(here.account), here.url("tasks/")
    done = complete(csm, here, task, htmx=True, next=back)
    assert (done.status_code, done.text.strip().startswith("<li"), "Undo" in done.text) == (200, True, True)
    conflict = complete(csm, here, task, htmx=True, next=back)
    assert (conflict.status_code, "Somebody else changed this" in conflict.text) == (409, True)
    undone = csm.post(
        here.url(f"tasks/{task.pk}/reopenings/"), {"next": back}, headers={"HX-Request": "true"}
    )
    task.refresh_from_db()
    assert (undone.status_code, task.state, 'name="task"' in undone.text) == (200, "open", True)


def test_it_has_to_be_said_how_it_ended(here, csm):
    task = make_task(here.account, outcomes=["Agreed"])
    page = complete(csm, here, task)
    assert (page.status_code, "Choose how it ended." in page.text) == (422, True)
    row = complete(csm, here, task, htmx=True, next="/")
    assert (row.status_code, "Choose how it ended." in row.text) == (422, True)
    assert complete(csm, here, task, outcome="Agreed", note="x").status_code == 302


def test_the_page_of_a_task_tells_all_of_it(here, csm):
    step = make_step(here.account)
    task = make_task(
        here.account, step=step, how_to="**Ask** <script>alert(1)</script>", done_when="She agrees"
    )
    page = csm.get(here.url(f"tasks/{task.pk}/"))
    assert "<strong>Ask</strong>" in page.text
    assert "<script>alert" not in page.text
    labels = [fact["label"] for fact in page.context["facts"]]
    assert labels == ["Play", "Owner", "Due", "Made"]
    assert page.context["facts"][0]["value"] == "Renewal: Call the sponsor"


def test_a_task_of_somebody_who_left_asks_for_an_owner(here):
    task = make_task(here.account)
    deactivate_member(here.members["csm"], by=BY)
    page = client_of(here.members["manager"]).get(here.url(f"tasks/{task.pk}/"))
    assert "Nobody owns this: Csm of Northwind has left" in page.text


def test_everything_that_can_be_done_on_its_page(here, csm):
    task, manager = make_task(here.account), here.members["manager"]
    url = here.url(f"tasks/{task.pk}/")
    for path, data in (
        ("assignments/", {"version": 1, "owner": manager.pk}),
        ("dates/", {"version": 2, "due_on": "2030-07-05"}),
        ("skips/", {"version": 3, "reason": "They asked us to wait"}),
        ("reopenings/", {}),
        ("edit/", {"version": 5, "title": "Visit Ruth", "owner": manager.pk, "outcomes": "A\nB"}),
    ):
        answer = csm.post(url + path, data)
        assert (answer.status_code, answer["Location"]) == (302, url), path
    task.refresh_from_db()
    assert (task.title, task.owner, task.due_on, task.outcomes, task.version) == (
        "Visit Ruth",
        manager,
        None,
        ["A", "B"],
        6,
    )
    for path in ("assignments/", "dates/", "skips/", "edit/", "completions/"):
        answer = csm.post(url + path, {"version": 1, "title": "x", "reason": "x", "outcome": "A"})
        assert answer.status_code == 409, path
        assert "Not saved" in answer.text, path


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("assignments/", {"owner": "999999"}),
        ("dates/", {"due_on": "soon"}),
        ("skips/", {"reason": ""}),
        ("edit/", {"title": ""}),
    ],
)
def test_wrong_input_is_refused(here, csm, path, data):
    task = make_task(here.account)
    answer = csm.post(here.url(f"tasks/{task.pk}/{path}"), {"version": 1, **data})
    assert (answer.status_code, "Please check what you entered" in answer.text) == (422, True)


def test_making_a_task_after_a_signal(here, elsewhere, csm):
    signal = make_signal(here.account)
    url = here.url(f"accounts/{here.account.pk}/tasks/new/")
    page = csm.get(f"{url}?signal={signal.pk}")
    assert page.context["form"].initial["title"] == "Answer the signal: Activity fell"
    data = {"title": "Call", "owner": here.members["csm"].pk, "due_on": "2030-07-01", "signal": signal.pk}
    made = csm.post(url, data)
    task = Task.objects.get()
    assert (made["Location"], task.signal_id) == (here.url(f"tasks/{task.pk}/"), signal.pk)
    elsewhere.open()
    foreign = make_signal(elsewhere.account)
    here.open()
    csm.post(url, {**data, "signal": foreign.pk})
    assert Task.objects.latest("id").signal_id is None
    assert csm.post(url, {"title": ""}).status_code == 422


def test_making_a_task_for_an_account_by_its_name(here, elsewhere, csm):
    url = here.url("tasks/new/")
    assert csm.get(url).context["names"] == ["Acme Industries"]
    csm.post(url, {"account": "acme industries", "title": "Call"})
    assert Task.objects.get().account == here.account
    for name, words in (("Nobody", "No account has this name"), ("", "required")):
        answer = csm.post(url, {"account": name, "title": "Call"})
        assert (answer.status_code, words in answer.text) == (422, True)


def test_the_ticked_ones_are_done_and_the_rest_is_told(here, csm):
    first, second = make_task(here.account, "First"), make_task(here.account, "Second")
    Task.objects.filter(pk=second.pk).update(version=4)
    url = here.url("tasks/completions/?whose=mine")
    done = csm.post(url, {"task": [f"{first.pk}.1", f"{second.pk}.1", "x", "\x00.1"]})
    assert done["Location"] == here.url("tasks/?whose=mine")
    page = csm.get(done["Location"])
    assert page.context["result"] == {
        "text": "1 task completed. 1 other was passed over:",
        "passed": [{"id": second.pk, "title": "Second", "reason": "Somebody else changed it meanwhile."}],
        "more": 0,
    }
    assert csm.get(done["Location"]).context["result"] is None


def test_all_that_match_are_moved_and_given_away(here, csm):
    for number in range(3):
        make_task(here.account, f"T{number}")
    make_task(here.account, "Theirs", owner=here.members["manager"])
    csm.post(here.url("tasks/dates/?whose=mine"), {"all": "1", "due_on": "2030-08-01"})
    assert Task.objects.filter(due_on="2030-08-01").count() == 3
    csm.post(here.url("tasks/assignments/?whose=mine"), {"all": "1", "owner": here.members["admin"].pk})
    assert Task.objects.filter(owner=here.members["admin"]).count() == 3


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("completions/", {}, "Tick the tasks first."),
        ("dates/", {"task": "1.1"}, "Enter the day on which they are due."),
        ("dates/", {"task": "1.1", "due_on": "soon"}, "Enter a valid date."),
        ("assignments/", {"task": "1.1", "owner": "99999"}, "Select a valid choice."),
        ("assignments/", {"task": "1.1"}, "Choose who gets them."),
    ],
)
def test_bulk_acts_that_cannot_be_are_refused(here, csm, path, data, words):
    make_task(here.account)
    answer = csm.post(here.url(f"tasks/{path}"), data)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_the_download_has_the_filters_rows_and_no_formulas(here, elsewhere, csm):
    make_task(here.account, "=1+1")
    make_task(here.account, "Theirs", owner=here.members["manager"])
    answer = csm.get(here.url("tasks/export/"))
    lines = answer.text.splitlines()
    assert (len(lines), "'=1+1" in lines[1], lines[0].startswith("task_id,account_id")) == (2, True, True)
    rows = list(exporters()["tasks"].rows(Span()))
    assert [row[4] for row in rows] == ["=1+1", "Theirs"]
    assert list(exporters()["tasks"].rows(Span(since=ago(-1)))) == []
    elsewhere.open()
    assert list(exporters()["tasks"].rows(Span())) == []


def test_the_link_to_what_nobody_does(here, csm):
    assert csm.get(here.url("tasks/without-owner/"))["Location"] == here.url("tasks/?whose=nobody&state=open")


def test_the_accounts_page_lists_open_and_done_ones(here, csm):
    make_task(here.account, "Open")
    make_task(here.account, "Done", state="done")
    page = csm.get(here.url(f"accounts/{here.account.pk}/tasks/"))
    data = page.context["data"]
    assert ([row.title for row in data["rows"]], [row.title for row in data["done"]]) == (["Open"], ["Done"])
    overview = csm.get(here.url(f"accounts/{here.account.pk}/"))
    assert "Open" in overview.text
