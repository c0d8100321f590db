"""Inviting people, and what they do with it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from csworkspace.audit.models import AuditEntry
from csworkspace.invitations import hooks
from csworkspace.invitations.actions import InvitationRefused, accept_invitation, invite
from csworkspace.jobs.actions import jobs_inline
from csworkspace.jobs.models import Job
from csworkspace.people.models import Invitation, Membership, User
from csworkspace.people.persons import ensure_person
from csworkspace.tenancy.database import open_workspace
from tests.kit import PASSWORD, WalledClient, client_of, make_person

NEW = "new@customer.example"
JOIN = {"name": "Nora New", "password": "a quite long sentence"}


@pytest.fixture
def admin(here):
    return client_of(here.members["admin"])


@pytest.fixture
def binding(monkeypatch):
    """Accounts known by name, and who was bound to which."""
    bound = []
    fake = hooks.AccountBinding(
        find=lambda names: {name: {"Acme": [7], "Twice": [8, 9]}.get(name, []) for name in names},
        label=lambda ids: {7: "Acme"},
        bind=lambda member, ids, by: bound.append((member.user.email, list(ids))),
    )
    monkeypatch.setattr(hooks, "_binding", [fake])
    return bound


@pytest.fixture
def send(here, admin, django_capture_on_commit_callbacks, settings):
    """Invite through the page and deliver the mail; the path of the mailed link."""
    settings.MAIL_CONFIGURED = True

    def act(email: str = NEW, role: str = "csm", **fields) -> str:
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            url = here.url("settings/invitations/")
            response = admin.post(url, {"email": email, "role": role, **fields}, follow=True)
        assert response.redirect_chain == [(url, 302)], response.text
        act.copied = path_of(response.context["invited"]["link"])
        return path_of(mail.outbox[-1].body)

    return act


def path_of(text: str) -> str:
    return re.search(r"http://localhost:8000(/invitations/\S+)", text)[1]


def members(email: str) -> list[tuple[str, bool]]:
    return list(Membership.objects.filter(user__email=email).values_list("role", "is_active"))


def test_a_new_person_joins_with_name_and_password(here, send):
    path = send()
    assert mail.outbox[-1].to == [NEW]
    client = WalledClient()
    assert "Nora" not in client.get(path).text
    response = client.post(path, JOIN)
    assert response["Location"] == "/w/northwind/book/"
    assert members(NEW) == [("csm", True)]
    user = User.objects.get(email=NEW)
    assert (user.name, user.check_password(JOIN["password"])) == ("Nora New", True)
    assert EmailAddress.objects.get(user=user).verified
    assert client.get(here.url("jobs/")).status_code == 200, "signed in"
    assert WalledClient().get(path).status_code == 404, "the link worked once"
    assert AuditEntry.objects.filter(verb="accepted").get().actor == "Nora New"


def test_no_row_holds_a_secret(here, send):
    path = send()
    secret = path.split("/")[2]
    copied = send.copied.split("/")[2]
    stored = (
        str(list(Invitation.objects.values()))
        + str(list(Job.objects.values()))
        + str(list(AuditEntry.objects.values()))
    )
    assert secret not in stored
    assert copied not in stored
    assert secret != copied


def test_a_person_who_signs_in_here_already_must_do_so(here, send):
    known = make_person("known@customer.example")
    path = send(known.email)
    stranger = WalledClient()
    assert f"/sign-in/login/?next={path}" in stranger.get(path).text
    assert stranger.post(path, JOIN).status_code == 200
    assert (members(known.email), known.check_password(PASSWORD)) == ([], True)
    client = WalledClient()
    client.force_login(known, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Join as" in client.get(path).text
    assert client.post(path)["Location"] == "/w/northwind/book/"
    assert members(known.email) == [("csm", True)]


def test_an_invitation_is_for_its_address_only(here, send):
    other = make_person("other@customer.example")
    client = WalledClient()
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = send()
    assert "You are signed in as other@customer.example" in client.get(path).text
    assert client.post(path).status_code == 403
    assert members(other.email) == []
    EmailAddress.objects.create(user=other, email=NEW, verified=False)
    assert client.post(path).status_code == 403, "an address that is claimed but not shown"


def test_the_copied_link_does_not_prove_the_address(here, send):
    send()
    client = WalledClient()
    assert client.post(send.copied, JOIN)["Location"] == "/sign-in/confirm-email/"
    assert not EmailAddress.objects.get(email=NEW).verified
    assert client.get(here.url("jobs/"))["Location"].startswith("/sign-in/login/")


def test_the_copied_link_does_not_take_over_an_unproven_person(here, send):
    squatter, _ = ensure_person(NEW, verified=False)
    squatter.set_password("the squatter's own")
    squatter.save()
    path = send()
    assert WalledClient().post(send.copied, JOIN).status_code == 404
    WalledClient().post(path, JOIN)
    squatter.refresh_from_db()
    assert squatter.check_password(JOIN["password"]), "the mailed link does: it shows whose address it is"


def test_without_a_mail_server_the_copied_link_is_enough(here, send, settings):
    send()
    settings.MAIL_CONFIGURED = False
    assert WalledClient().post(send.copied, JOIN)["Location"] == "/w/northwind/book/"


@pytest.mark.parametrize("case", ["expired", "withdrawn", "another workspace", "nonsense", "long"])
def test_links_that_do_not_work_all_look_the_same(here, elsewhere, admin, send, case):
    path = send()
    invitation = Invitation.objects.get()
    if case == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif case == "withdrawn":
        admin.post(here.url(f"settings/invitations/{invitation.pk}/withdrawals/"))
    elif case == "another workspace":
        path = path.replace(f"/{here.workspace.pk}-", f"/{elsewhere.workspace.pk}-")
    else:
        path = "/invitations/" + ("x" if case == "nonsense" else "9" * 18 + "-" + "a" * 43) + "/"
    for response in (WalledClient().get(path), WalledClient().post(path, JOIN)):
        assert response.status_code == 404
        assert "This invitation no longer works" in response.text
        assert "Northwind" not in response.text
    assert members(NEW) == []


def test_sending_again_replaces_the_links(here, admin, send, django_capture_on_commit_callbacks):
    first, copied = send(), send.copied
    pk = Invitation.objects.get().pk
    with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
        response = admin.post(here.url(f"settings/invitations/{pk}/sendings/"), follow=True)
    assert response.redirect_chain == [(here.url("settings/invitations/"), 302)]
    shown, second = path_of(response.context["invited"]["link"]), path_of(mail.outbox[-1].body)
    codes = [WalledClient().get(path).status_code for path in (first, copied, second, shown)]
    assert codes == [404, 404, 200, 200]
    send()
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1, "a new one withdraws the old one"


def test_the_link_is_shown_once_and_a_reload_sends_nothing(here, admin, send):
    mailed = send()
    again = admin.get(here.url("settings/invitations/"))
    assert (again.context["invited"], send.copied in again.text, len(mail.outbox)) == (None, False, 1)
    assert "no-store" in again["Cache-Control"]
    assert [WalledClient().get(path).status_code for path in (mailed, send.copied)] == [200, 200]


def test_weak_passwords_are_refused_and_the_name_is_kept(here, send):
    path = send()
    for password in ("short", "1234567890", "password123", NEW):
        response = WalledClient().post(path, {"name": "Nora <b>", "password": password})
        assert response.status_code == 422
        assert 'value="Nora &lt;b&gt;"' in response.text
    assert not User.objects.filter(email=NEW).exists()


def test_customers_are_bound_to_accounts(here, send, binding):
    path = send(role="viewer", accounts="Acme\n")
    WalledClient().post(path, JOIN)
    assert (members(NEW), binding) == ([("viewer", True)], [(NEW, [7])])


def test_an_invited_customer_sees_the_account_and_no_other(here, elsewhere, send):
    from accounts.accounts.models import PortalViewer

    path = send(role="viewer", accounts="Acme Industries")
    client = WalledClient()
    assert client.post(path, JOIN)["Location"] == "/w/northwind/portal/"
    assert list(PortalViewer.objects.values_list("account_id", flat=True)) == [here.account.pk]
    assert client.get(here.url("book/")).status_code == 404


def test_a_customer_who_is_invited_again_sees_only_the_new_accounts(here, admin, send):
    from accounts.accounts.models import Account, PortalViewer

    viewer = here.members["viewer"]
    kept, beta = Account.objects.create(name="Kept"), Account.objects.create(name="Beta")
    for account in (here.account, kept):
        PortalViewer.objects.create(membership=viewer, account=account)
    PortalViewer.objects.create(membership=here.members["csm"], account=here.account)
    admin.post(here.url(f"settings/members/{viewer.pk}/deactivations/"))
    path = send(viewer.user.email, "viewer", accounts="Beta\nKept")
    client_of(viewer).post(path)
    assert list(viewer.portal_bindings.order_by("account__name").values_list("account__name", flat=True)) == [
        "Beta",
        "Kept",
    ]
    assert PortalViewer.objects.filter(account=here.account).count() == 1, "of somebody else"
    entry = AuditEntry.objects.get(verb="closed to customer")
    assert (entry.object_id, entry.before) == (here.account.pk, {"viewer": viewer.user.email})
    assert AuditEntry.objects.get(verb="opened to customer").object_id == beta.pk


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"role": "viewer"}, "Name at least one account"),
        ({"role": "viewer", "accounts": "Nobody"}, "There is no account called “Nobody”"),
        ({"role": "viewer", "accounts": "Twice"}, "2 accounts are called “Twice”"),
        ({"role": "csm", "accounts": "Acme"}, "Only customers are bound"),
        ({"role": "king"}, "king is not one of the available choices"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"email": "csm@northwind.example"}, "is a member of this workspace already"),
    ],
)
def test_bad_invitations(here, admin, binding, fields, complaint):
    response = admin.post(here.url("settings/invitations/"), {"email": NEW, "role": "csm", **fields})
    assert response.status_code == 422
    assert complaint in response.text
    assert Invitation.objects.count() == 0


def test_a_deactivated_member_who_is_invited_again_comes_back(here, admin, send):
    csm = here.members["csm"]
    admin.post(here.url(f"settings/members/{csm.pk}/deactivations/"))
    path = send(csm.user.email, "manager")
    client = WalledClient()
    client.force_login(csm.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(path)
    assert members(csm.user.email) == [("manager", True)]


def test_a_member_does_not_change_role_by_a_second_address(here, send):
    me = here.members["admin"]
    EmailAddress.objects.create(user=me.user, email="second@x.example", verified=True)
    path = send("second@x.example", "executive")
    client = client_of(me)
    assert client.get(path)["Location"] == "/"
    assert client.post(path)["Location"] == "/"
    me.refresh_from_db()
    assert me.role == "admin"


def test_one_invitation_is_accepted_once(here):
    from csworkspace.audit.actor import Actor

    by = Actor("Ada", "test", membership_id=here.members["admin"].pk)
    invitation = invite(NEW, "csm", by=by).invitation
    accept_invitation(invitation, origin="x", mailed=True, **JOIN)
    with pytest.raises(InvitationRefused, match="has been used"):
        accept_invitation(invitation, origin="x", mailed=True, **JOIN)


def test_only_our_invitations_are_listed(here, elsewhere, admin, send):
    send()
    with open_workspace(elsewhere.workspace.pk):
        from csworkspace.audit.actor import Actor

        by = Actor("Eve", "test", membership_id=elsewhere.members["admin"].pk)
        theirs = invite("x@y.example", "csm", by=by).invitation
    assert [row.email for row in admin.get(here.url("settings/invitations/")).context["invitations"]] == [NEW]
    for act in ("withdrawals", "sendings"):
        assert admin.post(here.url(f"settings/invitations/{theirs.pk}/{act}/")).status_code == 404
