"""Who is told of signals."""

from csworkspace.jobs.models import Job
from csworkspace.jobs.runner import run_job
from csworkspace.notifications.models import Notification
from playbooks.signals.actions import set_cap
from playbooks.signals.models import Signal
from playbooks.signals.notices import tell_managers, tell_owners
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.signals.kit import make_indicator, make_signal, read, reconcile


def told():
    rows = Notification.objects.order_by("member__user__name", "pk")
    return list(rows.values_list("member__role", "kind", "title", "text", "page", "page_args"))


def test_the_owner_is_told_once_for_each_account(here, elsewhere):
    low, high = (
        make_signal(here.account, "Low <b>", severity=1),
        make_signal(here.account, "High", severity=3),
    )
    tell_owners([low.pk, high.pk])
    tell_owners([low.pk, high.pk])
    assert told() == [
        (
            "csm", "signal_raised", "Acme Industries: High", "Risk, high. And 1 more signal of this account.",
            "account_signals", [here.account.pk],
        )
    ]  # fmt: skip
    elsewhere.open()
    assert told() == []


def test_one_signal_leads_to_its_page_and_comes_back_after_a_snooze(here):
    one = make_signal(here.account)
    tell_owners([one.pk])
    Signal.objects.update(version=3)
    tell_owners([one.pk], back=True)
    assert [(title, text, page, args) for _, _, title, text, page, args in told()] == [
        ("Acme Industries: They grew silent", "Risk, medium.", "signal", [one.pk]),
        ("Acme Industries: They grew silent", "The snooze has ended. Risk, medium.", "signal", [one.pk]),
    ]


def test_nobody_is_told_of_accounts_without_an_owner_or_what_is_over(here):
    resolved = make_signal(here.account, state="resolved")
    here.account.owner = None
    here.account.save()
    nobodys = make_signal(here.account, "Other")
    assert tell_owners([resolved.pk, nobodys.pk]) == 0


def test_managers_are_told_once_a_day_that_the_cap_bites(here):
    set_cap(1, by=BY)
    for n in range(3):
        read(here.account, make_indicator(f"i{n}"))
    reconcile()
    job = Job.objects.get(kind="signals.tell_held")
    assert run_job(here.workspace.pk, job.pk) == "succeeded"
    here.open()
    tell_managers(TODAY)
    assert [(role, title, page) for role, _, title, _, page, _ in told()] == [
        ("admin", "2 signals of 1 account wait for another day", "signals"),
        ("manager", "2 signals of 1 account wait for another day", "signals"),
    ]


def test_the_number_that_is_held_back_is_kept_up_without_telling_again(here):
    set_cap(1, by=BY)
    for n in range(3):
        read(here.account, make_indicator(f"i{n}"))
        reconcile()
        tell_managers(TODAY)
    said = "2 signals of 1 account wait for another day"
    assert [(role, title) for role, _, title, _, _, _ in told()] == [("admin", said), ("manager", said)]


def test_the_job_after_new_readings_raises_and_tells(here, django_capture_on_commit_callbacks):
    from csworkspace.events.registry import announce
    from csworkspace.jobs.actions import jobs_inline

    read(here.account, make_indicator())
    with jobs_inline() as failed, django_capture_on_commit_callbacks(execute=True):
        announce("indicators.changed", by=BY, account_ids=[here.account.pk])
    here.open()
    assert failed == []
    assert (Signal.objects.count(), len(told())) == (1, 1)
