"""What was agreed with whom: benchmarks, plans and the customers' own numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.accounts.models import Account
from accounts.contacts.models import Contact, ContactRole
from accounts.metrics.actions import enter_measurement
from accounts.metrics.models import Measurement, Metric
from accounts.metrics.queries import value_on
from csworkspace.audit.actor import Actor
from playbooks.benchmarks.actions import take_benchmark
from playbooks.benchmarks.models import Benchmark
from playbooks.frameworks.assessing import record_answer
from playbooks.frameworks.models import Answer, Behaviour, Evidence
from playbooks.plans.actions import activate_plan, create_plan, share_plan
from playbooks.plans.content import add_objective, add_practice, add_target, edit_target, mark_practice
from playbooks.plans.models import Objective, Plan, Side, Target

BEGAN, ENDS = 230, 130


@dataclass(frozen=True)
class Aim:
    """A target: a metric's key, and its aim as a multiple of the baseline or as a number."""

    metric: str
    times: str = ""
    value: str = ""


@dataclass(frozen=True)
class Story:
    """A plan: the customer's objectives with their aims, and the months of outcome numbers."""

    account: str
    title: str
    objectives: tuple[tuple[str, tuple[Aim, ...]], ...]
    outcomes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    revised: bool = False
    shared: bool = True


FIX_RATE, HOURS, USERS = "first-visit-fix-rate", "planning-hours", "monthly-users"
STORIES = (
    Story(
        "Brightwell Energy",
        "From one visit in four wasted to one in six",
        (
            (
                "We go back to one in four sites a second time. Halve that waste.",
                (Aim(FIX_RATE, value="84"),),
            ),
            ("Every engineer works from the app, in all six depots.", (Aim(USERS, times="1.3"),)),
            (
                "No paper in the vans: every job is closed on the phone.",
                (Aim("jobs-in-the-field", times="1.25"),),
            ),
        ),
        ((FIX_RATE, ("72.5", "73.1", "74.0", "75.8", "77.2", "78.4", "79.6", "80.3")),),
    ),
    Story(
        "Northgate Facilities",
        "One board for four regions",
        (
            ("All four regions plan on one board.", (Aim(USERS, times="1.1"),)),
            ("Fix it on the first visit.", (Aim(FIX_RATE, value="80"),)),
        ),
        ((FIX_RATE, ("70.2", "71.0", "72.6", "73.5", "73.9", "74.2", "74.4", "74.6")),),
        revised=True,
    ),
    Story(
        "Calder Water",
        "Proof of every visit",
        (
            (
                "The auditors get proof of every visit without asking us twice.",
                (Aim("jobs-in-the-field", times="1.15"),),
            ),
            ("Keep what we have won: everybody stays on the board.", (Aim(USERS, times="1"),)),
        ),
    ),
    Story(
        "Meridian Lifts",
        "Back on the board",
        (
            (
                "Planners stop phoning and trust the board.",
                (Aim(USERS, times="1.2"), Aim("breadth", value="9")),
            ),
        ),
    ),
    Story(
        "Sundby Elektro",
        "Planning in half the time",
        (
            ("Plan a week before lunch on Friday.", (Aim(HOURS, value="7"),)),
            ("Bring the new depots in.", (Aim(USERS, times="1.25"),)),
        ),
        ((HOURS, ("12.4", "11.9", "10.8", "9.7", "9.1", "8.2", "7.6", "7.1")),),
    ),
    Story(
        "Kestrel Rail Services",
        "A second start after the reorganisation",
        (
            (
                "Get the night crews back into the app.",
                (Aim(USERS, times="1.6"), Aim("jobs-in-the-field", times="1.5")),
            ),
        ),
    ),
    Story(
        "Atelier Thermique",
        "Less planning, same service",
        (
            ("Our planners should plan, not copy.", (Aim(HOURS, value="8"),)),
            ("Heating season without overtime.", (Aim("automated-dispatches", times="1.2"),)),
        ),
        ((HOURS, ("13.0", "12.6", "12.2", "11.7", "11.5", "10.9", "10.6", "10.2")),),
    ),
    Story(
        "Port of Valdane",
        "Ready for the season",
        (("Every berth crew reports from the quay.", (Aim(USERS, times="1.3"),)),),
        shared=False,
    ),
)
SMALLER = (
    "Aurelia Cooling",
    "Bellweather Solar",
    "Corran Marine",
    "Saltmarsh Wind",
    "Fairhaven Hospitals",
    "Alder & Pine Gardens",
    "Dunmore Dairies",
    "Ironbridge Boilers",
)


def all_stories() -> list[Story]:
    """The told stories, and a short one for some smaller customers."""
    short = [
        Story(
            name,
            "More of the team on board",
            (("Everyone who plans or drives uses it.", (Aim(USERS, times="1.2"),)),),
        )
        for name in SMALLER
    ]
    return [*STORIES, *short]


