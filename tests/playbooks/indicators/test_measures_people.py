"""Measures of people and what they look at, against arithmetic in plain Python."""

from typing import Any

from django.utils import timezone

from accounts.accounts.models import Account, PortalViewer, ShareLink
from accounts.contacts.models import Contact, ContactIdentity
from accounts.visits.models import PortalVisit
from csworkspace.people.models import Membership
from playbooks.indicators.models import Indicator
from tests.playbooks.indicators.makers import TODAY, ago, at, judge, make_indicator, said, use


def person(account: Account, name: str, role: str = "champion", **fields: Any) -> Contact:
    """A contact with one identity."""
    contact = Contact.objects.create(account=account, name=name, role=role, **fields)
    value = f"{name.lower()}@acme.example"
    ContactIdentity.objects.create(account=account, contact=contact, value=value)
    return contact


def test_the_most_silent_contact_is_named(here, same_there):
    ann, bo = person(here.account, "Ann"), person(here.account, "Bo", "sponsor")
    person(here.account, "Cy", "user")
    person(here.account, "Di", "admin", left_on=ago(3))
    for who, last in (("ann", 12), ("bo", 45), ("cy", 90), ("di", 60)):
        for n in range(5):
            use(here.account, ago(last + n), who=f"{who}@acme.example")
    indicator = make_indicator("contact_silent")
    found = judge(indicator)
    assert (found.value, found.detail["contact"], found.holds) == (45, bo.pk, True)
    assert said(indicator, here.account).startswith("Bo (executive sponsor) has not been seen for 45 days")
    hardly = make_indicator("contact_silent", {"active_days": 6})
    assert judge(hardly).detail == {"why": "No such contact has been seen in usage often enough so far."}
    assert judge(make_indicator("contact_silent", {"roles": ["champion"]})).detail["contact"] == ann.pk


def test_silence_of_a_contact_does_not_end_by_lasting(here):
    ann = person(here.account, "Ann")
    for day in (400, 405, 410, 415, 420):
        use(here.account, ago(day), who="ann@acme.example")
    indicator = make_indicator("contact_silent")
    found = judge(indicator)
    assert (found.value, found.detail["contact"], found.holds) == (400, ann.pk, True)
    use(here.account, ago(40), who="ann@acme.example")
    assert judge(indicator).holds is None, "one day within a year is hardly there"


def test_contacts_who_left_and_no_champion(here, same_there):
    person(here.account, "Ann", left_on=ago(10))
    person(here.account, "Bo", "user", left_on=ago(1))
    left, none = make_indicator("contact_left"), make_indicator("no_champion")
    found = judge(left)
    assert (found.value, found.detail["name"], found.holds) == (1, "Ann", True)
    assert judge(left, day=ago(11)).holds is False
    assert (judge(none).value, judge(none).holds) == (0, True)
    assert judge(none, day=ago(11)).holds is False
    person(here.account, "Cy")
    assert judge(none).holds is False


def test_who_never_looked_in_counts_from_the_day_they_could(here, elsewhere):
    indicator = make_indicator("portal_unread", {"what": "portal"})
    Indicator.objects.update(created_at=at(ago(300)))
    assert judge(indicator).holds is None
    link = ShareLink.objects.create(
        account=here.account,
        label="Ann",
        token_hash="x",
        created_by=here.members["csm"],
        expires_at=at(TODAY),
    )
    ShareLink.objects.update(created_at=at(ago(50)))
    assert (judge(indicator).value, judge(indicator).holds) == (50, True)
    Indicator.objects.update(created_at=at(ago(20)))
    assert judge(indicator).value == 20, "before, nobody noted who looked in"
    assert judge(indicator, day=ago(30)).holds is None
    link.delete()
    PortalViewer.objects.create(account=here.account, membership=here.members["viewer"])
    Membership.objects.update(created_at=at(ago(10)))
    assert judge(indicator).value == 10
    PortalVisit.objects.create(
        account=here.account, visitor="member 1", visitor_name="Ruth", page="portal", day=ago(3),
        first_at=timezone.now(), last_at=timezone.now(),
    )  # fmt: skip
    assert judge(indicator).value == 3


def test_portal_unread(here):
    indicator = make_indicator("portal_unread", {"what": "portal"})
    assert judge(indicator).holds is None
    moment = timezone.now()
    for days in (80, 50):
        PortalVisit.objects.create(
            account=here.account, visitor="member 1", visitor_name="Ruth", page="portal", day=ago(days),
            first_at=moment, last_at=moment,
        )  # fmt: skip
    assert (judge(indicator).value, judge(indicator).holds) == (50, True)
    assert judge(indicator, day=ago(60)).value == 20
