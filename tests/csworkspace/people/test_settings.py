"""Settings, members, keys and the person's own page."""

import threading

import pytest
from django.db import connection, transaction

from csworkspace.api.keys import hash_key
from csworkspace.audit.models import AuditEntry
from csworkspace.people.actions import LastAdmin, deactivate_member
from csworkspace.people.models import ApiKey, Membership, Role, User
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.models import Workspace
from tests.kit import BY, client_of, make_person, make_world


@pytest.fixture
def admin(here):
    return client_of(here.members["admin"])


def verbs(object_type: str) -> list[str]:
    return list(
        AuditEntry.objects.filter(object_type=object_type).order_by("id").values_list("verb", flat=True)
    )


def test_settings_are_saved_and_audited(here, admin):
    url = here.url("settings/workspace/")
    good = {"name": " North\x07wind  Ltd ", "timezone": "Europe/Berlin", "currency": "eur"}
    assert admin.post(url, good)["Location"] == url
    saved = Workspace.objects.get()
    assert (saved.name, saved.timezone, saved.currency) == ("North wind Ltd", "Europe/Berlin", "EUR")
    entry = AuditEntry.objects.get(object_type="workspace")
    assert (entry.before["currency"], entry.after["currency"]) == ("USD", "EUR")


@pytest.mark.parametrize(
    ("field", "value"), [("timezone", "Mars/Base"), ("currency", "EURO"), ("currency", "12"), ("name", "")]
)
def test_bad_settings_are_refused_and_kept_on_the_page(here, admin, field, value):
    good = {"name": "Other", "timezone": "Europe/Berlin", "currency": "EUR"}
    response = admin.post(here.url("settings/workspace/"), {**good, field: value})
    assert response.status_code == 422
    assert "error-summary" in response.text
    assert "<title>Settings · Northwind</title>" in response.text, "the frame shows what is saved"
    assert Workspace.objects.get().currency == "USD"


def test_members_are_listed_filtered_and_only_ours(here, elsewhere, admin):
    url = here.url("settings/members/")
    emails = [row.email for row in admin.get(url).context["members"]]
    assert sorted(emails) == sorted(f"{role}@northwind.example" for role in Role.values)
    assert emails[-1] == "viewer@northwind.example", "customers come last"
    customers = [row.email for row in admin.get(url, {"show": "customers"}).context["members"]]
    assert customers == ["viewer@northwind.example"]
    assert len(admin.get(url, {"show": "nonsense"}).context["members"]) == 5


def test_a_role_is_changed(here, admin):
    csm = here.members["csm"]
    admin.post(here.url(f"settings/members/{csm.pk}/roles/"), {"role": "manager"})
    csm.refresh_from_db()
    assert csm.role == "manager"
    entry = AuditEntry.objects.get(object_type="membership", verb="changed role")
    assert (entry.before, entry.after, entry.actor) == (
        {"role": "csm"},
        {"role": "manager"},
        "Admin of Northwind",
    )


@pytest.mark.parametrize(
    ("who", "role", "complaint"),
    [
        ("csm", "owner", "Choose one of the roles."),
        ("csm", "viewer", "Choose one of the roles."),
        ("viewer", "admin", "A customer&#x27;s role cannot be changed"),
        ("admin", "csm", "needs at least one active admin"),
    ],
)
def test_roles_that_are_refused(here, admin, who, role, complaint):
    member = here.members[who]
    response = admin.post(here.url(f"settings/members/{member.pk}/roles/"), {"role": role}, follow=True)
    assert complaint in response.text
    member.refresh_from_db()
    assert member.role == who


def test_a_deactivated_member_is_out_and_can_come_back(here, admin):
    csm = here.members["csm"]
    theirs = client_of(csm)
    assert theirs.get(here.url("jobs/")).status_code == 200
    admin.post(here.url(f"settings/members/{csm.pk}/deactivations/"))
    assert theirs.get(here.url("jobs/")).status_code == 404
    admin.post(here.url(f"settings/members/{csm.pk}/reactivations/"))
    assert theirs.get(here.url("jobs/")).status_code == 200
    assert verbs("membership") == ["deactivated", "reactivated"]


