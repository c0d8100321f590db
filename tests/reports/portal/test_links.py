"""Share links: made once, swapped for a cookie, stopped at once."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.utils import timezone

from accounts.accounts.models import Account, ShareLink
from csworkspace.audit.models import AuditEntry
from csworkspace.people.models import Membership, Role
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.models import Workspace
from reports.portal import guests
from reports.portal.actions import create_link, revoke_link
from reports.portal.tokens import COOKIE, hash_token, seal, unseal
from tests.kit import BY, WalledClient, client_of
from tests.reports.kit import without_tokens
from tests.reports.story import make_story


def actor_of(world):
    from csworkspace.audit.actor import Actor

    return Actor("Csm", "test", membership_id=world.members[Role.CSM].pk)


@pytest.fixture
def link(here, elsewhere, clean_cache):
    """A live link to the account, with its token."""
    make_story(here.account)
    return create_link(here.account, "Tomas", 30, by=actor_of(here))


@pytest.fixture
def guest(link):
    """Somebody who opened it."""
    client = WalledClient()
    client.get(f"/s/{link[1]}")
    return client


def test_only_a_hash_of_the_token_is_kept(here, link):
    stored, token = link
    assert re.fullmatch(rf"csl_{here.workspace.pk}_[A-Za-z0-9_-]{{43}}", token)
    assert stored.token_hash == hash_token(token)
    assert token not in str(ShareLink.objects.values_list().get())
    assert token not in str(list(AuditEntry.objects.values_list()))


@pytest.mark.parametrize("days", [0, 91, -1])
def test_a_link_lasts_1_to_90_days(here, days):
    with pytest.raises(ValueError, match="1 to 90 days"):
        create_link(here.account, "x", days, by=actor_of(here))


def test_the_shell_makes_no_links(here):
    with pytest.raises(ValueError, match="member"):
        create_link(here.account, "x", 5, by=BY)


def test_the_token_leaves_the_address_at_the_first_hit(here, link):
    client = WalledClient()
    response = client.get(f"/s/{link[1]}")
    assert (response.status_code, response.url) == (302, here.url("portal/"))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Lax", here.url("portal/"))
    assert unseal(cookie.value) == (here.workspace.pk, link[0].pk)
    assert AuditEntry.objects.get(verb="opened").actor == "Share link: Tomas"


def test_the_holder_sees_one_account_and_none_of_the_staff_s_pages(here, elsewhere, link, guest):
    other = Account.objects.create(name="Other")
    assert guest.get(here.url("portal/")).url == here.url(f"portal/{here.account.pk}/")
    assert guest.get(here.url(f"portal/{here.account.pk}/")).status_code == 200
    for pk in (other.pk, elsewhere.account.pk, 2**40):
        assert guest.get(here.url(f"portal/{pk}/")).status_code == 404
    for path in (f"accounts/{here.account.pk}/", f"accounts/{here.account.pk}/reports/", "book/"):
        assert guest.get(here.url(path))["Location"].startswith("/sign-in/")


def test_a_pass_of_one_workspace_does_not_open_another(here, elsewhere, link):
    client = WalledClient()
    client.cookies[COOKIE] = seal(here.workspace.pk, link[0].pk)
    assert client.get(elsewhere.url(f"portal/{elsewhere.account.pk}/")).status_code == 404
    client.cookies[COOKIE] = seal(elsewhere.workspace.pk, link[0].pk)
    assert client.get(elsewhere.url("portal/")).status_code == 404
    assert client.get(here.url("portal/")).status_code == 404


def test_a_pass_does_not_open_a_workspace_that_one_has_left(here, elsewhere, link):
    with open_workspace(elsewhere.workspace.pk):
        Membership.objects.filter(pk=elsewhere.members[Role.CSM].pk).update(is_active=False)
    former = client_of(elsewhere.members[Role.CSM])
    former.cookies[COOKIE] = seal(here.workspace.pk, link[0].pk)
    assert former.get(elsewhere.url(f"portal/{here.account.pk}/")).status_code == 404


def test_a_guest_s_own_memberships_are_out_of_sight(here, elsewhere, link, monkeypatch):
    seen = []
    monkeypatch.setattr(guests, "note_visit", lambda link: seen.extend(Workspace.objects.all()))
    visitor = client_of(elsewhere.members[Role.CSM])
    visitor.get(f"/s/{link[1]}")
    assert visitor.get(here.url(f"portal/{here.account.pk}/")).status_code == 200
    assert seen == [here.workspace]


def test_revoking_stops_the_cookie_at_once(here, link, guest):
    assert guest.get(here.url(f"portal/{here.account.pk}/")).status_code == 200
    assert revoke_link(link[0], by=BY)
    assert guest.get(here.url(f"portal/{here.account.pk}/")).status_code == 404
    assert not revoke_link(link[0], by=BY)
    assert AuditEntry.objects.filter(verb="revoked").count() == 1


def test_expiry_stops_the_cookie_at_once(here, link, guest):
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert guest.get(here.url(f"portal/{here.account.pk}/")).status_code == 404


def test_unknown_expired_and_revoked_tokens_get_the_same_page(here, link):
    stored, token = link
    pages = [WalledClient().get(f"/s/csl_{here.workspace.pk}_{'x' * 43}")]
    pages += [WalledClient().get("/s/nonsense"), WalledClient().get(f"/s/csl_999999_{token[-43:]}")]
    revoke_link(stored, by=BY)
    pages.append(WalledClient().get(f"/s/{token}"))
    ShareLink.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    pages.append(WalledClient().get(f"/s/{token}"))
    found = {(page.status_code, without_tokens(page)) for page in pages}
    assert found == {(404, without_tokens(pages[0]))}
    assert all(COOKIE not in page.cookies for page in pages)


def test_guessing_is_slowed_down(here, link):
    client = WalledClient()
    statuses = [client.get(f"/s/guess{number}").status_code for number in range(22)]
    assert statuses == [404] * 20 + [429] * 2
    cache.clear()
    assert client.get(f"/s/{link[1]}").status_code == 302


@pytest.mark.parametrize(
    "value",
    ["", "x", "a:b:c", signing.dumps({"w": 1, "l": 1}), seal(0, 0), "é" * 9000],
    ids=["empty", "letter", "colons", "other salt", "no link", "long"],
)
def test_a_forged_cookie_opens_nothing(here, link, value):
    client = WalledClient()
    client.cookies[COOKIE] = value
    response = client.get(here.url(f"portal/{here.account.pk}/"))
    assert response.status_code in (302, 404)
    assert response.status_code == 404 or response.url.startswith("/sign-in/")


def test_a_member_with_a_pass_comes_in_as_themselves(here, link):
    staff = client_of(here.members[Role.CSM])
    staff.get(f"/s/{link[1]}")
    text = staff.get(here.url(f"portal/{here.account.pk}/")).content.decode()
    assert "You are looking at what Acme Industries sees." in text


def test_staff_make_and_revoke_links_on_the_reports_tab(here, link):
    staff = client_of(here.members[Role.CSM])
    made = staff.post(here.url(f"accounts/{here.account.pk}/links/new/"), {"label": "<b>Ida</b>", "days": 7})
    text = made.content.decode()
    token = re.search(r"/s/(csl_[\w-]+)", text)
    assert token is not None
    assert "&lt;b&gt;Ida&lt;/b&gt;" in text
    assert made["Cache-Control"] == "no-store"
    assert WalledClient().get(f"/s/{token[1]}").status_code == 302
    fresh = ShareLink.objects.get(label="<b>Ida</b>")
    assert staff.post(here.url(f"links/{fresh.pk}/revocations/")).status_code == 302
    assert WalledClient().get(f"/s/{token[1]}").status_code == 404


def test_an_invalid_link_form_keeps_what_was_typed(here, link):
    staff = client_of(here.members[Role.CSM])
    response = staff.post(here.url(f"accounts/{here.account.pk}/links/new/"), {"label": "Ida", "days": 900})
    assert response.status_code == 422
    assert 'value="900"' in response.content.decode()


def test_links_of_elsewhere_cannot_be_revoked(here, elsewhere, link):
    staff = client_of(here.members[Role.CSM])
    for pk in (link[0].pk + 10_000, 2**40):
        assert staff.post(here.url(f"links/{pk}/revocations/")).status_code == 404
