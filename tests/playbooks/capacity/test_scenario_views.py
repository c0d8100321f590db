"""What-ifs in the browser's words: building, refusing, comparing, applying, taking back."""

from datetime import UTC, datetime

import pytest
from django.utils.html import escape

from accounts.accounts.models import Account
from accounts.accounts.settling import settle_accounts
from playbooks.capacity import scenario_actions as actions
from playbooks.capacity.models import Scenario
from tests.kit import BY, client_of
from tests.playbooks.capacity.kit import hire, promise, sign
from tests.playbooks.capacity.test_steps import ADD
from tests.playbooks.capacity.test_views import messages, plain

SCENARIO_QUERIES = 29


@pytest.fixture
def team(here):
    """Priya with three accounts of the top tier, and Helen."""
    priya, helen = hire(here, "Priya"), hire(here, "Helen")
    tier, service = promise(entry="share", entry_share=40)
    return priya, helen, tier, service, sign(3, priya, tier)


@pytest.fixture
def begun(here, manager, team):
    """A what-if that was begun on its page."""
    manager.post(here.url("capacity/scenarios/new/"), {"name": "Try"})
    return Scenario.objects.get()


def url_of(here, scenario, more=""):
    return here.url(f"capacity/scenarios/{scenario.pk}/{more}")


def add(here, manager, scenario, do, **typed):
    scenario.refresh_from_db()
    return manager.post(url_of(here, scenario, "steps/"), {"do": do, "version": scenario.version, **typed})


def test_steps_are_built_shown_and_removed(here, manager, begun, team):
    priya, helen, tier, service, accounts = team
    add(
        here,
        manager,
        begun,
        "add_csm",
        name="Nora",
        hours_per_week="40",
        meeting_share="25",
        leave_share="15",
    )
    add(here, manager, begun, "move", owner=priya.pk, tier=tier.pk, names="client 1\r\nClient 2", to="-1")
    add(here, manager, begun, "move", owner="any", tier="any", names=str(accounts[2].pk), to=helen.pk)
    level = f"{tier.pk}-{service.pk}"
    add(here, manager, begun, "terms", level=level, times="1", per="quarter", hours="8", start="2030-10-01")
    add(here, manager, begun, "lose_csm", csm=priya.pk, to=[helen.pk])
    add(here, manager, begun, "threshold", tier=tier.pk, share="45")
    page = manager.get(url_of(here, begun))
    assert [plain(line.text) for line in page.context["steps"]] == [
        "Add Nora, 40 hours a week",
        "Move Client 1 and Client 2 from Priya to Nora",
        "Move Client 3 from Priya to Helen",
        "Top: Top review 1 a quarter at 8 h, from Q4 2030",
        "Without Priya: 0 accounts to Helen",
        "Top takes the accounts that carry 45% of revenue",
    ]
    lines = {
        line.name: [plain(cell.change) for cell in line.cells] for line in page.context["comparison"].csms
    }
    assert lines == {
        "Nora": ["+32 h", "+32 h", "+16 h", "+16 h", "+16 h"],
        "Helen": ["+16 h", "+16 h", "+8 h", "+8 h", "+8 h"],
        "Priya": ["−48 h"] * 5,
        "Csm of Northwind": ["0 h"] * 5,
    }
    begun.refresh_from_db()
    manager.post(url_of(here, begun, "steps/removals/"), {"number": 0, "version": begun.version})
    begun.refresh_from_db()
    assert [step["do"] for step in begun.steps] == ["move", "terms", "lose_csm", "threshold"]
    assert set(Account.objects.filter(pk__in=[a.pk for a in accounts]).values_list("owner", flat=True)) == {
        priya.pk
    }


@pytest.mark.parametrize(
    ("do", "typed", "field"),
    [
        ("move", {"owner": "any", "tier": "any", "names": "No such", "to": "nobody"}, "names"),
        ("move", {"owner": "nobody", "tier": "any", "names": "", "to": "nobody"}, "__all__"),
        ("move", {"owner": "99999999999999999999", "tier": "any", "to": "nobody"}, "owner"),
        ("add_csm", {"name": "", "hours_per_week": "81", "meeting_share": "0", "leave_share": "0"}, "name"),
        (
            "terms",
            {"level": "1-1", "times": "0", "per": "week", "hours": "-1", "start": "2030-04-01"},
            "level",
        ),
        ("threshold", {"tier": "x", "share": "0"}, "tier"),
        ("lose_csm", {"csm": "x", "to": ["y"]}, "csm"),
    ],
)
def test_impossible_steps_are_refused_and_kept_as_typed(here, manager, begun, do, typed, field):
    refused = add(here, manager, begun, do, **typed)
    assert refused.status_code == 422
    assert field in refused.context["bound"].errors
    begun.refresh_from_db()
    assert begun.steps == []