def answer_questions(by: Actor) -> None:
    """The CSMs' answers to what no event can show."""
    accounts = Account.objects.filter(name__in=[story.account for story in STORIES])
    for behaviour in Behaviour.objects.filter(evidence=Evidence.ANSWER, answers=None):
        for account in accounts.exclude(name="Meridian Lifts"):
            answer = record_answer(account, behaviour, by=by, holds=True, note="Said in the monthly call.")
            # As if it had been answered when the plan was young, so that last quarter's reports know it.
            Answer.objects.filter(pk=answer.pk).update(
                answered_at=timezone.now() - timedelta(days=BEGAN - 40)
            )


def report_outcomes(story: Story, account: Account, today: date, by: Actor) -> None:
    """The customer's own numbers, one a month."""
    for key, values in story.outcomes:
        metric = Metric.objects.get(key=key)
        if Measurement.objects.filter(account=account, metric=metric).exists():
            continue
        for number, value in enumerate(values):
            day = today - timedelta(days=BEGAN - 30 * number)
            if day <= today:
                enter_measurement(account, metric, day, Decimal(value), by=by, note="From the monthly call.")


def agree(story: Story, today: date, by: Actor) -> Plan | None:
    """The benchmark and the plan of one story, unless there is a plan."""
    account = Account.objects.select_related("owner").get(name=story.account)
    if Plan.objects.filter(account=account).exists():
        return None
    report_outcomes(story, account, today, by)
    began, ends = today - timedelta(days=BEGAN), today + timedelta(days=ENDS)
    benchmark = Benchmark.objects.filter(account=account).first() or take_benchmark(
        account,
        by=by,
        on=began,
        answers=[("What made you look for us?", account.reason_bought)],
        note="Taken in the kick-off workshop.",
    )
    plan = create_plan(
        account,
        by=by,
        title=story.title,
        starts_on=began,
        ends_on=ends,
        owner=account.owner,
        customer_owner=Contact.objects.filter(account=account, role=ContactRole.CHAMPION).first(),
        benchmark=benchmark,
    )
    for words, aims in story.objectives:
        objective = add_objective(plan, by=by, words=words)
        for aim in aims:
            aim_at(plan, objective, aim, by)
    add_steps(plan, account, today, by)
    activate_plan(plan, by=by)
    if story.shared:
        share_plan(plan, by=by)
    if story.revised:
        revise(plan, by)
    return plan


def aim_at(plan: Plan, objective: Objective, aim: Aim, by: Actor) -> None:
    """One target from the benchmark's value to the aim."""
    metric = Metric.objects.get(key=aim.metric)
    point = value_on(plan.account_id, metric.pk, plan.starts_on)
    baseline = point.value if point else Decimal(0)
    value = Decimal(aim.value) if aim.value else (baseline * Decimal(aim.times)).quantize(Decimal(1))
    add_target(
        objective,
        metric,
        by=by,
        baseline=baseline,
        value=value,
        starts_on=plan.starts_on,
        due_on=plan.ends_on,
        checkpoints=[],
    )


def add_steps(plan: Plan, account: Account, today: date, by: Actor) -> None:
    """Practices on both sides: done, due and overdue."""
    champion = Contact.objects.filter(account=account, role=ContactRole.CHAMPION).first()
    steps = [
        ("Train the depot leads on the board", Side.US, -150, -160),
        ("Name one person per depot who owns the data", Side.CUSTOMER, -90, -84),
        ("Review utilisation with the team every month", Side.CUSTOMER, -10, None),
        ("Set up the first three dispatch rules together", Side.US, 21, None),
        ("Agree what the ERP hands over, and when", Side.CUSTOMER, 60, None),
    ]
    for title, side, due, done in steps:
        practice = add_practice(
            plan,
            by=by,
            title=title,
            side=side,
            owner=account.owner if side == Side.US else None,
            contact=champion if side == Side.CUSTOMER else None,
            due_on=today + timedelta(days=due),
        )
        if done is not None:
            mark_practice(practice, by=by, done_on=today + timedelta(days=done))


def revise(plan: Plan, by: Actor) -> None:
    """A revision with its reason, as it happens half-way."""
    target = (
        Target.objects.filter(objective__plan=plan, metric__key=FIX_RATE)
        .select_related("metric", "objective__plan")
        .get()
    )
    edit_target(
        target,
        by=by,
        reason="The south region joins only in spring; we agreed to aim for 78 % until then.",
        baseline=target.baseline,
        value=Decimal(78),
        starts_on=target.starts_on,
        due_on=target.due_on,
        checkpoints=[],
    )
