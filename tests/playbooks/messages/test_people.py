"""Whom a step writes to when it is about somebody in particular."""

from datetime import timedelta

from django.utils import timezone

from accounts.contacts.actions import edit_contact
from accounts.incidents.models import Incident
from playbooks.indicators.models import Reading
from playbooks.messages import people
from playbooks.messages.people import Sender, To, recipients_of, sender_for
from tests.kit import BY
from tests.playbooks.kit import TODAY
from tests.playbooks.messages.kit import make_contact
from tests.playbooks.playbooks.kit import make_indicator, make_signal


def reached(account, to, signal=None):
    found = recipients_of(account.pk, to, main_instead=False, signal=signal)
    return [one.name for one in found.contacts]


def read(account, indicator, contact, days_ago=0):
    day = TODAY - timedelta(days=days_ago)
    values = {"number": 1, "holds": True, "recorded_at": timezone.now(), "superseded_at": timezone.now()}
    Reading.objects.create(
        account=account, indicator=indicator, day=day, detail={"contact": contact.pk}, **values
    )


def test_who_followed_a_contact_who_fell_silent_is_the_successor(here, elsewhere):
    gone = make_contact(here.account, "Gone Sponsor", "sponsor", left_on="2020-01-01")
    silent = make_contact(here.account, "Silent One", "champion")
    make_contact(here.account, "New Sponsor", "sponsor")
    indicator = make_indicator("main-contact-silent")
    read(here.account, indicator, silent)
    read(here.account, indicator, gone, days_ago=9)
    signal = make_signal(here.account, indicator)
    assert reached(here.account, To.SUCCESSOR, signal) == []
    make_contact(here.account, "New Champion", "champion")
    assert reached(here.account, To.SUCCESSOR, signal) == ["New Champion"]
    assert reached(here.account, To.SUCCESSOR) == ["New Sponsor"], "without a signal: who left last"
    assert reached(here.account, To.SUCCESSOR, make_signal(here.account)) == ["New Sponsor"]


def test_without_a_signal_the_latest_incident_that_they_met_counts(here, monkeypatch):
    met = {make_contact(here.account, "Ada Low", "user").pk}
    now = timezone.now()
    made = [
        Incident.objects.create(
            title=f"{days} days ago", impact="outage", features=[], started_at=now - timedelta(days=days),
            ended_at=now - timedelta(days=days - 1), actor="x",
        )
        for days in (70, 20, 10)
    ]  # fmt: skip
    meets, looked_at = made[1], []

    def exposed(incident, account_id):
        looked_at.append(incident.title)
        return met if incident == meets else set()

    monkeypatch.setattr(people, "exposed_contacts", exposed)
    assert reached(here.account, To.EXPOSED) == ["Ada Low"]
    meets = made[0]
    assert reached(here.account, To.EXPOSED) == [], "two months ago is too long"
    assert looked_at == ["10 days ago", "20 days ago"] * 2


def test_who_leads_the_play_signs_for_an_account_without_an_owner(here):
    csm, executive = here.members["csm"], here.members["executive"]
    assert sender_for(here.account, executive) == Sender(csm), "who owns the account comes first"
    csm.is_active = False
    csm.save()
    here.account.refresh_from_db()
    why = "Signed by Executive of Northwind, because Csm of Northwind is not active any more."
    assert sender_for(here.account, executive) == Sender(executive, why)
    assert sender_for(here.account, csm).member == here.members["manager"]
    assert sender_for(here.account).member == here.members["manager"]


def test_a_deputy_who_takes_the_role_is_the_successor(here, elsewhere):
    deputy = make_contact(here.account, "Dora Deputy", "user")
    colleague = make_contact(here.account, "Old Colleague", "champion")
    gone = make_contact(here.account, "Gone Champion", "champion")
    edit_contact(gone, by=BY, left_on=TODAY)
    assert reached(here.account, To.SUCCESSOR) == [], "who had the role all along comes after nobody"
    edit_contact(deputy, by=BY, role="champion")
    edit_contact(colleague, by=BY, title="COO")
    assert reached(here.account, To.SUCCESSOR) == ["Dora Deputy"]
    make_contact(here.account, "New Champion", "champion")
    assert reached(here.account, To.SUCCESSOR) == ["New Champion"]
