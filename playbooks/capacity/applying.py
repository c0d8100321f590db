"""Making a scenario real: owners, tiers and terms in one transaction, and taking them back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.changes.actions import apply_changes, undo_changes
from accounts.changes.models import ChangeSet
from accounts.tiers.actions import remove_version, set_terms
from accounts.tiers.checks import TermsRefused, TierRefused
from accounts.tiers.models import Tier, TierVersion
from accounts.tiers.terms import terms_of_tiers
from csworkspace.audit.actions import record
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today
from csworkspace.web import times
from csworkspace.web.formats import plural
from csworkspace.web.versions import check_version
from playbooks.capacity.comparing import compare
from playbooks.capacity.models import Scenario, ScenarioKind
from playbooks.capacity.queries import read_state_for
from playbooks.capacity.scenario_actions import ScenarioRefused, lock, lock_open, mark_applied
from playbooks.capacity.state import State
from playbooks.capacity.steps import Applied, Step, apply_steps, changes_between, terms_steps, terms_with
from playbooks.capacity.words import step_words


@transaction.atomic
def apply_scenario(
    scenario: Scenario, *, by: Actor, version: int | None = None, chosen: Sequence[int] | None = None
) -> Scenario:
    """Make the steps real (all, or the chosen ones, counted from 0); all of it or nothing.

    What does not fit any more is left out, and the outcome says so. Raises ScenarioRefused when it was
    applied before or would change nothing, TermsRefused, and Conflict.
    """
    scenario = lock_open(scenario, version)
    steps = [step for n, step in enumerate(scenario.steps) if chosen is None or n in set(chosen)]
    state = read_state_for(steps, today())
    applied = apply_steps(state, steps, step_words)
    changes, waiting = changes_between(state, applied.state)
    title = f"Scenario: {scenario.name}"
    change_set = apply_changes("scenario", title, changes, by=by, reason=title) if changes else None
    versions, texts = write_terms(state, steps, by)
    if not versions and (change_set is None or not change_set.made):
        raise ScenarioRefused(" ".join(["Nothing would change.", *texts, *applied.all_notices]))
    outcome = {
        **scenario.outcome,
        "chosen": None if chosen is None else sorted(set(chosen)),
        "versions": versions,
        "comparison": compare(state, applied.state),
        # Said again later, they would speak of accounts that have moved by then.
        "words": applied.texts if scenario.kind == ScenarioKind.WHAT_IF else [],
        "said": [*made_words(change_set), *texts, *left_words(state, applied, steps, waiting)],
    }
    mark_applied(scenario, by, outcome=outcome, change_set=change_set)
    record("applied", scenario, by=by, after={"steps": len(steps), "result": " ".join(outcome["said"])})
    return scenario


def write_terms(state: State, steps: Sequence[Step], by: Actor) -> tuple[list[int], list[str]]:
    """New versions of tiers whose terms the steps change: their ids, and what is said of them."""
    versions, texts = [], []
    for (tier_id, first), changes in terms_steps(steps).items():
        tier = Tier.objects.filter(pk=tier_id, retired_at=None).first()
        if tier is None:
            continue
        if first <= state.today:
            texts.append(f"{times.day(first)} is over: the terms of {tier.name} stay as they are.")
            continue
        if tier.versions.filter(starts_on=first).exists():
            raise TermsRefused(
                f"{tier.name} has other terms planned from {times.day(first)} already. "
                "Change or remove them on the tier’s page first."
            )
        version = write_version(tier, first, changes, by)
        if version.starts_on == first:
            versions.append(version.pk)
            texts.append(f"{tier.name} promises its new terms from {times.day(first)}.")
        else:
            texts.append(f"{tier.name} promises that already.")
    return versions, texts


def write_version(tier: Tier, first: date, changes: Sequence[Step], by: Actor) -> TierVersion:
    """What the tier promises on that day, with the changes; the version before, if they change nothing."""
    terms = terms_of_tiers(first).get(tier.pk, {})
    for step in changes:
        if step["service"] in terms:
            terms[step["service"]] = terms_with(terms[step["service"]], step)
    return set_terms(tier, by=by, starts_on=first, terms=list(terms.values()), note="From a scenario")


def made_words(change_set: ChangeSet | None) -> list[str]:
    """How many accounts were changed, and how many somebody else was faster with."""
    if change_set is None:
        return []
    late = change_set.asked - change_set.made
    made = f"{plural(change_set.made, 'change')} made to accounts."
    return [made, *([f"{plural(late, 'account')} had been changed by somebody else."] if late else [])]


def left_words(state: State, applied: Applied, steps: Sequence[Step], waiting: int) -> list[str]:
    """What a scenario cannot do by itself, and what did not fit any more."""
    said = []
    if waiting:
        names = ", ".join(step["name"] for step in steps if step["do"] == "add_csm")
        kept = f"{plural(waiting, 'account')} did not move to {names}"
        said.append(f"{kept}, who is not a member yet. Invite them first.")
    for step in steps:
        if step["do"] == "lose_csm" and step["csm"] in state.csms:
            name = state.name_of(step["csm"])
            said.append(f"{name} is still a member; an admin takes access away under Members.")
    return [*said, *applied.all_notices]


@transaction.atomic
def undo_scenario(scenario: Scenario, *, by: Actor, version: int | None = None) -> list[str]:
    """Take an applied scenario back: accounts that are still as it left them, and terms that have not
    begun; what came of it. Raises ScenarioRefused, Conflict."""
    scenario = lock(scenario)
    if not scenario.applied_at or "undone" in scenario.outcome:
        raise ScenarioRefused("Only a scenario that was applied can be undone, and only once.")
    check_version(scenario, version)
    said = undo_accounts(scenario, by) + undo_terms(scenario, by)
    scenario.outcome = {**scenario.outcome, "undone": by.label, "undone_at": timezone.now().isoformat()}
    scenario.version += 1
    scenario.save(update_fields=["outcome", "version"])
    record("undone", scenario, by=by, after={"result": " ".join(said)})
    return said


def undo_accounts(scenario: Scenario, by: Actor) -> list[str]:
    """Set accounts back, unless that was done already."""
    if scenario.change_set is None:
        return []
    try:
        undone = undo_changes(scenario.change_set, by=by)
    except ValueError:
        # On the page of the changes, perhaps in this very moment.
        return []
    kept = undone.made - undone.undone
    later = [f"{plural(kept, 'change')} stayed: somebody has changed these accounts since."] if kept else []
    return [f"{plural(undone.undone, 'change')} set back.", *later]


def undo_terms(scenario: Scenario, by: Actor) -> list[str]:
    """Remove the versions of terms that have not begun; those of a tier that was retired stay with it."""
    said = []
    ids: list[Any] = scenario.outcome.get("versions", [])
    for version in TierVersion.objects.select_related("tier").filter(pk__in=ids).order_by("-starts_on"):
        try:
            remove_version(version, by=by)
            said.append(f"{version.tier.name} keeps its former terms.")
        except (TermsRefused, TierRefused) as error:
            said.append(str(error))
    return said
