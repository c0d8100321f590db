"""The pages of plays, starting by hand, and what people send."""

import pytest
from django.utils import timezone

from accounts.accounts.models import Account, Stage
from accounts.book.actions import refresh_book
from playbooks.plays import actions
from playbooks.plays.faces import step_faces
from playbooks.plays.models import Play, PlayStep
from playbooks.plays.palette import find_plays
from playbooks.plays.story import play_story
from tests.kit import BY, client_of
from tests.playbooks.messages.kit import make_step, make_template
from tests.playbooks.plays.kit import make_playbook, raise_signal, start, states, step, the, work


@pytest.fixture
def play(here, doing):
    made = start(make_playbook(), here.account)
    work(here)
    return made


def send(client, here, play, what, **data):
    play.refresh_from_db()
    return client.post(here.url(f"plays/{play.pk}/{what}/"), {"version": play.version, **data})


def faces(page):
    return [(one.title, one.state_word, one.note) for one in page.context["steps"]]


def test_the_page_shows_the_way_who_leads_and_the_history(here, csm, play):
    page = csm.get(here.url(f"plays/{play.pk}/"))
    assert faces(page) == [("Step one", "Waiting", "Waits for somebody"), ("Step two", "To come", "")]
    facts = {fact["label"]: fact["value"] for fact in page.context["facts"]}
    assert (facts["Led by"], facts["Progress"], facts["Because"]) == (
        "Csm of Northwind",
        "0 of 2 steps",
        "By hand",
    )
    assert [entry.verb for entry in page.context["history"]] == ["step waits", "started"]


def test_words_of_people_are_hostile(here, csm, doing):
    steps = [{**step("a"), "title": "<script>alert(1)</script>"}]
    play = start(make_playbook("<b>Bold</b>", steps=steps), here.account)
    work(here)
    text = csm.get(here.url(f"plays/{play.pk}/")).content.decode()
    assert "<script>alert(1)" not in text
    assert "<b>Bold" not in text


def test_a_play_is_steered_from_its_page(here, csm, play):
    for what, state in (("pauses", "paused"), ("resumptions", "running")):
        answer = send(csm, here, play, what)
        assert (answer.status_code, answer["Location"]) == (302, here.url(f"plays/{play.pk}/"))
        play.refresh_from_db()
        assert play.state == state
    send(csm, here, play, "assignments", owner=here.members["manager"].pk)
    send(csm, here, play, "skips", step=the(play, "one").pk, reason="Not needed")
    work(here)
    play.refresh_from_db()
    assert (play.owner, states(play)[0]) == (here.members["manager"], ("one", "skipped"))
    send(csm, here, play, "stops", reason="They left")
    play.refresh_from_db()
    assert (play.state, play.end_reason) == ("stopped", "They left")


def test_a_stop_needs_a_reason_and_a_conflict_is_told(here, csm, play):
    refused = send(csm, here, play, "stops", reason="")
    assert refused.status_code == 422
    assert refused.context["forms"]["stop"].errors == {"reason": ["This field is required."]}
    late = csm.post(here.url(f"plays/{play.pk}/stops/"), {"version": 99, "reason": "x"})
    assert late.status_code == 409
    over = send(csm, here, play, "resumptions")
    assert over.status_code == 422
    assert "This play is running: that cannot be done now." in over.content.decode()
    assert send(csm, here, play, "skips", step="x").status_code == 422


def test_a_failed_step_shows_and_is_tried_again(here, csm, doing):
    play = start(make_playbook(steps=[step("a", "fail")]), here.account)
    work(here)
    page = csm.get(here.url(f"plays/{play.pk}/"))
    assert page.context["failed"]
    assert page.context["steps"][0].error == "The template is gone. Choose another one."
    assert page.context["steps"][0].may_retry
    assert send(csm, here, play, "retries", step=the(play, "a").pk).status_code == 302
    assert states(play) == [("a", "pending")]


def test_executives_look_but_do_not_steer(here, play):
    page = client_of(here.members["executive"]).get(here.url(f"plays/{play.pk}/"))
    assert not page.context["may_work"]
    assert "Stop it for good" not in page.content.decode()


