"""The bell, the page of notifications and the preferences."""

from datetime import UTC, datetime

import pytest
from pytest_django.asserts import assertNumQueries

from csworkspace.notifications.actions import notify
from csworkspace.notifications.forms import PreferencesForm
from csworkspace.notifications.models import DigestSetting, Notification, NotificationPreference
from csworkspace.people.models import Membership
from tests.kit import client_of


def tell(world, *keys, role="csm", **options):
    for key in keys:
        notify([world.members[role].pk], "calm", f"Thing {key}", key=key, **options)


def bell(response):
    found = response.context["bell"]
    return found and found.text


def test_the_bell_counts_ones_own_of_this_workspace(here, elsewhere, csm):
    """The same person is in both workspaces, with different news."""
    tell(here, "a", "b", "c")
    tell(here, "a", role="manager")
    Notification.objects.filter(key="c").update(read_at=datetime(2026, 1, 1, tzinfo=UTC))
    elsewhere.open()
    there = Membership.objects.create(user=here.members["csm"].user, role="csm")
    notify([there.pk], "calm", "There", key="z")
    here.open()
    assert bell(csm.get(here.url("jobs/"))) == "2"
    assert bell(csm.get(elsewhere.url("jobs/"))) == "1"
    assert bell(client_of(here.members["manager"]).get(here.url("jobs/"))) == "1"
    assert bell(client_of(here.members["admin"]).get(here.url("jobs/"))) == "0"


def test_the_bell_stops_counting_at_a_hundred(here, csm):
    me = here.members["csm"]
    Notification.objects.bulk_create(
        Notification(member=me, kind="calm", key=str(n), title="x") for n in range(120)
    )
    assert bell(csm.get(here.url("jobs/"))) == "99+"


def test_customers_have_no_bell(here):
    assert 'class="bell"' not in client_of(here.members["viewer"]).get(here.url("portal/"), follow=True).text


def test_unread_ones_come_first_and_are_only_mine(here, elsewhere, csm):
    tell(here, "a", "b", "c")
    tell(here, "x", role="manager")
    Notification.objects.filter(key="c").update(read_at=datetime(2026, 1, 1, tzinfo=UTC))
    page = csm.get(here.url("notifications/"))
    assert [row.title for row in page.context["unread"]] == ["Thing b", "Thing a"]
    assert [row.title for row in page.context["read"]] == ["Thing c"]
    stranger = client_of(elsewhere.members["csm"]).get(elsewhere.url("notifications/"))
    assert (stranger.context["unread"], stranger.context["read"]) == ([], [])
    assert "Nothing new" in stranger.text


def test_following_one_reads_it(here, csm):
    tell(here, "a", page="account", page_args=[here.account.pk])
    tell(here, "b", page="no_such_page")
    tell(here, "x", role="manager")
    first, second, foreign = Notification.objects.order_by("id")
    assert csm.get(here.url(f"notifications/{first.pk}/"))["Location"] == here.url(
        f"accounts/{here.account.pk}/"
    )
    assert csm.get(here.url(f"notifications/{second.pk}/"))["Location"] == here.url("notifications/")
    assert csm.get(here.url(f"notifications/{foreign.pk}/")).status_code == 404
    assert csm.post(here.url(f"notifications/{foreign.pk}/readings/")).status_code == 404
    unread = Notification.objects.filter(read_at=None)
    assert [one.pk for one in unread] == [foreign.pk]


def test_all_that_was_shown_is_marked_as_read(here, csm):
    tell(here, "a", "b")
    until = csm.get(here.url("notifications/")).context["newest"]
    tell(here, "later")
    csm.post(here.url("notifications/readings/"), {"until": until})
    assert [one.key for one in Notification.objects.filter(read_at=None)] == ["later"]
    for hostile in ("", "x", "9" * 30, "-1"):
        assert csm.post(here.url("notifications/readings/"), {"until": hostile}).status_code == 302


def test_one_is_marked_as_read(here, csm):
    tell(here, "a")
    csm.post(here.url(f"notifications/{Notification.objects.get().pk}/readings/"))
    assert Notification.objects.get().read_at is not None


def test_what_was_read_goes_on_page_by_page(here, csm):
    me, read = here.members["csm"], datetime(2026, 1, 1, tzinfo=UTC)
    Notification.objects.bulk_create(
        Notification(member=me, kind="calm", key=str(n), title=f"{n}", read_at=read) for n in range(60)
    )
    first = csm.get(here.url("notifications/"))
    second = csm.get(here.url(f"notifications/{first.context['next_url']}"))
    shown = [row.title for row in [*first.context["read"], *second.context["read"]]]
    assert shown == [str(n) for n in range(59, -1, -1)]
    assert csm.get(here.url("notifications/?before=x")).status_code == 200


def test_the_page_costs_the_same_for_any_number(here, csm):
    url = here.url("notifications/")
    csm.get(url)
    for keys in (("a",), ("b", "c")):
        tell(here, *keys)
        with assertNumQueries(14):
            csm.get(url)


def choices(**changes):
    data = {"hour": "7", "is_on": "on", "in_app_calm": "on", "email_calm": "digest", "email_loud": "at_once"}
    return {**data, **changes}


def test_everybody_of_the_staff_chooses_for_themselves(here, elsewhere):
    url = here.url("notifications/preferences/")
    executive = client_of(here.members["executive"])
    page = executive.get(url)
    assert [row.label for row in page.context["form"].rows()] == ["Something calm", "Something loud"]
    saved = executive.post(url, choices(email_calm="never", hour="6"))
    assert (saved.status_code, saved["Location"]) == (302, url)
    made = NotificationPreference.objects.order_by("kind").values_list("member", "kind", "in_app", "email")
    me = here.members["executive"].pk
    assert list(made) == [(me, "calm", True, "never"), (me, "loud", False, "at_once")]
    setting = DigestSetting.objects.get()
    assert (setting.member_id, setting.hour, setting.working_days_only) == (me, 6, False)
    executive.post(url, choices())
    assert NotificationPreference.objects.get(kind="calm").email == "digest"
    assert client_of(here.members["viewer"]).get(url).status_code == 404
    elsewhere.open()
    assert not NotificationPreference.objects.exists()


@pytest.mark.parametrize(
    "change", [{"hour": "24"}, {"hour": ""}, {"email_calm": "hourly"}, {"email_calm": ""}]
)
def test_wrong_choices_are_refused(here, csm, change):
    page = csm.post(here.url("notifications/preferences/"), choices(**change))
    assert page.status_code == 422
    assert not NotificationPreference.objects.exists()


def test_an_hour_that_is_over_counts_from_tomorrow_on(here):
    def sent_on(hour: str, now: datetime):
        form = PreferencesForm(choices(hour=hour), member_id=here.members["csm"].pk)
        assert form.is_valid()
        return form.digest(now).sent_on

    afternoon = datetime(2026, 11, 26, 15)
    assert sent_on("7", afternoon) == afternoon.date()
    assert sent_on("18", afternoon) is None
