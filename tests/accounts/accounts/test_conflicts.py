"""Two people at the same account at once."""

import threading

import pytest
from django.db import connection, transaction

from accounts.accounts.actions import change_stage, change_tier
from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from accounts.book.models import BookRow
from accounts.tiers.actions import add_tier
from csworkspace.tenancy.database import open_workspace
from csworkspace.web.versions import CONFLICT
from tests.accounts.accounts.test_groups import FORM
from tests.kit import BY, client_of, make_world
from tests.playbooks.plans.test_races import wait_until_blocked


def seen_on(client, url):
    return client.get(url).context["form"]["seen"].value()


@pytest.mark.parametrize(("page", "typed"), [("edit", FORM), ("standing", {"stage": "churned"})])
def test_the_second_to_save_is_told(here, page, typed):
    client, url = client_of(here.members["csm"]), here.url(f"accounts/{here.account.pk}/{page}/")
    seen = seen_on(client, url)
    change_stage(here.account, by=BY, stage="established")
    late = client.post(url, {**typed, "seen": seen})
    assert (late.status_code, late.context["form"].non_field_errors()) == (409, [CONFLICT])
    assert Account.objects.get().stage == "established"
    assert client.post(url, {**typed, "seen": seen_on(client, url)}).status_code == 302


def test_the_reason_is_kept_with_the_tier(here):
    tier = add_tier(by=BY, name="Top")
    client, url = client_of(here.members["csm"]), here.url(f"accounts/{here.account.pk}/standing/")
    client.post(
        url, {"stage": "onboarding", "tier": tier.pk, "reason": "They grew", "seen": seen_on(client, url)}
    )
    assert list(here.account.placements.values_list("tier__name", "reason")) == [("Top", "They grew")]


@pytest.mark.django_db(transaction=True)
def test_a_refresh_of_the_book_waits_for_who_changes_an_account():
    with transaction.atomic():
        world = make_world("home")
        tier = add_tier(by=BY, name="Top")
        refresh_book()

    def refresh() -> None:
        try:
            with open_workspace(world.workspace.pk):
                refresh_book()
        finally:
            connection.close()

    other = threading.Thread(target=refresh)
    with open_workspace(world.workspace.pk):
        change_tier(world.account, by=BY, tier=tier)
        other.start()
        wait_until_blocked()
    other.join(10)
    with open_workspace(world.workspace.pk):
        assert BookRow.objects.get().tier_id == tier.pk
