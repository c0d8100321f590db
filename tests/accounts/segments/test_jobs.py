"""Keeping up in the background: what starts it, how much it does, and two at once."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.actions import create_account
from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from accounts.segments import jobs
from accounts.segments.actions import create_segment, refresh_segments
from accounts.segments.models import Segment, SegmentStay
from accounts.segments.tasks import start_daily
from csworkspace.events.registry import announce
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.tenancy.database import enter_workspace, open_workspace
from tests.accounts.segments.makers import condition, definition
from tests.kit import BY, make_world

UNPLANNED = definition(condition("plan", "in", ["none"]))


def waiting(kind):
    return list(Job.objects.filter(kind=kind, status="queued").order_by("pk"))


@pytest.mark.parametrize(
    "event",
    ["accounts.changed", "measurements.changed", "standing.changed", "services.changed", "book.changed"],
)
def test_everything_that_moves_accounts_starts_it(here, event):
    announce(event, by=BY, account_ids=[here.account.pk])
    (job,) = waiting("segments.refresh")
    assert job.args == {"account_ids": [here.account.pk]}


def test_a_new_account_enters(here, elsewhere):
    segment = create_segment(by=BY, name="Unplanned", definition=UNPLANNED)
    account = create_account(by=BY, name="New one")
    assert [run_job(here.workspace.pk, job.pk) for job in waiting("segments.refresh")] == ["succeeded"]
    here.open()
    assert list(SegmentStay.objects.filter(segment=segment).values_list("account_id", flat=True)) == [
        account.pk
    ]


def test_many_accounts_become_one_pass_over_all(here, monkeypatch):
    monkeypatch.setattr(jobs, "MANY", 2)
    create_segment(by=BY, name="Unplanned", definition=UNPLANNED)
    for _ in range(3):
        announce("accounts.changed", by=BY, account_ids=[1, 2, 3])
    for job in waiting("segments.refresh"):
        assert run_job(here.workspace.pk, job.pk) == "succeeded"
        here.open()
    (all_of_them,) = waiting("segments.all")
    assert run_job(here.workspace.pk, all_of_them.pk) == "succeeded"


def test_the_day_is_started_once_in_each_workspace(here, elsewhere):
    start_daily()
    start_daily()
    for world in (here, elsewhere):
        world.open()
        assert len(waiting("segments.daily")) == 1
    here.open()
    create_segment(by=BY, name="Unplanned", definition=UNPLANNED)
    BookRow.objects.update(plan_status="ahead")
    (job,) = waiting("segments.daily")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    here.open()
    assert Segment.objects.get().size == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_neither_fail_nor_double():
    with transaction.atomic():
        world = make_world("northwind")
        Account.objects.bulk_create(Account(name=f"A{number}") for number in range(200))
        segment = create_segment(by=BY, name="Unplanned", definition=UNPLANNED)
        refresh_book()
    failed = []

    def work():
        try:
            with open_workspace(world.workspace.pk):
                refresh_segments(by=BY)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        enter_workspace(world.workspace.pk)
        stays = SegmentStay.objects.filter(segment=segment)
        assert (failed, stays.count(), Segment.objects.get().size) == ([], 201, 201)