def test_imaginary_csm_who_was_lost_keeps_the_id(here, manager, begun):
    typed = {"hours_per_week": "40", "meeting_share": "25", "leave_share": "15"}
    add(here, manager, begun, "add_csm", name="Nora", **typed)
    add(here, manager, begun, "lose_csm", csm="-1")
    add(here, manager, begun, "add_csm", name="Olga", **typed)
    begun.refresh_from_db()
    assert [(step["do"], step.get("id")) for step in begun.steps] == [
        ("add_csm", -1),
        ("lose_csm", None),
        ("add_csm", -2),
    ]


def test_step_for_a_proposal_is_refused_and_its_page_stays(here, manager, team):
    proposal = Scenario.objects.create(
        name="Balance", kind="proposal", outcome={"texts": ["None."]}, actor="x"
    )
    refused = add(here, manager, proposal, "lose_csm", csm=team[0].pk)
    assert messages(manager.get(refused["Location"])) == [
        "A proposal has only the moves that were found. Begin a what-if for steps."
    ]
    assert manager.get(url_of(here, proposal)).status_code == 200


def test_unknown_step_and_hostile_name(here, manager, begun):
    assert manager.post(url_of(here, begun, "steps/"), {"do": "explode"}).status_code == 302
    assert manager.post(here.url("capacity/scenarios/new/"), {"name": " \x00 "}).status_code == 422
    manager.post(url_of(here, begun, "edit/"), {"name": "<script>x</script>", "version": begun.version})
    page = manager.get(url_of(here, begun))
    assert "<script>x" not in page.text
    assert "&lt;script&gt;x" in page.text


def test_second_of_two_at_once_is_told(here, manager, begun):
    seen = begun.version
    actions.add_step(begun, ADD, by=BY)
    for more, typed in (
        ("steps/", {"do": "lose_csm", "csm": here.members["csm"].pk}),
        ("steps/removals/", {"number": 0}),
        ("edit/", {"name": "Mine"}),
        ("applications/", {}),
        ("removals/", {}),
    ):
        late = manager.post(url_of(here, begun, more), {"version": seen, **typed})
        assert late.status_code == 409
        assert messages(late)[0].startswith("Somebody else changed this")
    begun.refresh_from_db()
    assert (begun.name, len(begun.steps), begun.applied_at) == ("Try", 1, None)


def test_scenario_is_applied_once_and_taken_back(here, manager, begun, team):
    priya, helen, _, _, accounts = team
    add(here, manager, begun, "move", owner=priya.pk, tier="any", names="Client 1", to=helen.pk)
    begun.refresh_from_db()
    manager.post(url_of(here, begun, "applications/"), {"version": begun.version})
    page = manager.get(url_of(here, begun))
    assert page.context["scenario"].outcome["said"] == ["1 change made to accounts."]
    assert (page.context["forms"], page.context["standing"][0]) == ([], "Applied")
    changed = [line.name for line in page.context["comparison"].csms if line.is_changed]
    assert changed == ["Helen", "Priya"]
    begun.refresh_from_db()
    again = manager.post(url_of(here, begun, "applications/"), {"version": begun.version}, follow=True)
    assert messages(again) == ["Try was applied by Manager of Northwind already."]
    seen = begun.version
    late = manager.post(url_of(here, begun, "undoings/"), {"version": seen - 1})
    assert (late.status_code, begun.change_set.undone_at) == (409, None)
    assert f'name="version" value="{seen}"' in manager.get(url_of(here, begun)).text
    manager.post(url_of(here, begun, "undoings/"), {"version": seen})
    assert Account.objects.get(pk=accounts[0].pk).owner_id == priya.pk
    assert manager.get(url_of(here, begun)).context["standing"][0] == "Undone"
    kept = manager.post(url_of(here, begun, "removals/"), follow=True)
    assert "applied by" in messages(kept)[0]


def test_proposal_is_accepted_in_part(here, manager, team):
    priya, helen, _, _, accounts = team
    steps = [
        {
            "do": "move",
            "accounts": [[one.pk, priya.pk]],
            "to": helen.pk,
            "hours": "16",
            "why": f"Because {one}",
        }
        for one in accounts
    ]
    proposal = Scenario.objects.create(
        name="Balance", kind="proposal", steps=steps, outcome={"texts": ["Three."]}, actor="x"
    )
    page = manager.get(url_of(here, proposal))
    assert [(move.account, move.why, move.is_chosen) for move in page.context["moves"]] == [
        (f"Client {n}", f"Because Client {n}", True) for n in (1, 2, 3)
    ]
    assert page.text.count(" checked>") == 3
    none = manager.post(url_of(here, proposal, "applications/"), {"version": 1}, follow=True)
    assert messages(none) == ["Nothing would change."]
    manager.post(url_of(here, proposal, "applications/"), {"version": 1, "move": ["0", "2", "x", "²"]})
    owners = (
        Account.objects.filter(pk__in=[a.pk for a in accounts]).order_by("pk").values_list("owner", flat=True)
    )
    assert list(owners) == [helen.pk, priya.pk, helen.pk]
    page = manager.get(url_of(here, proposal))
    assert [move.is_chosen for move in page.context["moves"]] == [True, False, True]


