"""Looking for a proposal in the background."""

from datetime import date
from typing import Any

from csworkspace.jobs.registry import JobRefused, job
from csworkspace.jobs.runner import Run
from csworkspace.tenancy.clock import today
from playbooks.capacity.arithmetic import quarter_of
from playbooks.capacity.models import Scenario
from playbooks.capacity.proposing import longest_ago, propose
from playbooks.capacity.queries import attributes_of, owned_since, read_state
from playbooks.capacity.scenario_actions import keep_proposal


@job("capacity.balance", stepwise=True)
def balance_books(run: Run, scenario_id: int) -> dict[str, Any]:
    """Read in one transaction, think outside of any, write in another."""
    with run.step():
        scenario = Scenario.objects.filter(pk=scenario_id).first()
        if scenario is None:
            raise JobRefused("The proposal was deleted before it was made.")
        state = read_state(today())
        attributes = attributes_of(list(state.accounts))
        since = owned_since(longest_ago(state.today))
    number = quarter_of(state.quarters, date.fromisoformat(scenario.outcome["quarter"]))
    if number is None:
        raise JobRefused("That quarter is over. Ask for a proposal for this quarter or a later one.")
    run.progress(20, "Looking for the least movement")
    steps, outcome = propose(state, number, attributes, since)
    with run.step():
        keep_proposal(scenario_id, steps, outcome)
    return {"moves": len(steps)}