def rows(page):
    return [(row.account, row.playbook, row.state_word) for row in page.context["rows"]]


def test_the_list_by_state_owner_and_playbook(here, elsewhere, csm, play):
    other = Account.objects.create(name="Beta", owner=here.members["manager"])
    failing = make_playbook("Other", steps=[step("a", "fail")])
    start(failing, other)
    work(here)
    actions.pause_play(play, by=BY)
    everything = csm.get(here.url("plays/"))
    assert rows(everything) == [("Beta", "Other", "Cannot go on"), ("Acme Industries", "Rescue", "Paused")]
    assert {tab["label"]: tab["count"] for tab in everything.context["states"]} == {
        "Running": 2,
        "Cannot go on": 1,
        "Paused": 1,
        "Finished": 0,
        "Stopped": 0,
    }
    assert rows(csm.get(here.url("plays/?owner=mine"))) == [("Acme Industries", "Rescue", "Paused")]
    assert rows(csm.get(here.url(f"plays/?playbook={failing.pk}"))) == [("Beta", "Other", "Cannot go on")]
    assert rows(csm.get(here.url("plays/?state=failed"))) == [("Beta", "Other", "Cannot go on")]
    assert rows(csm.get(here.url("plays/?state=nonsense&before=x&playbook=-1"))) == rows(everything)
    elsewhere.open()
    assert rows(client_of(elsewhere.members["csm"]).get(elsewhere.url("plays/"))) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_more(here, csm, doing, count, django_assert_num_queries):
    playbook = make_playbook(is_parallel=True)
    for number in range(count):
        start(playbook, here.account, cause=f"c{number}")
    csm.get(here.url("plays/"))
    with django_assert_num_queries(LIST_QUERIES):
        csm.get(here.url("plays/"))
    with django_assert_num_queries(TAB_QUERIES):
        csm.get(here.url(f"accounts/{here.account.pk}/plays/"))


LIST_QUERIES, TAB_QUERIES = 17, 18


def test_the_list_goes_on_page_by_page(here, csm, doing, monkeypatch):
    monkeypatch.setattr("playbooks.plays.lists.PAGE", 2)
    playbook = make_playbook(is_parallel=True)
    made = [start(playbook, here.account, cause=f"c{number}").pk for number in range(5)]
    page, seen = csm.get(here.url("plays/")), []
    while True:
        seen += [row.id for row in page.context["rows"]]
        if not page.context["next_url"]:
            break
        page = csm.get(here.url("plays/") + page.context["next_url"])
    assert seen == made[::-1]


def test_an_account_shows_what_runs_and_what_is_over(here, csm, play):
    url = here.url(f"accounts/{here.account.pk}/plays/")
    assert [row.playbook for row in csm.get(url).context["running"]] == ["Rescue"]
    actions.stop_play(play, by=BY, reason="They left")
    page = csm.get(url)
    assert (page.context["running"], [row.waits_for for row in page.context["over"]]) == ([], ["They left"])


def test_a_start_by_hand_shows_first_what_would_happen(here, csm, doing):
    steps = [
        step("a"),
        step("w", "wait", until="workdays", days=3),
        step("b", "branch", condition={"kind": "stage", "in": ["renewing"]}, yes="end", no="c"),
        step("c", "hold", "end"),
    ]
    playbook = make_playbook(steps=steps)
    url = here.url(f"accounts/{here.account.pk}/plays/new/")
    assert csm.get(url).context["preview"] is None
    page = csm.get(f"{url}?playbook={playbook.pk}")
    assert [(one.title, one.when, one.ways) for one in page.context["preview"].steps] == [
        ("Step a", "30 Jun 2030", []),
        ("Step w", "30 Jun 2030 to 4 Jul 2030", []),
        ("Step b", "4 Jul 2030 at the earliest", ["Yes: the end", "No: “Step c”"]),
        ("Step c", "4 Jul 2030 at the earliest", ["Then the end"]),
    ]
    token = page.context["form"].initial["token"]
    sent = {"token": token, "reason": "They asked", "owner": here.members["manager"].pk}
    first = csm.post(f"{url}?playbook={playbook.pk}", sent)
    again = csm.post(f"{url}?playbook={playbook.pk}", sent)
    play = Play.objects.get()
    assert first["Location"] == again["Location"] == here.url(f"plays/{play.pk}/")
    assert (play.cause_words, play.owner, play.actor) == (
        "They asked",
        here.members["manager"],
        "Csm of Northwind",
    )
    refused = csm.post(f"{url}?playbook={playbook.pk}", {"token": "other"})
    assert refused.status_code == 422
    assert refused.context["preview"].refusal.startswith("Rescue runs on Acme Industries already.")


