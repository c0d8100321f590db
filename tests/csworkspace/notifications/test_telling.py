"""Who is told what, how often, and whether it is mailed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from csworkspace.audit.actor import Actor
from csworkspace.mail.models import OutgoingMail
from csworkspace.notifications.actions import QUIET, News, notify, read_all, read_notification, tell
from csworkspace.notifications.models import EmailWhen, Notification
from csworkspace.people.actions import deactivate_member
from tests.csworkspace.notifications.kit import prefer
from tests.kit import BY


def told(member):
    rows = Notification.objects.filter(member=member).order_by("id")
    return [(one.kind, one.title, one.read_at is None, one.mailed_at is not None) for one in rows]


def say(world, kind="calm", key="k", title="It happened", roles=("csm",), **options):
    notify([world.members[role].pk for role in roles], kind, title, key=key, **options)


def test_a_thing_is_told_once_for_each_key(here, elsewhere):
    say(here, roles=("csm", "manager"))
    say(here, roles=("csm",), title="Again")
    say(here, key="another")
    csm, manager = here.members["csm"], here.members["manager"]
    assert told(csm) == [("calm", "It happened", True, False)] * 2
    assert told(manager) == [("calm", "It happened", True, False)]
    elsewhere.open()
    assert not Notification.objects.exists()


def test_customers_strangers_and_those_who_left_are_told_nothing(here, elsewhere):
    deactivate_member(here.members["manager"], by=BY)
    say(here, roles=("viewer", "manager"))
    notify([elsewhere.members["csm"].pk], "calm", "x", key="k")
    assert not Notification.objects.exists()


def test_a_kind_that_nobody_registered_is_a_mistake(here):
    with pytest.raises(KeyError):
        say(here, kind="unheard")


def test_what_is_mailed_at_once_is_in_the_outbox_with_its_link(here):
    say(
        here,
        "loud",
        title="Look\r\nBcc: x@y.example",
        text="Here",
        page="account",
        page_args=[here.account.pk],
    )
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (here.members["csm"].user.email, "Look Bcc: x@y.example")
    assert f"/w/northwind/accounts/{here.account.pk}/" in mail.text
    assert mail.key == f"notification {here.members['csm'].pk} k"
    assert told(here.members["csm"]) == [("loud", "Look Bcc: x@y.example", True, True)]


def test_a_kind_is_mailed_at_most_once_in_ten_minutes(here):
    for number in range(3):
        say(here, "loud", key=f"k{number}")
    assert OutgoingMail.objects.count() == 1
    assert [mailed for *_, mailed in told(here.members["csm"])] == [True, False, False]
    Notification.objects.update(mailed_at=timezone.now() - QUIET - timedelta(seconds=1))
    say(here, "loud", key="k9")
    assert OutgoingMail.objects.count() == 2


def test_much_at_once_makes_one_mail_of_a_kind(here):
    csm = here.members["csm"].pk
    assert tell([News(csm, "loud", f"Thing {n}", f"k{n}") for n in range(5)]) == 5
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("in_app", "email", "rows", "mails"),
    [
        (True, EmailWhen.NEVER, [("loud", "It happened", True, False)], 0),
        (True, EmailWhen.DIGEST, [("loud", "It happened", True, False)], 0),
        (False, EmailWhen.AT_ONCE, [("loud", "It happened", False, True)], 1),
        (False, EmailWhen.DIGEST, [("loud", "It happened", False, False)], 0),
        (False, EmailWhen.NEVER, [], 0),
    ],
)
def test_choices_are_respected(here, in_app, email, rows, mails):
    prefer(here.members["csm"], "loud", in_app=in_app, email=email)
    say(here, "loud", roles=("csm", "manager"))
    assert told(here.members["csm"]) == rows
    assert told(here.members["manager"]) == [("loud", "It happened", True, True)]
    assert OutgoingMail.objects.count() == mails + 1


def test_telling_costs_the_same_for_many(here):
    csm = here.members["csm"].pk
    for number in (1, 3):
        news = [News(csm, "calm", "x", f"k{number}.{n}") for n in range(number)]
        with assertNumQueries(6):
            tell(news)


def test_reading_one_and_all_of_ones_own(here):
    say(here, key="a", roles=("csm", "manager"))
    say(here, key="b")
    first, other = Notification.objects.order_by("id")[:2]
    csm, manager = here.members["csm"].pk, here.members["manager"].pk
    assert read_notification(csm, other.pk if other.member_id != csm else first.pk) in (True, False)
    assert read_all(csm, Notification.objects.filter(member_id=csm).latest("id").pk) >= 1
    assert Notification.objects.filter(member_id=csm, read_at=None).count() == 0
    assert Notification.objects.filter(member_id=manager, read_at=None).count() == 1


def test_who_acts_is_not_told(here):
    csm, manager = here.members["csm"], here.members["manager"]
    by_job = Actor("Somebody", "job 1", user_id=csm.user_id)
    notify([csm.pk, manager.pk], "calm", "One", key="1", by=by_job)
    by_hand = Actor("Somebody", "198.51.100.7", membership_id=csm.pk)
    notify([csm.pk], "calm", "Two", key="2", by=by_hand)
    assert list(Notification.objects.values_list("member_id", "title")) == [(manager.pk, "One")]
