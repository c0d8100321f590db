"""What starts generation: a new day, a change of accounts or terms, a report; also two at once."""

import threading
import time
from datetime import date

import pytest
from django.db import OperationalError, connection, transaction

from accounts.accounts.actions import change_owner
from accounts.accounts.models import Account
from csworkspace.audit.actor import SYSTEM
from csworkspace.events.registry import announce
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.database import open_workspace
from playbooks.services.actions import lock_open
from playbooks.services.generating import MOVED, generate_occurrences
from playbooks.services.models import ServiceOccurrence
from playbooks.services.tasks import start_daily
from tests.kit import BY, make_world
from tests.playbooks.kit import TODAY
from tests.playbooks.services.kit import UNTIL, make_occurrence, make_service, make_tier, place, promise

LONG_BEFORE = date(2020, 1, 1)


@pytest.fixture
def top(here):
    """A tier with a QBR a quarter; the account of `here` is in it."""
    tier = make_tier()
    promise(tier, LONG_BEFORE, [(make_service(), 1, "quarter")])
    place(here.account, tier, LONG_BEFORE)
    return tier


def run(here, job):
    """Run a job as a worker does, with no workspace open before."""
    status = run_job(here.workspace.pk, job.pk)
    here.open()
    return status


def test_the_day_is_started_once_in_each_workspace(here, elsewhere):
    start_daily()
    start_daily()
    for world in (here, elsewhere):
        world.open()
        assert [(job.kind, job.key) for job in Job.objects.all()] == [("services.daily", f"daily:{TODAY}")]


def test_the_daily_job_makes_what_is_owed_here_alone(here, elsewhere, top):
    job = start_job("services.daily", "x", by=SYSTEM)
    assert run(here, job) == "succeeded"
    assert (ServiceOccurrence.objects.count(), Job.objects.get(pk=job.pk).result["accounts"]) == (6, 1)
    elsewhere.open()
    assert ServiceOccurrence.objects.count() == 0


def test_changed_accounts_and_no_others_are_brought_in_step(here, top):
    other = Account.objects.create(name="Other")
    place(other, top, LONG_BEFORE)
    change_owner(here.account, by=BY, owner=here.members["admin"])
    job = Job.objects.get(kind="services.refresh")
    assert job.args == {"account_ids": [here.account.pk]}
    assert run(here, job) == "succeeded"
    assert set(ServiceOccurrence.objects.values_list("account", flat=True)) == {here.account.pk}


def test_changed_terms_bring_the_tiers_accounts_in_step(here, top):
    Account.objects.create(name="In no tier")
    announce("tiers.changed", by=BY, tier_id=top.pk)
    job = Job.objects.get(kind="services.terms")
    assert (run(here, job), Job.objects.get(pk=job.pk).result["accounts"]) == ("succeeded", 1)
    assert ServiceOccurrence.objects.count() == 6


def test_an_issued_report_delivers_through_its_job_once(here, top):
    owed = make_occurrence(here.account, make_service("Review", "qbr"))
    for _ in range(2):
        announce(
            "reports.issued",
            by=BY,
            account_id=here.account.pk,
            report_id=4,
            report_kind="qbr",
            period="2030-Q2",
            issued_on="2030-06-30",
            report_title="Quarterly business review, Q2 2030",
        )
    jobs = list(Job.objects.filter(kind="services.report").order_by("id"))
    assert [run(here, job) for job in jobs] == ["succeeded", "succeeded"]
    assert [Job.objects.get(pk=job.pk).result["delivered"] for job in jobs] == [owed.pk, None]


@pytest.mark.django_db(transaction=True)
def test_two_generations_at_once_make_each_service_once():
    with transaction.atomic():
        world = make_world("home")
        tier = make_tier()
        promise(tier, LONG_BEFORE, [(make_service(f"S {n}", "other"), 1, "month") for n in range(3)])
        accounts = [world.account, *(Account.objects.create(name=f"A {n}") for n in range(20))]
        for account in accounts:
            place(account, tier, LONG_BEFORE)
    made: list[int] = []
    ready = threading.Barrier(2)

    def generate(ids: list[int]) -> None:
        try:
            with open_workspace(world.workspace.pk):
                ready.wait(10)
                made.append(generate_occurrences(ids, until=UNTIL, by=BY))
        finally:
            connection.close()

    ids = [account.pk for account in accounts]
    threads = [threading.Thread(target=generate, args=[some]) for some in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with open_workspace(world.workspace.pk):
        rows = list(ServiceOccurrence.objects.values_list("account", "service", "period"))
    # 15 months: from May 2029, the month that 400 days reach back to, to July 2030.
    assert (len(made), sum(made), len(rows), len(set(rows))) == (2, 945, 945, 945)


@pytest.mark.django_db(transaction=True)
def test_a_generation_and_a_person_who_delivers_many_wait_for_each_other():
    with transaction.atomic():
        world = make_world("home")
        plan, call = (make_service(name, "other") for name in ("Plan", "Call"))
        follows = make_occurrence(world.account, call, owner=world.members["admin"])
        moved = make_occurrence(world.account, plan, period="renewal 2030-08-01")
    failed: list[Exception] = []

    def generate() -> None:
        try:
            with open_workspace(world.workspace.pk):
                generate_occurrences([world.account.pk], until=UNTIL, by=BY)
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=generate)
    with open_workspace(world.workspace.pk), transaction.atomic():
        lock_open(follows.pk)
        thread.start()
        wait_until_somebody_waits()
        # A generation that took the waived one before the one that follows would wait for us, and we for it.
        lock_open(moved.pk)
    thread.join(30)
    assert failed == []
    with open_workspace(world.workspace.pk):
        moved.refresh_from_db()
        follows.refresh_from_db()
    assert (moved.waived_reason, follows.owner_id) == (MOVED, world.members["csm"].pk)


def wait_until_somebody_waits() -> None:
    """Until a statement waits for a lock of ours; ten seconds at most."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.1)
    raise AssertionError("Nobody waits.")