def test_a_start_for_a_signal_uses_its_cause(here, csm, doing):
    playbook, signal = make_playbook(trigger={"kind": "signal"}), raise_signal(here.account)
    url = here.url(f"accounts/{here.account.pk}/plays/new/?playbook={playbook.pk}&signal={signal.pk}")
    csm.post(url, {"token": "t"})
    play = Play.objects.get()
    assert (play.signal, play.cause, play.cause_words) == (
        signal,
        f"signal {signal.pk}",
        "Signal: Nobody answers",
    )


def test_doubts_and_refusals_before_a_start(here, csm, doing):
    playbook = make_playbook(audience={"stages": ["renewing"]})
    url = here.url(f"accounts/{here.account.pk}/plays/new/?playbook={playbook.pk}")
    assert csm.get(url).context["preview"].doubts == [
        "The account is not in this playbook’s audience: its trigger would not start it here."
    ]
    Account.objects.update(stage=Stage.CHURNED)
    assert "has churned" in csm.get(url).context["preview"].refusal
    assert csm.post(url, {"token": "t"}).status_code == 422
    draft = make_playbook("Draft", state="draft")
    page = csm.get(here.url(f"accounts/{here.account.pk}/plays/new/?playbook={draft.pk}"))
    assert page.context["preview"] is None


def test_the_day_names_plays_that_are_stuck(here, csm, doing):
    refresh_book([here.account.pk])
    play = start(make_playbook(steps=[step("a", "fail")]), here.account)
    work(here)
    text = csm.get(here.url("day/")).content.decode()
    assert "The play Rescue cannot go on: Step a" in text
    assert here.url(f"plays/{play.pk}/") in text


def test_the_palette_finds_plays(here, csm, play):
    refresh_book([here.account.pk])

    class Request:
        workspace = here.workspace

    hits = find_plays(Request(), "resc acme")
    assert [(hit.label, hit.url, hit.note) for hit in hits] == [
        ("Rescue", here.url(f"plays/{play.pk}/"), "Acme Industries")
    ]


def test_the_timeline_tells_of_plays_page_by_page(here, play, doing):
    class Request:
        workspace = here.workspace

    actions.skip_step(play, the(play, "one").pk, by=BY, reason="No need")
    actions.stop_play(play, by=BY, reason="They left")
    found, before = [], None
    while page := play_story(Request(), here.account.pk, before, 1):
        found += page
        before = (page[-1].at, page[-1].key)
    assert {(one.title, one.text) for one in found} == {
        ("Skipped: Step one", "No need"),
        ("Play stopped: Rescue", "They left"),
        ("Play started: Rescue", "By hand"),
    }
    assert len(found) == 3
    assert found == play_story(Request(), here.account.pk, None, 9)


@pytest.mark.parametrize("count", [1, 3])
def test_steps_that_name_templates_webhooks_and_people_cost_the_same_for_more(
    here, count, rf, django_assert_num_queries
):
    step = make_step(here.account, template="hello", to_role="champion").step
    play, kinds = step.play, ("email", "webhook")
    make_template()
    steps = [
        {"key": f"s{n}{kind}", "kind": kind, "title": "", "then": "",
         "params": {"template": "hello", "to_role": "champion", "endpoint": 1}}
        for n in range(count) for kind in kinds
    ]  # fmt: skip
    play.playbook_version.steps = steps
    rows = [
        PlayStep(account=here.account, play=play, key=one["key"], kind=one["kind"], state="pending")
        for one in steps
    ]
    request = rf.get("/")
    request.workspace = here.workspace
    with django_assert_num_queries(2):
        faces = step_faces(request, play, rows, timezone.now())
    assert faces[0].title == "E-mail “Hello” to the champion"
