"""Applying a scenario: owners, tiers and terms at once, said what did not fit, and taken back."""

from datetime import date, timedelta

import pytest

from accounts.accounts.models import Account
from accounts.changes.actions import undo_changes
from accounts.changes.models import ChangeSet
from accounts.tiering.models import TierPlacement
from accounts.tiers.actions import remove_tier, set_terms
from accounts.tiers.checks import TermsRefused
from accounts.tiers.models import TierVersion
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from csworkspace.web.versions import Conflict
from playbooks.capacity import scenario_actions as actions
from playbooks.capacity.applying import apply_scenario, undo_scenario
from playbooks.capacity.models import Scenario
from playbooks.capacity.queries import read_state
from playbooks.capacity.scenario_actions import ScenarioRefused
from tests.kit import BY, client_of
from tests.playbooks.capacity.kit import hire, promise, sign, terms
from tests.playbooks.capacity.test_steps import ADD
from tests.playbooks.kit import TODAY

NEXT = date(2030, 7, 1)


@pytest.fixture
def team(here):
    """Priya with three accounts of the top tier, and Helen."""
    priya, helen = hire(here, "Priya"), hire(here, "Helen")
    tier, service = promise(entry="share", entry_share=40)
    return priya, helen, tier, service, sign(3, priya, tier)


def scenario(*steps):
    return Scenario.objects.create(name="Try", steps=list(steps), actor="Test")


def move(accounts, owner, to):
    return {"do": "move", "accounts": [[one.pk, owner.pk] for one in accounts], "to": to}


def new_terms(tier, service, **other):
    values = {"from": NEXT.isoformat(), "times": 2, "per": "quarter", "hours": "5", "name": service.name}
    return {"do": "terms", "tier": tier.pk, "service": service.pk, **values, **other}


def owners(accounts):
    return [one.owner_id for one in Account.objects.filter(pk__in=[a.pk for a in accounts]).order_by("pk")]


def test_moves_become_a_change_set_that_can_be_undone(team):
    priya, helen, _, _, accounts = team
    made = apply_scenario(scenario(move(accounts[:2], priya, helen.pk)), by=BY)
    assert owners(accounts) == [helen.pk, helen.pk, priya.pk]
    assert (made.change_set.kind, made.change_set.made, made.applied_by) == ("scenario", 2, "Test")
    assert made.outcome["said"] == ["2 changes made to accounts."]
    assert AuditEntry.objects.filter(verb="applied", object_type="scenario").count() == 1
    assert undo_scenario(made, by=BY) == ["2 changes set back."]
    assert owners(accounts) == [priya.pk] * 3
    with pytest.raises(ScenarioRefused, match="only once"):
        undo_scenario(made, by=BY)


def test_applying_twice_is_refused(team):
    priya, helen, _, _, accounts = team
    one = scenario(move(accounts, priya, helen.pk))
    apply_scenario(one, by=BY)
    with pytest.raises(ScenarioRefused, match="applied by Test already"):
        apply_scenario(one, by=BY)
    assert ChangeSet.objects.count() == 1


def test_two_at_once_and_what_was_deleted(team):
    priya, helen, _, _, accounts = team
    one = scenario(move(accounts, priya, helen.pk))
    seen = one.version
    actions.add_step(one, ADD, by=BY, version=seen)
    with pytest.raises(Conflict):
        apply_scenario(one, by=BY, version=seen)
    actions.delete_scenario(one, by=BY)
    with pytest.raises(ScenarioRefused, match="was deleted"):
        apply_scenario(Scenario(pk=987654321, name="x"), by=BY)


def test_accounts_moved_meanwhile_are_left_and_said(team):
    priya, helen, _, _, accounts = team
    one = scenario(move(accounts[:2], priya, helen.pk))
    Account.objects.filter(pk=accounts[0].pk).update(owner=None)
    made = apply_scenario(one, by=BY)
    assert owners(accounts) == [None, helen.pk, priya.pk]
    assert made.outcome["said"] == [
        "1 change made to accounts.",
        "Client 1 belongs to Nobody now. It is left there.",
    ]


def test_scenario_that_changes_nothing_is_refused_with_the_reason(team):
    _, helen, _, _, accounts = team
    one = scenario(move(accounts[:1], helen, None))
    with pytest.raises(ScenarioRefused, match=r"Nothing would change\. Client 1 belongs to Priya now"):
        apply_scenario(one, by=BY)
    one.refresh_from_db()
    assert (one.applied_at, ChangeSet.objects.count()) == (None, 0)


