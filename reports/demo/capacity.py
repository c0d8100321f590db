"""How much time the demo company's CSMs have, when they are away, and a what-if that somebody saved."""

from datetime import date, timedelta
from decimal import Decimal

from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from playbooks.capacity.actions import add_absence, set_capacity
from playbooks.capacity.arithmetic import following, quarter_start
from playbooks.capacity.models import Absence, CsmCapacity, Scenario
from playbooks.capacity.queries import read_state
from playbooks.capacity.scenario_actions import add_step, create_scenario
from reports.demo.cast import customers

# First name → hours a week for the own book (the rest is support and projects), languages, regions.
TIME: dict[str, tuple[int, list[str], list[str]]] = {
    "Priya": (8, ["english"], []),
    "Tomás": (16, ["english", "french", "spanish"], ["uk", "france", "benelux"]),
    "Helen": (16, ["english", "dutch", "german"], ["dach", "benelux", "nordics"]),
    "Jonas": (16, ["english", "german"], ["dach", "nordics", "uk"]),
}
SCENARIO = "A fifth CSM for the Nordics"


def plan_capacity(today: date, by: Actor) -> None:
    """Priya is promised more than she has, the others have room."""
    people = {str(one).split()[0]: one for one in Membership.objects.select_related("user")}
    for name, (hours, languages, regions) in TIME.items():
        if not CsmCapacity.objects.filter(membership=people[name]).exists():
            set_capacity(
                people[name],
                by=by,
                hours_per_week=Decimal(hours),
                languages=languages,
                regions=regions,
            )
    if not Absence.objects.exists():
        note_absences(people, today, by)
    if not Scenario.objects.filter(name=SCENARIO).exists():
        save_scenario(people["Priya"], today, by)


def note_absences(people: dict[str, Membership], today: date, by: Actor) -> None:
    """Five weeks for Priya in the next quarter, one for Helen in the one after it."""
    soon = following(quarter_start(today))
    for name, first, weeks, note in (
        ("Priya", monday(soon + timedelta(days=21)), 5, "Parental leave"),
        ("Helen", monday(following(soon) + timedelta(days=14)), 1, "Holiday"),
    ):
        last = first + timedelta(days=7 * weeks - 3)
        add_absence(people[name], by=by, starts_on=first, ends_on=last, note=note)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def save_scenario(owner: Membership, today: date, by: Actor) -> None:
    """A CSM who is not hired yet takes over Priya's accounts in the Nordics."""
    nordic = {one.name for one in customers() if one.region == "Nordics"}
    accounts = read_state(today).accounts.values()
    moved = [[row.id, row.owner] for row in accounts if row.owner == owner.pk and row.name in nordic]
    scenario = create_scenario(by=by, name=SCENARIO)
    new = {"hours_per_week": "16", "meeting_share": "0.25", "leave_share": "0.15"}
    add_step(scenario, {"do": "add_csm", "id": -1, "name": "New CSM, Oslo", **new}, by=by)
    add_step(scenario, {"do": "move", "accounts": moved, "to": -1}, by=by)
