"""What the demo company heard and saw of its customers: news, incidents, visits, and signals by hand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.accounts.models import Account, PortalViewer
from accounts.incidents.actions import Facts, create_incident
from accounts.incidents.models import Incident
from accounts.news.actions import Told, add_news
from accounts.visits.models import PortalVisit
from csworkspace.audit.actor import Actor
from csworkspace.tenancy.clock import today, zone
from playbooks.signals.actions import News, acknowledge_signal, raise_signal, resolve_signal, snooze_signal
from playbooks.signals.models import Signal
from playbooks.signals.standing import refresh_signal_standing
from reports.demo.cast import TOP

# Of which customer, so many days ago: what, and about what.
NEWS = (
    (0, 12, "funding", "Green loan of €60m for 40 new charging parks", "They hire 120 engineers by summer."),
    (1, 5, "leadership", "New chief operating officer from a competitor’s customer", "Starts next month."),
    (3, 20, "cuts", "Closes two of seven service centres", "About 60 of our seats are there."),
    (5, 33, "acquisition", "Takes over a signalling firm in Leeds", ""),
    (7, 8, "growth", "Second terminal opens in spring", "They will plan 40 more people."),
)
# Days ago, from and to, how bad, what, which features.
INCIDENTS = (
    (9, time(7, 40), time(10, 15), "major", "The schedule board was slow or did not load", ["schedule.*"],
     "A database index was missing after the release of the night. Told on the status page at 08:05."),
    (24, time(13, 0), time(13, 50), "minor", "Exports to the ERP were delayed", ["integrations.erp"], ""),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A signal by hand: of which customer, raised so many days ago; what became of it."""

    account: int
    days: int
    kind: str
    severity: int
    title: str
    note: str = ""
    then: str = ""


SIGNALS = (
    Seen(1, 4, "people", 3, "The new COO asked their team for a list of all tools and what each costs",
         "Told by their head of planning on the phone. She asks for numbers by the end of the month."),
    Seen(1, 11, "risk", 2, "Two depots use their spreadsheet again for the night shift", "", "acknowledge"),
    Seen(3, 6, "risk", 3, "They asked how a contract can be ended early",
         "Legal wrote to us, in copy to procurement.", "acknowledge"),
    Seen(0, 2, "buying", 2, "They asked for a price for 40 more field engineers"),
    Seen(5, 15, "risk", 1, "Their administrator is on leave until spring", "", "snooze"),
    Seen(4, 30, "opportunity", 2, "Wants to speak at our customer day", "", "won"),
    Seen(2, 26, "risk", 2, "Complained about two late answers of support", "", "addressed"),
    Seen(6, 18, "risk", 2, "Rumour: they look at a competitor", "", "false_alarm"),
)  # fmt: skip
NOTES = {
    "won": "On stage with their head of operations; the recording is on our site.",
    "addressed": "Called them with the head of support; answers are back in time since.",
    "false_alarm": "It was a student’s survey. They laughed about it.",
}


def see_signals(by: Actor) -> None:
    """Enter everything, once; what indicators raise comes by their own jobs."""
    if Incident.objects.exists():
        return
    accounts = {account.name: account for account in Account.objects.filter(name__in=[row[0] for row in TOP])}
    found = [accounts[row[0]] for row in TOP]
    day = today()
    for number, days, kind, title, note in NEWS:
        told = Told(found[number].pk, kind, title, day - timedelta(days=days), note)
        add_news(found[number], told, by=by)
    have_incidents(day, by)
    look_in(day)
    for seen in SIGNALS:
        raise_seen(found[seen.account], seen, day, by)
    refresh_signal_standing([account.pk for account in found])


def have_incidents(day: date, by: Actor) -> None:
    """The service was degraded twice."""
    here = ZoneInfo(zone())
    for days, start, end, impact, title, features, note in INCIDENTS:
        began, ended = (datetime.combine(day - timedelta(days=days), at, here) for at in (start, end))
        create_incident(Facts(title, impact, began, ended, features, note), by=by)


def look_in(day: date) -> None:
    """The customer of the portal read their progress about once a week."""
    viewer = PortalViewer.objects.select_related("membership__user").first()
    if viewer is None:
        return
    here = ZoneInfo(zone())
    moments = [datetime.combine(day - timedelta(days=days), time(9, 20), here) for days in (3, 9, 17, 24, 45)]
    PortalVisit.objects.bulk_create(
        PortalVisit(
            account_id=viewer.account_id,
            visitor=f"member {viewer.membership_id}",
            visitor_name=str(viewer.membership),
            page=page,
            day=moment.date(),
            first_at=moment,
            last_at=moment,
        )
        for moment in moments
        for page in ("portal_account", "portal_progress")
    )


def raise_seen(account: Account, seen: Seen, day: date, by: Actor) -> None:
    """Raise a signal on a day in the past, and let it become what it became."""
    owner = Actor(str(account.owner), by.origin, membership_id=account.owner_id)
    one = raise_signal(account, News(seen.kind, seen.title, seen.severity, seen.note), by=owner)
    if seen.then == "acknowledge":
        acknowledge_signal(one, by=owner)
    elif seen.then == "snooze":
        snooze_signal(one, by=owner, until=day + timedelta(days=40), note="Nothing to do until then.")
    elif seen.then:
        resolve_signal(one, by=owner, outcome=seen.then, note=NOTES[seen.then])
    raised_on = day - timedelta(days=seen.days)
    raised_at = datetime.combine(raised_on, time(10, 30), ZoneInfo(zone()))
    past = {"raised_on": raised_on, "raised_at": raised_at, "last_seen_on": raised_on}
    if seen.then in NOTES:
        past |= {"resolved_on": raised_on + timedelta(days=6), "resolved_at": raised_at + timedelta(days=6)}
    Signal.objects.filter(pk=one.pk).update(**past)