def test_the_last_admin_stays(here, admin):
    me = here.members["admin"]
    response = admin.post(here.url(f"settings/members/{me.pk}/deactivations/"), follow=True)
    assert "at least one active admin" in response.text
    Membership.objects.create(user=make_person("second@x.example"), role="admin", is_active=False)
    with pytest.raises(LastAdmin):
        deactivate_member(me, by=BY)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_leave_at_once_do_not_both_leave():
    with transaction.atomic():
        world = make_world("home")
        second = Membership.objects.create(user=make_person("second@x.example"), role="admin")
    home, admins = world.workspace.pk, [world.members["admin"], second]
    barrier, outcomes = threading.Barrier(2), []

    def leave(member: Membership) -> None:
        try:
            with open_workspace(home):
                barrier.wait(5)
                deactivate_member(member, by=BY)
            outcomes.append("left")
        except LastAdmin:
            outcomes.append("stayed")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(member,)) for member in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == ["left", "stayed"]


def test_a_key_is_shown_once_stored_hashed_and_revoked(here, admin):
    url = here.url("settings/api-keys/")
    answer = admin.post(url, {"name": "Product <b>events</b>"})
    assert (answer.status_code, answer["Location"]) == (302, url)
    shown = admin.get(url)
    text = shown.context["made"]["text"]
    for response in (answer, shown):
        assert "no-store" in response["Cache-Control"]
    assert text in shown.text
    assert "<b>events" not in shown.text
    again = admin.get(url).text
    assert text not in again
    key = ApiKey.objects.get()
    assert (key.key_hash, key.hint) == (hash_key(text), f"…{text[-4:]}")
    assert f"…{text[-4:]}" in again
    admin.post(here.url(f"settings/api-keys/{key.pk}/revocations/"))
    admin.post(here.url(f"settings/api-keys/{key.pk}/revocations/"))
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert verbs("apikey") == ["created", "revoked"]


def test_a_key_needs_a_name(here, admin):
    assert admin.post(here.url("settings/api-keys/"), {"name": " \n"}).status_code == 422
    assert ApiKey.objects.count() == 0


def test_a_person_names_themselves(here):
    client = client_of(here.members["viewer"])
    assert client.post("/you/", {"name": "Vera\nViewer"})["Location"] == "/you/"
    assert User.objects.get(email="viewer@northwind.example").name == "Vera Viewer"
    assert client.post("/you/", {"name": ""}).status_code == 422


def test_the_switcher_names_the_other_workspaces(here, elsewhere):
    user = here.members["csm"].user
    with open_workspace(elsewhere.workspace.pk):
        Membership.objects.create(user=user, role="manager")
    page = client_of(here.members["csm"]).get(here.url("jobs/")).text
    assert 'href="/w/northwind-traders/"' in page
    assert (
        'href="/w/northwind-traders/"' not in client_of(here.members["manager"]).get(here.url("jobs/")).text
    )


def test_settings_begin_where_the_role_may(here):
    start = here.url("settings/")
    assert client_of(here.members["admin"]).get(start)["Location"] == here.url("settings/workspace/")
    manager = client_of(here.members["manager"])
    tabs = manager.get(manager.get(start)["Location"]).text
    assert "API keys" not in tabs
    assert here.url("settings/members/") not in tabs


@pytest.mark.parametrize("more", [1, 3])
def test_lists_take_the_same_queries_however_long(here, admin, django_assert_num_queries, more):
    from csworkspace.api.actions import create_key
    from csworkspace.audit.actor import Actor
    from csworkspace.invitations.actions import invite

    by = Actor("Ada", "test", membership_id=here.members["admin"].pk)
    for number in range(more):
        Membership.objects.create(user=make_person(f"m{number}@x.example"), role="csm")
        create_key(f"key {number}", by=by)
        invite(f"i{number}@x.example", "csm", by=by)
    own = 5  # of the test client
    for path, queries in (("members", 8), ("api-keys", 8), ("invitations", 8), ("audit", 11)):
        with django_assert_num_queries(own + queries):
            admin.get(here.url(f"settings/{path}/"))