def test_accounts_of_an_imaginary_csm_stay_until_they_are_invited(team):
    priya, helen, _, _, accounts = team
    steps = [ADD, move(accounts[:1], priya, -1), move(accounts[1:2], priya, helen.pk)]
    made = apply_scenario(scenario(*steps), by=BY)
    assert owners(accounts) == [priya.pk, helen.pk, priya.pk]
    assert made.outcome["said"] == [
        "1 change made to accounts.",
        "1 account did not move to Nora, who is not a member yet. Invite them first.",
    ]


def test_lost_csm_stays_a_member_and_it_is_said(team):
    priya, helen, _, _, accounts = team
    made = apply_scenario(scenario({"do": "lose_csm", "csm": priya.pk, "to": [helen.pk]}), by=BY)
    assert owners(accounts) == [helen.pk] * 3
    assert made.outcome["said"][1] == "Priya is still a member; an admin takes access away under Members."


def test_terms_begin_in_their_quarter_and_can_be_taken_back(team):
    priya, _, tier, service, _ = team
    before = read_state(TODAY).loads[priya.pk].hours
    made = apply_scenario(scenario(new_terms(tier, service)), by=BY)
    assert made.outcome["said"] == ["Top promises its new terms from 1 Jul 2030."]
    assert read_state(TODAY).loads[priya.pk].hours == (48, 30, 30, 30, 30)
    assert undo_scenario(made, by=BY) == ["Top keeps its former terms."]
    assert read_state(TODAY).loads[priya.pk].hours == before


def test_terms_that_are_promised_already_are_not_taken_for_ours(team):
    priya, helen, tier, service, accounts = team
    planned = set_terms(tier, by=BY, starts_on=NEXT, terms=[terms(service.pk, 2, hours=5)])
    same = new_terms(tier, service, **{"from": "2030-10-01"})
    made = apply_scenario(scenario(same, move(accounts[:1], priya, helen.pk)), by=BY)
    assert (made.outcome["versions"], made.outcome["said"][1]) == ([], "Top promises that already.")
    undo_scenario(made, by=BY)
    assert list(tier.versions.filter(starts_on=NEXT)) == [planned]


def test_undone_on_the_page_of_its_changes_first(team):
    priya, helen, tier, service, accounts = team
    made = apply_scenario(scenario(move(accounts, priya, helen.pk), new_terms(tier, service)), by=BY)
    undo_changes(made.change_set, by=BY)
    assert undo_scenario(made, by=BY) == ["Top keeps its former terms."]


def test_terms_that_have_begun_stay(team, monkeypatch):
    from accounts.tiers import actions as tier_actions

    _, _, tier, service, _ = team
    made = apply_scenario(scenario(new_terms(tier, service)), by=BY)
    monkeypatch.setattr(tier_actions, "today", lambda: NEXT)
    (said,) = undo_scenario(made, by=BY)
    assert "holds since 1 Jul 2030" in said
    assert TierVersion.objects.filter(tier=tier).count() == 2


def test_terms_of_a_tier_that_was_retired_do_not_stop_the_undo(team):
    priya, helen, tier, service, accounts = team
    made = apply_scenario(scenario(move(accounts, priya, helen.pk), new_terms(tier, service)), by=BY)
    Account.objects.filter(tier=tier).update(tier=None)
    remove_tier(tier, by=BY)
    assert undo_scenario(made, by=BY) == [
        "3 changes set back.",
        "Top is retired. Add it again to bring it back.",
    ]
    assert owners(accounts) == [priya.pk] * 3


def test_undo_and_delete_ask_for_the_version_that_was_seen(team):
    priya, helen, _, _, accounts = team
    one = scenario(move(accounts, priya, helen.pk))
    with pytest.raises(Conflict):
        actions.delete_scenario(one, by=BY, version=one.version + 1)
    made = apply_scenario(one, by=BY)
    with pytest.raises(Conflict):
        undo_scenario(made, by=BY, version=one.version)
    assert owners(accounts) == [helen.pk] * 3


def test_threshold_moves_an_account_with_a_planned_move(team):
    _, _, tier, _, accounts = team
    rest, _ = promise("Rest", 2, 2, entry="rest")
    for one, arr in zip(accounts, (50, 30, 20), strict=True):
        Account.objects.filter(pk=one.pk).update(arr=arr, tier=rest)
    for to, since in ((tier, TODAY - timedelta(days=60)), (rest, NEXT)):
        TierPlacement.objects.create(account=accounts[0], tier=to, since=since, is_planned=True, actor="x")
    Account.objects.filter(name="Acme Industries").delete()
    made = apply_scenario(scenario({"do": "threshold", "tier": tier.pk, "share": "40"}), by=BY)
    assert made.outcome["said"] == ["1 change made to accounts."]
    assert Account.objects.get(pk=accounts[0].pk).tier == tier