def test_proposal_is_asked_for_and_shows_its_job(here, manager, team):
    assert manager.post(here.url("capacity/proposals/"), {"quarter": "1999-01-01"}).status_code == 302
    assert Scenario.objects.count() == 0
    asked = manager.post(here.url("capacity/proposals/"), {"quarter": "2030-07-01"})
    proposal = Scenario.objects.get()
    assert asked["Location"] == url_of(here, proposal)
    page = manager.get(asked["Location"])
    assert (page.context["job"].title, page.context["moves"]) == ("Balance books for Q3 2030", [])


def test_up_to_four_are_compared(here, manager, team):
    priya = team[0]
    made = [
        Scenario.objects.create(
            name=f"S{n}", actor="x", steps=[{"do": "lose_csm", "csm": priya.pk, "to": []}][:n]
        )
        for n in range(5)
    ]
    query = "&".join(f"scenario={one.pk}" for one in made)
    page = manager.get(here.url(f"capacity/scenarios/compare/?{query}&scenario=x&scenario={10**18}"))
    sides = page.context["sides"]
    assert [side.name for side in sides] == ["S0", "S1", "S2", "S3"]
    assert [plain(text) for text in sides[1].cells[0]] == ["S1", "48 h", "+48 h"]
    assert (plain(sides[1].most), sides[1].moved, sides[0].most) == ("No owner, 48 h", "3", "–")
    assert "Nothing to compare" in manager.get(here.url("capacity/scenarios/compare/")).text


def test_rows_of_a_comparison_are_labelled_with_the_names(here, manager, team):
    made = [Scenario.objects.create(name="Trim <b>", actor="x") for _ in range(2)]
    made.append(Scenario.objects.create(name="Other", actor="x", steps=[ADD] * 8))
    page = manager.get(
        here.url("capacity/scenarios/compare/?") + "&".join(f"scenario={one.pk}" for one in made)
    )
    names = [f"Trim <b> (no. {one.pk})" for one in made[:2]] + ["Other"]
    assert [side.name for side in page.context["sides"]] == names
    assert "Scenario 1" not in page.text
    # Five quarters, accounts, the most over-committed and the steps.
    assert [page.text.count(f'data-label="{escape(name)}"') for name in names] == [8, 8, 8]
    assert page.text.count('data-label="As it is" class="num"') == 8
    assert page.context["sides"][2].steps[5:] == ["Add Nora, 40 hours a week", "and 2 more"]


def test_list_tells_scenarios_apart_and_dates_them_in_the_zone(here, manager):
    here.workspace.timezone = "Asia/Tokyo"
    here.workspace.save(update_fields=["timezone"])
    made = [Scenario.objects.create(name=name, actor="x") for name in ("Same", "Same", "Other")]
    Scenario.objects.update(created_at=datetime(2030, 5, 31, 15, 34, tzinfo=UTC))
    lines = manager.get(here.url("capacity/scenarios/")).context["scenarios"]
    same = [f"Same (no. {one.pk})" for one in made[:2]]
    assert [(line.name, line.made) for line in reversed(lines)] == [
        (name, "1 Jun 2030") for name in [*same, "Other"]
    ]


def test_scenarios_of_others_are_not_found(here, elsewhere, begun):
    stranger = client_of(elsewhere.members["admin"])
    assert stranger.get(elsewhere.url(f"capacity/scenarios/{begun.pk}/")).status_code == 404
    listed = stranger.get(elsewhere.url("capacity/scenarios/"))
    assert listed.context["scenarios"] == []
    query = f"capacity/scenarios/compare/?scenario={begun.pk}"
    assert stranger.get(elsewhere.url(query)).context["sides"] == []


def test_scenario_takes_a_constant_number_of_queries(here, manager, begun, team, django_assert_num_queries):
    priya, helen, *_ = team
    add(here, manager, begun, "move", owner=priya.pk, tier="any", names="Client 1", to=helen.pk)
    with django_assert_num_queries(SCENARIO_QUERIES):
        manager.get(url_of(here, begun))
    more = sign(6, priya, None, name="More")
    settle_accounts([one.pk for one in more], by=BY)
    add(here, manager, begun, "move", owner=priya.pk, tier="any", names="", to=helen.pk)
    add(here, manager, begun, "lose_csm", csm=helen.pk)
    with django_assert_num_queries(SCENARIO_QUERIES):
        manager.get(url_of(here, begun))
