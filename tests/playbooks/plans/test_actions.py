"""The life of a plan, and changes to what it agrees."""

from datetime import date
from decimal import Decimal as D

import pytest

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.audit.models import AuditEntry
from csworkspace.jobs.models import Job
from playbooks.plans import actions, content
from playbooks.plans.change import CONFLICT, PlanClosed, PlanConflict, ReasonMissing
from playbooks.plans.models import Plan, PlanState, Practice, Revision
from playbooks.plans.progress import Checkpoint
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago, make_metric


def last_entry():
    return AuditEntry.objects.order_by("-id").first()


def test_empty_draft_says_what_is_missing(here):
    plan = actions.create_plan(here.account, by=BY, title="P", starts_on=ago(1), ends_on=TODAY)
    content.add_objective(plan, by=BY, words="Be quick")
    with pytest.raises(actions.NotReady) as refused:
        actions.activate_plan(plan, by=BY)
    assert refused.value.problems == [
        "Objective 1 has no target: add a number that will show whether it is reached.",
        "Name who owns the plan on our side.",
    ]
    content.remove_objective(plan.objectives.get(), by=BY)
    assert actions.problems_of(plan)[0] == "Add at least one objective, in the customer's words."


def test_plan_ends_after_it_starts(here):
    with pytest.raises(ValueError, match="must end after it starts"):
        actions.create_plan(here.account, by=BY, title="P", starts_on=TODAY, ends_on=TODAY)


def test_owner_at_the_customer_is_one_of_this_account(here):
    stranger = Contact.objects.create(account=Account.objects.create(name="Other"), name="Eve")
    with pytest.raises(ValueError, match="contact of this account"):
        actions.create_plan(
            here.account, by=BY, title="P", starts_on=ago(1), ends_on=TODAY, customer_owner=stranger
        )


def test_baseline_from_the_benchmark_remembers_its_day(draft):
    assert (draft.target.baseline, draft.target.baseline_on) == (40, ago(50))
    typed = content.add_target(
        content.add_objective(draft.plan, by=BY, words="Second"),
        draft.metric,
        by=BY,
        baseline=D(39),
        value=D(60),
        starts_on=ago(50),
        due_on=TODAY,
    )
    assert typed.baseline_on is None


def test_draft_changes_freely_and_without_revisions(draft):
    version = draft.plan.version
    content.edit_objective(draft.objective, by=BY, words="Close in three days", version=version)
    assert Revision.objects.count() == 0
    draft.plan.refresh_from_db()
    assert draft.plan.version == version + 1
    entry = last_entry()
    assert (entry.verb, entry.before, entry.after) == (
        "edited",
        {"Objective 1": "Close the books in five days"},
        {"Objective 1": "Close in three days"},
    )


def test_activation_follows_the_plan_and_tells_the_book(active):
    assert active.plan.state == PlanState.ACTIVE
    assert last_entry().verb == "activated"
    assert list(Job.objects.filter(kind="attention.refresh").values_list("args", flat=True)) == [
        {"account_ids": [active.plan.account_id]}
    ]
    with pytest.raises(actions.NotDraft):
        actions.activate_plan(active.plan, by=BY)


def test_one_active_plan_per_account(here, active):
    other = actions.create_plan(
        here.account, by=BY, title="Second", starts_on=ago(1), ends_on=TODAY, owner=here.members["csm"]
    )
    objective = content.add_objective(other, by=BY, words="More")
    content.add_target(
        objective, active.metric, by=BY, baseline=D(1), value=D(2), starts_on=ago(1), due_on=TODAY
    )
    with pytest.raises(actions.NotReady, match="Close the active plan “Faster close” first"):
        actions.activate_plan(other, by=BY)


def test_change_to_an_active_plan_needs_a_reason_and_is_kept(active):
    terms = {"baseline": D(40), "value": D(55), "starts_on": ago(50), "due_on": ago(-50)}
    with pytest.raises(ReasonMissing):
        content.edit_target(active.target, by=BY, reason="  ", **terms)
    active.target.refresh_from_db()
    assert active.target.value == 60
    content.edit_target(active.target, by=BY, reason="Hiring is frozen", **terms)
    revision = Revision.objects.get()
    assert (revision.number, revision.reason, revision.actor) == (1, "Hiring is frozen", "Test")
    assert revision.changes == [
        {
            "field": "Target: Users",
            "before": "from 40\u00a0users on 11 May 2030 to 60\u00a0users by 19 Aug 2030",
            "after": "from 40\u00a0users on 11 May 2030 to 55\u00a0users by 19 Aug 2030",
        }
    ]
    assert (last_entry().verb, last_entry().after["Reason"]) == ("revised", "Hiring is frozen")


def test_no_difference_leaves_no_trace(active):
    entries = AuditEntry.objects.count()
    content.edit_objective(active.objective, by=BY, words=active.objective.words)
    assert (AuditEntry.objects.count(), Revision.objects.count()) == (entries, 0)


def test_two_people_at_once_get_a_conflict(active):
    seen = active.plan.version
    content.edit_objective(active.objective, by=BY, words="First", version=seen, reason="A")
    with pytest.raises(PlanConflict, match="Somebody else changed this plan"):
        content.edit_objective(active.objective, by=BY, words="Second", version=seen, reason="B")
    active.objective.refresh_from_db()
    assert active.objective.words == "First"
    assert "Nothing of yours was saved" in CONFLICT


