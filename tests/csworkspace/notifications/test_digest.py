"""The daily digest: whose turn, once a day, what it says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from csworkspace.calendar.workdays import WorkWeek
from csworkspace.jobs.actions import start_job
from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job as run
from csworkspace.mail.models import OutgoingMail
from csworkspace.notifications import digest, jobs
from csworkspace.notifications.actions import notify
from csworkspace.notifications.digest import Clocks, clocks_of, due_members, is_due, news_since
from csworkspace.notifications.models import DigestSetting, Notification
from csworkspace.notifications.registry import DigestLine, DigestPart, DigestSection, add_digest_part
from csworkspace.notifications.tasks import start_digests
from csworkspace.people.actions import deactivate_member
from csworkspace.people.models import Membership, User
from csworkspace.tenancy.models import Workspace
from tests.csworkspace.notifications.kit import prefer
from tests.kit import BY

THURSDAY, SATURDAY = date(2026, 11, 26), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("setting", "day", "hour", "due"),
    [
        ({}, THURSDAY, 7, True),
        ({}, THURSDAY, 6, False),
        ({}, THURSDAY, 23, True),
        ({}, SATURDAY, 9, False),
        ({"working_days_only": False}, SATURDAY, 9, True),
        ({"is_on": False}, THURSDAY, 9, False),
        ({"sent_on": THURSDAY}, THURSDAY, 9, False),
        ({"sent_on": THURSDAY - timedelta(days=1)}, THURSDAY, 9, True),
        ({"sent_on": THURSDAY + timedelta(days=1)}, THURSDAY, 9, False),
        ({"hour": 2}, THURSDAY, 3, True),  # the clocks skipped the hour
    ],
)
def test_when_a_digest_is_due(setting, day, hour, due):
    assert is_due(DigestSetting(**setting), Clocks(day, hour, WorkWeek())) is due


def at(monkeypatch, moment: datetime) -> None:
    for module in (jobs, digest):
        if hasattr(module, "timezone"):
            monkeypatch.setattr(module.timezone, "now", lambda: moment)


def run_job(world) -> int:
    """The job's work, as a run of it does it."""
    job = Job.objects.create(kind=jobs.KIND, title="x", actor="System")
    run(world.workspace.pk, job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.error
    return job.result["sent"]


@pytest.fixture
def world(here, monkeypatch):
    """Oslo, at 8 on a Thursday, with one thing to say to the CSM."""
    Workspace.objects.update(timezone="Europe/Oslo")
    at(monkeypatch, datetime(2026, 11, 26, 7, 0, tzinfo=UTC))
    notify(
        [here.members["csm"].pk], "calm", "A calm thing", key="k", page="account", page_args=[here.account.pk]
    )
    return here


def test_a_digest_leaves_once_a_day(world):
    assert [run_job(world), run_job(world)] == [1, 0]
    mail = OutgoingMail.objects.get()
    csm = world.members["csm"]
    assert (mail.to, mail.key) == (csm.user.email, f"digest {csm.pk} 2026-11-26")
    assert mail.subject == "Northwind: Something calm (1)"
    assert "- A calm thing\n  http" in mail.text
    assert mail.text.count("http") == 2
    assert Notification.objects.get().mailed_at is not None
    assert DigestSetting.objects.get(member=csm).sent_on == THURSDAY


def test_two_workers_send_one_digest(world):
    """The second finds the turn taken, although it saw the member as due."""
    clocks = clocks_of(Workspace.objects.get(), datetime(2026, 11, 26, 7, tzinfo=UTC))
    member = world.members["csm"].pk
    assert member in due_members(clocks)
    moment = datetime(2026, 11, 26, 7, tzinfo=UTC)
    assert digest.take_turn(member, clocks, moment) is True
    assert digest.take_turn(member, clocks, moment) is False
    assert member not in due_members(clocks)


def test_an_hour_that_comes_twice_counts_once(world, monkeypatch):
    """Clocks go back at 3 in Oslo on 25 October 2026: 2 o'clock is at 0 and at 1 UTC."""
    for role in world.members.values():
        DigestSetting.objects.create(member=role, hour=2, working_days_only=False)
    sent = []
    for hour in (0, 1, 2):
        at(monkeypatch, datetime(2026, 10, 25, hour, 15, tzinfo=UTC))
        Notification.objects.update(created_at=datetime(2026, 10, 24, tzinfo=UTC))
        sent.append(run_job(world))
    assert sent == [1, 0, 0]


def test_nothing_to_say_is_no_mail_and_is_looked_for_once(world):
    Notification.objects.all().delete()
    assert run_job(world) == 0
    assert not OutgoingMail.objects.exists()
    assert due_members(clocks_of(Workspace.objects.get(), datetime(2026, 11, 26, 8, tzinfo=UTC))) == []


def test_what_was_read_mailed_or_never_wanted_is_not_in_it(world):
    csm = world.members["csm"]
    Notification.objects.update(read_at=timezone.now())
    notify([csm.pk], "loud", "Mailed at once", key="l")
    assert run_job(world) == 0
    assert [mail.subject for mail in OutgoingMail.objects.all()] == ["Mailed at once"]


def test_what_does_not_ring_the_bell_is_still_in_the_digest(world):
    csm = world.members["csm"]
    prefer(csm, "loud", in_app=False, email="digest")
    notify([csm.pk], "loud", "Only by mail", key="l")
    assert run_job(world) == 1
    assert "- Only by mail" in OutgoingMail.objects.get().text


def test_concepts_speak_first_and_cover_their_kinds(world):
    lines = [DigestLine("Call Ruth\nnow", "account", (world.account.pk,))]
    sections = [DigestSection("Overdue tasks", lines, rest=2, page="notifications")]
    add_digest_part(DigestPart("tasks", lambda reader: sections, frozenset({"calm"})))
    assert run_job(world) == 5 - 1  # everybody of the staff has a part of their own
    text = OutgoingMail.objects.get(to=world.members["csm"].user.email).text
    assert "OVERDUE TASKS\n- Call Ruth now\n  http" in text
    assert "  and 2 more: http" in text
    assert "A calm thing" not in text


def test_members_who_left_and_customers_get_none(world):
    deactivate_member(world.members["csm"], by=BY)
    due = due_members(clocks_of(Workspace.objects.get(), datetime(2026, 11, 26, 8, tzinfo=UTC)))
    left = {world.members["csm"].pk, world.members["viewer"].pk}
    assert set(due) == {member.pk for member in world.members.values()} - left


def test_the_clock_starts_one_job_where_something_is_due(world, elsewhere, monkeypatch):
    start_digests()
    start_digests()
    assert Job.objects.filter(kind=jobs.KIND).count() == 1
    Job.objects.filter(kind=jobs.KIND).delete()
    DigestSetting.objects.bulk_create(
        [DigestSetting(member=member, is_on=False) for member in world.members.values()]
    )
    start_digests()
    assert not Job.objects.filter(kind=jobs.KIND).exists()


@pytest.mark.parametrize(
    ("last", "hours"), [(None, 24), (timedelta(hours=23), 23), (timedelta(hours=49), 49), (timedelta(9), 168)]
)
def test_since_when_something_is_news(last, hours):
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert news_since(now - last if last else None, now) == now - timedelta(hours=hours)


def test_nothing_is_lost_or_told_twice_between_digests(world, monkeypatch):
    run_job(world)
    at(monkeypatch, datetime(2026, 11, 27, 6, 40, tzinfo=UTC))
    seen = []
    monkeypatch.setattr(jobs.digest, "sections_of", lambda reader, news: seen.append(reader.since) or [])
    run_job(world)
    csm = list(Membership.objects.filter(role="csm").values_list("pk", flat=True))
    assert (len(csm), set(seen)) == (1, {datetime(2026, 11, 26, 7, tzinfo=UTC)})


def test_one_broken_digest_stops_nobody_elses(world, monkeypatch):
    everybody = [member.pk for role, member in world.members.items() if role != "viewer"]
    notify(everybody, "calm", "For all", key="all")
    first, rest = world.members["admin"], len(everybody) - 1
    real = jobs.send_digest
    monkeypatch.setattr(jobs, "send_digest", lambda pk, run: 1 / 0 if pk == first.pk else real(pk, run))
    job = start_job(jobs.KIND, "x", by=BY)
    assert run(world.workspace.pk, job.pk) != "succeeded"
    world.open()
    assert OutgoingMail.objects.count() == rest
    assert DigestSetting.objects.filter(member=first).count() == 0


def test_names_and_addresses_that_cannot_stand_in_a_mail(world):
    csm = world.members["csm"].user
    User.objects.filter(pk=csm.pk).update(name="Bob\x07by")
    assert run_job(world) == 1
    assert OutgoingMail.objects.get().to_name == "Bob by"
    admin = world.members["admin"]
    User.objects.filter(pk=admin.user_id).update(email="bob@intranet\n")
    DigestSetting.objects.filter(member=admin).update(sent_on=None)
    notify([admin.pk], "loud", "Loud", key="loud")
    assert Notification.objects.get(member=admin).mailed_at is None
    assert run_job(world) == 0, "no failure, and nobody is asked again"


def test_long_lists_are_cut(world):
    for number in range(9):
        notify([world.members["csm"].pk], "calm", f"Thing {number}", key=f"t{number}")
    assert run_job(world) == 1
    text = OutgoingMail.objects.get().text
    assert (text.count("- Thing"), "and 5 more:" in text) == (5, True)
