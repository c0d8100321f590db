"""What gets through the wall: nothing, whatever happens to the connection."""

import random
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DataError, ProgrammingError

from accounts.accounts.models import Account
from accounts.tiers.models import Tier
from csworkspace.files.models import StoredFile
from csworkspace.people.models import Membership, User
from csworkspace.tenancy.actions import create_workspace
from csworkspace.tenancy.database import (
    NoWorkspaceOpen,
    confine_to_accounts,
    current_workspace_id,
    introduce_user,
    open_workspace,
    read_local,
    set_local,
)
from csworkspace.tenancy.models import Workspace
from tests.kit import make_world


def make(slug: str, accounts: int = 1) -> int:
    with transaction.atomic():
        home = create_workspace(slug.title(), slug).pk
        for number in range(accounts):
            Account.objects.create(name=f"{slug} {number}")
    return home


def seen() -> list[str]:
    return sorted(Account.objects.values_list("name", flat=True))


def test_a_workspace_sees_its_own_rows_and_no_other(here, elsewhere):
    assert list(Account.objects.all()) == [here.account]
    assert list(Workspace.objects.all()) == [here.workspace]
    assert {m.workspace_id for m in Membership.objects.all()} == {here.workspace.pk}
    with open_workspace(elsewhere.workspace.pk):
        assert list(Account.objects.all()) == [elsewhere.account]
    assert current_workspace_id() == here.workspace.pk, "the outer workspace is open again"


def test_without_a_workspace_nothing_is_seen_or_written(here):
    set_local(workspace="")
    assert (list(Account.objects.all()), list(Workspace.objects.all())) == ([], [])
    assert Account.objects.filter(pk=here.account.pk).update(name="x") == 0
    assert Account.objects.filter(pk=here.account.pk).delete()[0] == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Account.objects.create(name="nowhere")
    with pytest.raises(NoWorkspaceOpen):
        current_workspace_id()
    set_local(workspace="not a number")
    with pytest.raises(DataError), transaction.atomic():
        Account.objects.count()


def test_nothing_is_written_into_another_workspace(here, elsewhere):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Account.objects.create(name="smuggled", workspace_id=elsewhere.workspace.pk)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Account.objects.filter(pk=here.account.pk).update(workspace_id=elsewhere.workspace.pk)
    assert Account.objects.filter(pk=elsewhere.account.pk).update(name="x") == 0
    assert Account.objects.filter(pk=elsewhere.account.pk).delete()[0] == 0


def test_a_parent_of_another_workspace_is_refused(here, elsewhere):
    with open_workspace(elsewhere.workspace.pk):
        theirs = Tier.objects.create(name="Theirs", position=1)
    connection.cursor().execute("set constraints all immediate")
    with pytest.raises(IntegrityError, match="tier_id_ws"), transaction.atomic():
        Account.objects.create(name="child", tier_id=theirs.pk)
    with pytest.raises(IntegrityError, match="owner_id_ws"), transaction.atomic():
        Account.objects.filter(pk=here.account.pk).update(owner_id=elsewhere.members["csm"].pk)


def test_the_same_key_in_two_workspaces_is_no_conflict(here, elsewhere):
    """A key without the workspace would tell of other tenants' rows, and drop one of ours in silence."""
    with open_workspace(elsewhere.workspace.pk):
        Tier.objects.create(name="Gold", position=1)
    Tier.objects.bulk_create([Tier(name="Gold", position=1)], ignore_conflicts=True)
    assert Tier.objects.filter(name="Gold").count() == 1


def test_a_customer_sees_only_their_accounts(here):
    other = Account.objects.create(name="Other customer")
    confine_to_accounts([here.account.pk])
    assert list(Account.objects.all()) == [here.account]
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Account.objects.filter(pk=here.account.pk).update(id=other.pk + 1000)
    confine_to_accounts([])
    assert list(Account.objects.all()) == []
    set_local(accounts="")
    assert Account.objects.count() == 2


def test_a_person_is_shown_their_own_memberships_and_cannot_write_them(here, elsewhere):
    set_local(workspace="")
    introduce_user(here.members["csm"].user_id)
    assert list(Membership.objects.all()) == [here.members["csm"]]
    assert list(Workspace.objects.all()) == [here.workspace]
    assert Membership.objects.update(role="admin") == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Membership.objects.create(
            user=here.members["csm"].user, role="admin", workspace_id=elsewhere.workspace.pk
        )


def test_settings_need_a_transaction(transactional_db):
    with pytest.raises(NoWorkspaceOpen):
        set_local(workspace="1")
    with pytest.raises(NoWorkspaceOpen):
        introduce_user(1)


@pytest.mark.django_db(transaction=True)
def test_a_reused_connection_remembers_nothing():
    home = make("home")
    for end in (None, RuntimeError("rolled back")):
        try:
            with open_workspace(home):
                assert seen() == ["home 0"]
                if end:
                    raise end
        except RuntimeError:
            pass
        assert (seen(), Account.objects.count()) == ([], 0)
        with transaction.atomic():
            assert (seen(), read_local("workspace")) == ([], "")
    with transaction.atomic():
        try:
            with transaction.atomic():
                set_local(workspace=str(home))
                raise RuntimeError
        except RuntimeError:
            pass
        assert seen() == [], "a rolled back savepoint takes its setting with it"


@pytest.mark.django_db(transaction=True)
def test_many_workspaces_take_turns_on_one_connection():
    """As behind PgBouncer in transaction mode: each transaction another tenant's, some of them broken off."""
    homes = {make(f"w{number}", 2): f"w{number}" for number in range(5)}
    order = random.Random(7)
    for turn in range(150):
        home = order.choice(list(homes))
        try:
            with open_workspace(home):
                assert seen() == [f"{homes[home]} 0", f"{homes[home]} 1"]
                if turn % 3 == 0:
                    connection.cursor().execute("select 1 / 0")
        except DataError:
            pass
        assert Account.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_meet():
    homes = {make(f"t{number}"): f"t{number}" for number in range(4)}
    wrong: list[object] = []

    def work(home: int, slug: str) -> None:
        try:
            for _ in range(25):
                with open_workspace(home):
                    if seen() != [f"{slug} 0"]:
                        wrong.append((slug, seen()))
                if Account.objects.count():
                    wrong.append(slug)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=item) for item in homes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


@pytest.mark.parametrize(
    "sql",
    [
        "truncate csworkspace_job",
        "update csworkspace_auditentry set verb = 'x'",
        "delete from csworkspace_auditentry",
        "insert into csworkspace_doorcrossing (reason, day, crossings, last_at) values ('', now(), 1, now())",
        "delete from django_migrations",
        "alter table accounts_account disable row level security",
        "drop policy wall on accounts_account",
        "create table mine (id int)",
        "set role csw_owner",
        "set session authorization csw_owner",
        "create function f() returns int language sql as 'select 1'",
    ],
)
def test_the_app_cannot_change_the_wall(here, sql):
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(sql)


def test_copy_out_is_filtered_too(here, elsewhere):
    import io

    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert("copy (select id from accounts_account) to stdout", out)
    assert out.getvalue().split() == [str(here.account.pk)]


def test_a_new_workspace_does_not_open_others(db):
    first = make_world("first")
    second = make_world("second")
    assert current_workspace_id() == second.workspace.pk
    assert [a.pk for a in Account.objects.all()] == [second.account.pk]
    assert User.objects.count() == len(first.members) + len(second.members), "people are not tenants"
    assert StoredFile.objects.count() == 0
