"""E-mails of plays wait for a person's look, for working hours, and for the recipient's rest."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.book.actions import refresh_book
from accounts.contacts.models import ContactIdentity
from accounts.incidents.models import Incident
from csworkspace.calendar.workdays import WorkWeek, next_working_moment
from csworkspace.mail.models import OutgoingMail
from csworkspace.mail.suppressions import suppress_address
from csworkspace.notifications.models import Notification
from csworkspace.tenancy.database import open_workspace
from playbooks.messages.models import Message
from playbooks.messages.people import recipients_of
from playbooks.messages.reviewing import pile_of
from playbooks.messages.steps import EMAIL
from playbooks.playbooks.steps import Waits
from playbooks.plays.actions import reassign_play
from playbooks.plays.advancing import advance_once
from playbooks.plays.models import PlayStep
from playbooks.plays.owners import first_here
from tests.kit import BY
from tests.playbooks.indicators.makers import use
from tests.playbooks.messages.kit import make_contact, make_step, make_template
from tests.playbooks.plays.kit import make_playbook, raise_signal, start, states


@pytest.fixture
def waiting(here):
    """A play whose e-mails wait for a look."""
    make_template()
    make_contact(here.account)
    make_contact(here.account, "Ada Low", "user")
    params = {"template": "hello", "to_role": "all", "review": True}
    steps = [{"key": "ask", "kind": "email", "title": "Ask", "params": params}]
    play = start(make_playbook(steps=steps), here.account)
    advance_once(play.pk)
    return play


def url(world, step) -> str:
    return f"/w/{world.workspace.slug}/steps/{step.pk}/review/"


def test_nothing_leaves_before_somebody_has_looked(here, waiting, client):
    step = PlayStep.objects.get()
    assert (step.state, step.note) == ("active", "Waits for your look at 2 e-mails")
    assert OutgoingMail.objects.filter(audience="customer").count() == 0
    told = Notification.objects.filter(kind="email_to_review").values_list("member__role", "title", "page")
    assert list(told) == [("csm", "2 e-mails to Acme Industries for your look", "step_review")]
    refresh_book([here.account.pk])
    client.force_login(here.members["csm"].user)
    text = client.get(here.url("day/")).content.decode()
    here.open()
    assert "waits for your look at 2 e-mails" in text


def test_whoever_takes_the_play_over_is_asked_for_the_look(here, waiting):
    reassign_play(waiting, by=BY, owner_id=here.members["manager"].pk)
    told = Notification.objects.filter(kind="email_to_review").order_by("pk")
    assert list(told.values_list("member__role", flat=True)) == ["csm", "manager"]


def test_the_page_shows_each_as_it_goes_out_and_sends_the_chosen(here, waiting, client):
    suppress_address("ada@customer.example", "unsubscribed", by=BY)
    client.force_login(here.members["csm"].user)
    step = PlayStep.objects.get()
    page = client.get(url(here, step))
    text = page.content.decode()
    assert "Hello Ruth," in text
    assert "Hello Ada," in text
    assert "ada@customer.example gets no e-mails (unsubscribed)" in text
    here.open()
    pile = page.context["pile"]
    data = {"version": waiting.version, "seen": pile.seen, "to": [pile.sheets[0].contact.pk]}
    stale = client.post(url(here, step), {**data, "seen": "other"})
    assert (stale.status_code, "have changed since you looked" in stale.content.decode()) == (409, True)
    none = client.post(url(here, step), {**data, "to": []})
    assert none.status_code == 422
    sent = client.post(url(here, step), data)
    here.open()
    assert sent.status_code == 302
    ruth = Message.objects.get()
    assert (ruth.contact, ruth.mail.actor) == (pile.sheets[0].contact, str(here.members["csm"]))
    again = client.post(url(here, step), data)
    here.open()
    assert (again.status_code, Message.objects.count()) == (422, 1)


def test_a_hole_is_shown_and_that_one_is_not_ticked(here, waiting, client):
    template = make_template("holes", body="{{account.renewal_on}}")
    run = make_step(here.account, template=template.key, to_role="all", review=True)
    assert [len(sheet.stops) for sheet in pile_of(run).sheets] == [1, 1]


def test_those_who_met_the_incident(here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        make_contact(elsewhere.account, "Eve Other")
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    incident = Incident.objects.create(
        title="Slow", impact="major", features=["dispatch.*"], started_at=began,
        ended_at=began + timedelta(hours=2), actor="Test",
    )  # fmt: skip
    ruth, ada = make_contact(here.account), make_contact(here.account, "Ada Low", "user")
    for contact in (ruth, ada):
        ContactIdentity.objects.create(account=here.account, contact=contact, value=contact.email)
    use(here.account, began.date(), "dispatch.board", ruth.email, occurred=began + timedelta(hours=1))
    use(here.account, began.date(), "reports.open", ada.email, occurred=began + timedelta(hours=1))
    use(here.account, began.date(), "dispatch.board", ada.email, occurred=began + timedelta(hours=3))
    signal = raise_signal(here.account, evidence=[{"label": "x", "page": "incident", "args": [incident.pk]}])
    found = recipients_of(here.account.pk, "exposed", main_instead=False, signal=signal)
    assert found.contacts == [ruth]
    assert recipients_of(here.account.pk, "exposed", main_instead=False).contacts == []


def test_a_second_play_waits_until_the_contact_has_had_two_days(here):
    make_template()
    make_contact(here.account)
    first = make_step(here.account, template="hello", to_role="champion")
    second = make_step(here.account, template="hello", to_role="champion")
    EMAIL.begin(first)
    progress = EMAIL.begin(second)
    early, late = OutgoingMail.objects.order_by("pk")
    assert isinstance(progress, Waits)
    assert late.send_after - early.send_after == timedelta(days=2)
    assert "plays write to one person at most every 2 days" in progress.note
    assert late.trail[0]["what"] == progress.note


def test_customers_are_written_to_in_working_hours(here, monkeypatch):
    night = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert next_working_moment(night, WorkWeek(), "UTC") == monday
    assert next_working_moment(datetime(2026, 3, 9, 3, tzinfo=UTC), WorkWeek(), "UTC") == monday
    assert next_working_moment(monday, WorkWeek(), "UTC") == monday
    later = timezone.now() + timedelta(hours=9)
    monkeypatch.setattr("playbooks.messages.timing.next_working_moment", lambda at, week, zone: later)
    make_template()
    make_contact(here.account)
    progress = EMAIL.begin(make_step(here.account, template="hello", to_role="champion"))
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.send_after) == ("waiting", later)
    assert "in working hours only" in progress.note


def test_the_preview_names_recipients_and_text(here):
    template = make_template()
    make_contact(here.account)
    params = {"template": template.key, "to_role": "champion", "review": False}
    suppress_address("ruth@customer.example", "unsubscribed", by=BY)
    assert list(EMAIL.foresee(here.account, None, params)) == [
        "To Ruth Kessler: “Hello Acme Industries”.",
        "It leaves unseen: nobody is asked first.",
        "ruth@customer.example gets no e-mails (unsubscribed).",
    ]


def test_a_play_that_is_stopped_sends_nothing(here, waiting):
    from playbooks.plays.actions import stop_play

    stop_play(waiting, by=BY, reason="Not needed")
    assert (states(waiting), OutgoingMail.objects.filter(audience="customer").count()) == (
        [("ask", "cancelled")],
        0,
    )


def test_another_signature_is_another_look(here, waiting):
    make_template("plain", body="Hello")
    seen = pile_of(make_step(here.account, template="plain", to_role="all", review=True)).seen
    here.account.owner = here.members["manager"]
    here.account.save()
    assert pile_of(make_step(here.account, template="plain", to_role="all", review=True)).seen != seen


def test_who_does_not_work_here_any_more_is_not_the_one_to_tell(here):
    csm, manager = here.members["csm"], here.members["manager"]
    assert first_here(None, csm) == [csm.pk]
    csm.is_active = False
    assert first_here(csm, None) == [manager.pk]
    assert first_here(csm, here.members["executive"]) == [here.members["executive"].pk]