def test_removals_and_additions_are_revisions_too(active):
    content.add_practice(active.plan, by=BY, title="Train", due_on=date(2030, 7, 31), reason="One")
    content.remove_target(active.target, by=BY, reason="Two")
    content.remove_objective(active.objective, by=BY, reason="Three")
    kept = [(item.number, item.reason, item.changes) for item in Revision.objects.order_by("number")]
    line = "from 40\u00a0users on 11 May 2030 to 60\u00a0users by 19 Aug 2030"
    assert kept == [
        (1, "One", [{"field": "Practice", "before": "", "after": "Train (customer, by 31 Jul 2030)"}]),
        (2, "Two", [{"field": "Target: Users", "before": line, "after": ""}]),
        (3, "Three", [{"field": "Objective 1", "before": "Close the books in five days", "after": ""}]),
    ]


def test_ticking_a_practice_off_is_no_revision(active):
    practice = content.add_practice(active.plan, by=BY, title="Train", reason="One")
    content.mark_practice(practice, by=BY, done_on=TODAY)
    practice.refresh_from_db()
    assert (practice.done_on, Revision.objects.count()) == (TODAY, 1)
    content.mark_practice(practice, by=BY, done_on=None)
    practice.refresh_from_db()
    assert practice.done_on is None


def test_editing_a_practice_keeps_a_tick_that_came_in_between(active):
    seen = content.add_practice(active.plan, by=BY, title="Train", reason="One")
    content.mark_practice(Practice.objects.get(), by=BY, done_on=TODAY)
    content.edit_practice(seen, by=BY, title="Train everybody", reason="Two")
    kept = Practice.objects.get()
    assert (kept.title, kept.done_on) == ("Train everybody", TODAY)


def test_sharing_is_for_active_plans_and_can_end(draft):
    with pytest.raises(actions.NotReady, match="Activate the plan before"):
        actions.share_plan(draft.plan, by=BY)
    actions.activate_plan(draft.plan, by=BY)
    first = actions.share_plan(draft.plan, by=BY).shared_at
    assert actions.share_plan(draft.plan, by=BY).shared_at == first
    assert AuditEntry.objects.filter(verb="shared").count() == 1
    assert actions.stop_sharing(draft.plan, by=BY).shared_at is None


def test_closed_plan_is_history(active):
    with pytest.raises(actions.NotReady, match="Say how the plan ended"):
        actions.close_plan(active.plan, by=BY, note=" ")
    actions.close_plan(active.plan, by=BY, note="Reached in June")
    plan = Plan.objects.get()
    assert (plan.state, plan.closing_note) == ("closed", "Reached in June")
    for change in (
        lambda: content.edit_objective(active.objective, by=BY, words="X", reason="Y"),
        lambda: content.add_practice(plan, by=BY, title="X", reason="Y"),
        lambda: actions.close_plan(plan, by=BY, note="Again"),
        lambda: actions.share_plan(plan, by=BY),
        lambda: actions.activate_plan(plan, by=BY),
    ):
        with pytest.raises(PlanClosed):
            change()


def test_only_a_draft_is_discarded(active):
    with pytest.raises(actions.NotDraft):
        actions.discard_plan(active.plan, by=BY)


def test_discarded_draft_is_gone_but_not_its_audit(draft):
    actions.discard_plan(draft.plan, by=BY)
    assert Plan.objects.count() == 0
    assert (last_entry().verb, last_entry().before) == ("discarded", {"title": "Faster close"})


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"starts_on": date(202, 6, 30)}, "between 1990 and 2100"),
        ({"due_on": date(9999, 12, 31)}, "between 1990 and 2100"),
        ({"due_on": ago(50)}, "must be due after it starts"),
        ({"value": D(39)}, "the target cannot be below the baseline"),
        ({"checkpoints": [Checkpoint(ago(50), D(45))]}, "between the start and the due date"),
        ({"checkpoints": [Checkpoint(ago(-50), D(45))]}, "between the start and the due date"),
        ({"checkpoints": [Checkpoint(ago(5), D(45)), Checkpoint(ago(5), D(46))]}, "on the same day"),
    ],
)
def test_terms_that_do_not_fit_are_refused(draft, terms, message):
    good = {"baseline": D(40), "value": D(60), "starts_on": ago(50), "due_on": ago(-50)}
    with pytest.raises(ValueError, match=message):
        content.edit_target(draft.target, by=BY, **{**good, **terms})


def test_down_is_good_targets_go_down(draft):
    days = make_metric("days", direction="down")
    good = {"baseline": D(9), "starts_on": ago(50), "due_on": ago(-50)}
    with pytest.raises(ValueError, match="Lower is better for Days, so that the target cannot be above"):
        content.add_target(draft.objective, days, by=BY, value=D(10), **good)
    assert content.add_target(draft.objective, days, by=BY, value=D(9), **good).value == 9


def test_one_target_per_metric_and_objective(draft):
    with pytest.raises(ValueError, match="has a target for Users already"):
        content.add_target(
            draft.objective, draft.metric, by=BY, baseline=D(1), value=D(2), starts_on=ago(1), due_on=TODAY
        )


@pytest.mark.parametrize(
    ("baseline", "direction", "proposed"),
    [
        (D(40), "up", D(48)),
        (D(9), "down", D(7)),
        (D("4.5"), "down", D("3.60")),
        (D(-10), "up", D(-8)),
        (D(0), "up", None),
        (None, "up", None),
    ],
)
def test_proposed_target_is_a_fifth_better(here, baseline, direction, proposed):
    assert content.propose_target(baseline, make_metric(direction=direction)) == proposed
