"""Changes that are taken back leave what was owed before; who comes back owes nothing for the time away."""

from datetime import UTC, date, datetime

import pytest

from accounts.accounts.actions import change_stage
from accounts.accounts.models import Account, Stage
from accounts.changes.actions import apply_changes, undo_changes
from accounts.changes.fields import Change
from csworkspace.audit.models import AuditEntry
from playbooks.services import actions
from playbooks.services.generating import CHURNED, MOVED
from playbooks.services.models import ServiceOccurrence
from tests.kit import BY
from tests.playbooks.kit import TODAY, ago
from tests.playbooks.services.kit import (
    generate,
    make_occurrence,
    make_service,
    make_tier,
    periods,
    place,
    promise,
)

LONG_BEFORE = date(2020, 1, 1)
TODAY_AT_EIGHT = datetime(2030, 6, 30, 8, tzinfo=UTC)


@pytest.fixture
def tiers(here):
    """Rest promises a mail a year, Top a visit a quarter; the account is in Rest, and owes its mails."""
    rest, top = make_tier("Rest", 2), make_tier("Top", 1)
    promise(rest, LONG_BEFORE, [(make_service("Mail", "other"), 1, "year")])
    promise(top, LONG_BEFORE, [(make_service("Visit", "other"), 1, "quarter")])
    place(here.account, rest, LONG_BEFORE)
    generate()
    return rest, top


def made_today():
    """As if all that is owed had been made this morning: the clock of the database is a real one."""
    ServiceOccurrence.objects.filter(created_at__lt=TODAY_AT_EIGHT).update(created_at=TODAY_AT_EIGHT)


def came_back(account, day):
    """What the audit log keeps of an account that came back from a churn."""
    AuditEntry.objects.create(
        at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), actor="Test", verb="changed stage",
        object_type="account", object_id=account.pk, object_label=account.name,
        before={"stage": "churned"}, after={"stage": "adopting"},
    )  # fmt: skip


def waivers():
    """Each period with the reason for which it is not owed."""
    return dict(ServiceOccurrence.objects.order_by("due_on").values_list("period", "waived_reason"))


def test_a_tier_that_is_taken_back_the_same_day_leaves_nothing(here, tiers):
    rest, top = tiers
    mails = periods()
    place(here.account, top, ago(60))
    generate()
    ServiceOccurrence.objects.filter(service__name="Visit").update(created_at=TODAY_AT_EIGHT)
    assert periods(service__name="Visit") == ["2030-Q2", "2030-Q3"]
    place(here.account, rest, ago(60))
    generate()
    assert (periods(service__name="Visit"), periods()) == ([], mails)


def test_what_was_made_before_today_stays_owed(here, tiers):
    place(here.account, tiers[1], ago(60))
    generate()
    place(here.account, tiers[0], ago(60))
    generate()
    assert periods(service__name="Visit") == ["2030-Q2"]


def test_a_delivery_of_today_stays(here, tiers):
    place(here.account, tiers[1], ago(60))
    generate()
    made_today()
    ServiceOccurrence.objects.filter(period="2030-Q2").update(delivered_on=TODAY, hours=9)
    place(here.account, tiers[0], ago(60))
    generate()
    kept = ServiceOccurrence.objects.get(service__name="Visit")
    assert (kept.period, kept.hours) == ("2030-Q2", 9)


def test_terms_corrected_on_the_day_on_which_they_begin_are_followed(here, tiers):
    call = make_service("Call", "other")
    # A week that begins today: made some days ago, under the version that begins today.
    monday = date(2030, 7, 1)
    promise(tiers[0], monday, [(call, 1, "week")], number=2)
    generate(until=monday)
    assert periods(service=call) == ["2030-W27"]
    tiers[0].versions.get(number=2).levels.update(hours=7)
    ServiceOccurrence.objects.filter(service=call).update(starts_on=TODAY)
    generate(until=monday)
    assert ServiceOccurrence.objects.get(service=call).hours == 7
    tiers[0].versions.get(number=2).levels.all().delete()
    ServiceOccurrence.objects.filter(service=call).update(starts_on=TODAY)
    generate(until=monday)
    assert periods(service=call) == []


