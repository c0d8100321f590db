"""What the demo company wrote down: meetings, calls and notes, as people write them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.accounts.models import Account
from accounts.contacts.models import Contact
from csworkspace.audit.actor import Actor
from csworkspace.people.models import Membership
from csworkspace.tenancy.clock import zone
from playbooks.notes.actions import FollowUp, Present, Written, write_note
from playbooks.notes.models import Note, NoteKind

NOTE, CALL, MEETING, EMAIL = NoteKind.NOTE, NoteKind.CALL, NoteKind.MEETING, NoteKind.EMAIL
BRIGHTWELL = "Brightwell Energy"


@dataclass(frozen=True)
class Told:
    """An entry: so many days ago (negative: to come) at an hour, by whom, and with whom.

    with_roles: contacts by their role, of which the first is taken; todos: (what, owner, in so many days).
    """

    account: str
    days: int
    hour: int
    kind: str
    title: str
    text: str = ""
    author: str = "Priya Raman"
    with_roles: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    minutes: int | None = None
    place: str = ""
    todos: tuple[tuple[str, str, int], ...] = ()


TOLD = (
    Told(BRIGHTWELL, 228, 10, MEETING, "Kick-off of the success plan",
         "Went through the day-1 benchmark together. Ruth wants **one number** on the wall of every depot: "
         "how many sites are visited twice.\n\n- Planning starts in the two southern depots\n"
         "- The union asked how long locations are kept; sent them the data sheet",
         with_roles=("sponsor", "champion"), colleagues=("Priya Raman",), minutes=90,
         place="Brightwell, Bergen"),
    Told(BRIGHTWELL, 171, 14, CALL, "Engineers close jobs late",
         "Jobs are closed in the evening at home, not on site. Photos are the reason: upload over the "
         "depot's network takes minutes. Asked engineering for the offline queue.",
         with_roles=("champion",), minutes=25),
    Told(BRIGHTWELL, 118, 9, EMAIL, "Ruth on the first results",
         "> We went from one in four to one in five in the south. The board noticed.\n\n"
         "Asked whether we may quote it; she will check with communications.", with_roles=("sponsor",)),
    Told(BRIGHTWELL, 92, 13, MEETING, "Quarterly review",
         "Good mood. They see the way from 76 to 84 now. Open: the ERP hand-over has no owner on their side.",
         with_roles=("sponsor", "champion", "admin"), colleagues=("Priya Raman", "Claire Dubois"), minutes=60,
         place="Video call"),
    Told(BRIGHTWELL, 41, 11, NOTE, "Who decides about the ERP",
         "The new head of IT starts on the first. Until then nobody signs. @Priya Raman please keep the slot "
         "in the plan, I will speak with their CFO at the fair.", author="Marcus Oyelaran"),
    Told(BRIGHTWELL, 13, 10, MEETING, "Two northern depots",
         "Half a day on site is agreed. The planners there still keep a paper board **because the screen is "
         "in another room**. A second screen solves more than a training would.\n\n1. Screens are ordered\n"
         "2. We train the four planners on the board\n3. Paper board comes down after two weeks",
         with_roles=("champion", "admin"), colleagues=("Priya Raman",), names=("Ingeborg Dahl",), minutes=75,
         place="Brightwell, Tromsø",
         todos=(("Send the agenda for the half day", "Priya Raman", 4),
                ("Ask engineering for the depot view on a second screen", "Tomás Herrera", 9))),
    Told(BRIGHTWELL, 4, 15, CALL, "ERP hand-over: the new head of IT",
         "Knows the product from her last company. Wants the field list before she names an owner. "
         "@Tomás Herrera, can you send her the one you made for Calder?", names=("Signe Aas",), minutes=20),
    Told(BRIGHTWELL, -8, 10, MEETING, "Half a day in the northern depots",
         "Board, second screen, and what happens with a cancelled job.", with_roles=("champion",),
         colleagues=("Priya Raman",), names=("Ingeborg Dahl",), minutes=240, place="Brightwell, Tromsø"),
    Told(BRIGHTWELL, -27, 13, MEETING, "Next quarterly review",
         with_roles=("sponsor", "champion"), colleagues=("Priya Raman", "Claire Dubois"), minutes=60,
         place="Video call"),
    Told("Northgate Facilities", 36, 9, CALL, "Fewer people on the board",
         "Two planners left. The others print the week on Monday. Worth a training before the habit sets.",
         author="Tomás Herrera", with_roles=("champion",), minutes=30,
         todos=(("Offer a training for the new planners", "Tomás Herrera", 12),)),
    Told("Northgate Facilities", 9, 16, NOTE, "Sponsor is hard to reach",
         "Third mail without an answer. @Marcus Oyelaran, would you write to him?", author="Tomás Herrera"),
    Told("Meridian Lifts", 20, 11, MEETING, "Why the field app is used less",
         "The lift inspectors went back to the old form after the summer: theirs has the norm's numbers. "
         "We could add these as a checklist in an afternoon.", with_roles=("champion", "admin"),
         colleagues=("Priya Raman",), minutes=45, place="Video call",
         todos=(("Build the checklist with the norm's numbers", "Priya Raman", 6),)),
    Told("Calder Water", 15, 10, CALL, "Ready to be a reference",
         "They would host a visit for two other water companies in spring.", author="Helen Achterberg",
         with_roles=("sponsor",), minutes=15),
    Told("Kestrel Rail Services", 6, 14, NOTE, "Audit in March",
         "They need proof of every visit by the end of February. @Priya Raman did this for Brightwell.",
         author="Tomás Herrera"),
)  # fmt: skip


def write_notes(today: date) -> None:
    """The entries whose account has none of that title, each by the colleague who wrote it."""
    people = {str(one.user): one for one in Membership.objects.select_related("user")}
    accounts = {one.name: one for one in Account.objects.filter(name__in={told.account for told in TOLD})}
    known = set(Note.objects.values_list("account", "title"))
    clocks = ZoneInfo(zone())
    for told in TOLD:
        account = accounts.get(told.account)
        if account is not None and (account.pk, told.title) not in known:
            moment = datetime.combine(today - timedelta(days=told.days), time(told.hour), clocks)
            write_note(account, written(told, account, people, moment, today), by=actor(people[told.author]))


def actor(member: Membership) -> Actor:
    """A colleague as the one who writes."""
    return Actor(str(member.user), "demo", user_id=member.user_id, membership_id=member.pk)


def written(
    told: Told, account: Account, people: dict[str, Membership], moment: datetime, today: date
) -> Written:
    """An entry as the form would give it."""
    there = Present(
        contacts_by_role(account, told.with_roles), [people[name] for name in told.colleagues], told.names
    )
    note = Written(told.title, told.text, told.kind, moment, told.minutes, told.place, there)
    return replace(note, follow_ups=list(follow_ups(told, people, today)))


def contacts_by_role(account: Account, roles: Iterable[str]) -> Sequence[Contact]:
    """The first contact of each role."""
    found = (Contact.objects.filter(account=account, role=role).order_by("pk").first() for role in roles)
    return [one for one in found if one]


def follow_ups(told: Told, people: dict[str, Membership], today: date) -> Iterable[FollowUp]:
    """What was agreed, as tasks."""
    for title, owner, days in told.todos:
        yield FollowUp(title, people[owner].pk, today + timedelta(days=days))