def test_late_terms_and_planned_ones_are_not_overwritten(team):
    priya, helen, tier, service, accounts = team
    late = new_terms(tier, service, **{"from": "2030-04-01"})
    made = apply_scenario(scenario(late, move(accounts[:1], priya, helen.pk)), by=BY)
    assert made.outcome["said"][1] == "1 Apr 2030 is over: the terms of Top stay as they are."
    set_terms(tier, by=BY, starts_on=NEXT, terms=[terms(service.pk, hours=9)])
    half_way = scenario(move(accounts[1:], priya, helen.pk), new_terms(tier, service))
    with pytest.raises(TermsRefused, match="other terms planned from 1 Jul 2030"):
        apply_scenario(half_way, by=BY)
    assert owners(accounts) == [helen.pk, priya.pk, priya.pk]


def test_words_of_the_steps_are_kept_as_they_were_applied(here, team):
    priya, helen, *_ = team
    one = scenario({"do": "lose_csm", "csm": priya.pk, "to": [helen.pk]})
    made = apply_scenario(one, by=BY)
    assert said_on_page(here, one) == ["Without Priya: 3 accounts to Helen"]
    undo_scenario(made, by=BY)
    Account.objects.filter(owner=priya).update(owner=None)
    assert said_on_page(here, one) == ["Without Priya: 3 accounts to Helen"]


def said_on_page(here, one):
    page = client_of(here.members["executive"]).get(here.url(f"capacity/scenarios/{one.pk}/"))
    return [line.text for line in page.context["steps"]]


def test_threshold_moves_tiers(team):
    _, _, tier, _, accounts = team
    rest, _ = promise("Rest", 2, 2, entry="rest")
    for one, arr in zip(accounts, (50, 30, 20), strict=True):
        Account.objects.filter(pk=one.pk).update(arr=arr, tier=rest)
    made = apply_scenario(scenario({"do": "threshold", "tier": tier.pk, "share": "80"}), by=BY)
    tiers = list(
        Account.objects.filter(pk__in=[a.pk for a in accounts]).order_by("pk").values_list("tier", flat=True)
    )
    assert tiers == [tier.pk, tier.pk, rest.pk]
    assert made.change_set.values.filter(field="tier", account__in=accounts).count() == 2


def test_only_chosen_moves_are_made(team):
    priya, helen, _, _, accounts = team
    one = scenario(*[move([a], priya, helen.pk) for a in accounts])
    made = apply_scenario(one, by=BY, chosen=[0, 2, 99])
    assert owners(accounts) == [helen.pk, priya.pk, helen.pk]
    assert made.outcome["chosen"] == [0, 2, 99]


def test_proposal_takes_no_steps(team):
    one = Scenario.objects.create(name="Balance", kind="proposal", steps=[], actor="Test")
    with pytest.raises(ScenarioRefused, match="only the moves that were found"):
        actions.add_step(one, ADD, by=BY)
    one.refresh_from_db()
    assert one.steps == []


def test_steps_are_limited_and_kept_in_order(team):
    one = actions.create_scenario(by=BY, name="Long")
    for _ in range(actions.MOST_STEPS):
        one = actions.add_step(one, ADD, by=BY)
    with pytest.raises(ScenarioRefused, match="50 steps at most"):
        actions.add_step(one, ADD, by=BY)
    with pytest.raises(ScenarioRefused, match="not there any more"):
        actions.remove_step(one, 50, by=BY)
    assert actions.rename_scenario(one, by=BY, name="Longer").version == 52


def test_proposal_is_worked_out_by_a_job(here, team, django_capture_on_commit_callbacks, settings):
    priya = team[0]
    settings.JOBS_INLINE = True
    from playbooks.capacity.actions import set_capacity

    set_capacity(priya, by=BY, hours_per_week=4)
    with django_capture_on_commit_callbacks(execute=True):
        one = actions.request_proposal(by=BY, quarter=NEXT)
        assert actions.request_proposal(by=BY, quarter=NEXT).pk == one.pk
    one.refresh_from_db()
    assert Job.objects.get(pk=one.job_id).result == {"moves": 1}
    assert (len(one.steps), one.steps[0]["to"]) == (1, here.members["csm"].pk)
    assert one.outcome["is_optimal"] is True
    assert one.outcome["texts"][1] == "Moving 1 account takes all of it away."