def test_doing_it_again_on_the_day_keeps_what_was_filled_in(here, tiers):
    place(here.account, tiers[1], ago(400))
    generate()
    made_today()
    generate()
    before = periods(service__name="Visit")
    assert (generate(), periods(service__name="Visit")) == (0, before)
    assert before == ["2029-Q3", "2029-Q4", "2030-Q1", "2030-Q2", "2030-Q3"]


def test_a_churn_that_is_undone_leaves_all_owed_as_before(here, tiers):
    before = waivers()
    made = apply_changes(
        "bulk", "Gone", [Change(here.account.pk, "stage", here.account.stage, Stage.CHURNED)], by=BY
    )
    generate()
    assert waivers()["2030"] == CHURNED
    undo_changes(made, by=BY)
    assert generate() == 1
    assert waivers() == before
    last = AuditEntry.objects.filter(object_type="serviceoccurrence").order_by("id").last()
    assert (last.verb, last.before, last.object_label) == ("reopened", {"waived": CHURNED}, "Mail, 2030")


def test_a_renewal_that_moves_back_is_owed_at_its_first_date_again(here, tiers):
    promise(tiers[0], ago(300), [(make_service("Plan", "other"), 1, "renewal")], number=2)
    for day in (ago(-60), ago(-80), ago(-60)):
        Account.objects.update(renewal_on=day)
        generate()
    found = ServiceOccurrence.objects.filter(service__name="Plan").values_list("period", "waived_reason")
    assert dict(found) == {f"renewal {ago(-60)}": "", f"renewal {ago(-80)}": MOVED}


def test_what_a_person_waived_stays_waived(here, tiers):
    mail = ServiceOccurrence.objects.get(period="2030")
    for reason in (CHURNED, f" {MOVED} "):
        with pytest.raises(actions.ServiceRefused, match="other words"):
            actions.waive_service(mail, by=BY, reason=reason)
    actions.waive_service(mail, by=BY, reason="They churned, they say.")
    assert (generate(), waivers()["2030"]) == (0, "They churned, they say.")


@pytest.mark.parametrize(
    ("grace", "weeks"),
    [
        (0, ["2030-W26", "2030-W27"]),  # 30 June is the last day of week 26
        (7, ["2030-W25", "2030-W26", "2030-W27"]),
    ],
)
def test_who_comes_back_owes_no_week_of_the_time_away(here, tiers, grace, weeks):
    call = make_service("Call", "other")
    promise(tiers[0], LONG_BEFORE.replace(year=2021), [(call, 1, "week")], number=2, grace_days=grace)
    old = make_occurrence(here.account, call, period="2030-W20", due_on=date(2030, 5, 19))
    came_back(here.account, TODAY)
    generate(until=date(2030, 7, 1))
    assert periods(service=call) == [old.period, *weeks]


def test_who_was_not_away_makes_up_for_days_on_which_nothing_ran(here, tiers):
    call = make_service("Call", "other")
    promise(tiers[0], LONG_BEFORE.replace(year=2021), [(call, 1, "week")], number=2, grace_days=0)
    make_occurrence(here.account, call, period="2030-W20", due_on=date(2030, 5, 19))
    generate(until=TODAY)
    assert periods(service=call)[1:] == ["2030-W22", "2030-W23", "2030-W24", "2030-W25", "2030-W26"]


def test_the_audit_log_tells_a_return_in_the_words_that_are_looked_for(here):
    change_stage(here.account, by=BY, stage=Stage.CHURNED)
    change_stage(here.account, by=BY, stage=Stage.ADOPTING)
    made = apply_changes("bulk", "Gone", [Change(here.account.pk, "stage", "adopting", "churned")], by=BY)
    undo_changes(made, by=BY)
    entries = AuditEntry.objects.filter(object_type="account", object_id=here.account.pk).order_by("id")
    told = [(entry.before["stage"].lower(), entry.after["stage"].lower()) for entry in entries]
    assert [one == "churned" for one, _ in told] == [False, True, False, True]
    assert [two == "churned" for _, two in told] == [True, False, True, False]
