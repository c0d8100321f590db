"""Throw-away services for the tests, with the app's role on the connection."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.services import STATE


def pytest_configure(config: Any) -> None:
    """Sign-in is not what most tests are about: hash passwords fast."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """All browser tests share one site, so they stay in one worker; the others go wherever there is time."""
    from xdist.scheduler import LoadScopeScheduling

    class OneSite(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/browser" if nodeid.startswith("tests/browser/") else nodeid

    return OneSite(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """A fresh embedded server per test process, migrated by the owner's role."""
    from django.core.management import call_command
    from django.test import TransactionTestCase

    from csworkspace.embedded import services

    services.ensure(STATE, durable=False)
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
    # Transactional tests clean up as the owner: the app's role may not TRUNCATE. For the whole
    # session, because pytest-django cleans up after a test's own patches are gone.
    TransactionTestCase._fixture_teardown = lambda self: truncate_all()


def truncate_all() -> None:
    """Empty every table but the record of migrations."""
    from django.db import connection

    from csworkspace.tenancy.owner import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(tablename), ', ') from pg_tables "
            "where schemaname = 'public' and tablename not in ('django_migrations', 'django_content_type')"
        )
        cursor.execute(f"truncate {cursor.fetchone()[0]} restart identity cascade")


@pytest.fixture
def clean_cache(django_db_setup: None) -> Iterator[None]:
    """An empty cache before and after; where the services run, also for a test without a database."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def here(db: None) -> Any:
    """The workspace of the test, open; a lookalike exists beside it (see `elsewhere`)."""
    from accounts.usage import store
    from tests.kit import make_world

    # What a test's jobs told of months is gone with its transaction.
    store._months.clear()
    make_world("northwind-traders", "Northwind Traders")
    return make_world("northwind", "Northwind")


@pytest.fixture
def elsewhere(here: Any) -> Any:
    """The lookalike workspace; `here` stays open."""
    from accounts.accounts.models import Account
    from csworkspace.people.models import Membership, Role
    from csworkspace.tenancy.database import open_workspace
    from csworkspace.tenancy.door import find_workspace
    from csworkspace.tenancy.models import Workspace
    from tests.kit import World

    found = find_workspace("northwind-traders", "test")
    assert found is not None
    with open_workspace(found.id):
        members = {m.role: m for m in Membership.objects.select_related("user")}
        assert set(members) == set(Role.values)
        return World(Workspace.objects.get(), members, Account.objects.get())


@pytest.fixture
def csm(here: Any) -> Any:
    """A client signed in as the workspace's CSM."""
    from tests.kit import client_of

    return client_of(here.members["csm"])


@pytest.fixture
def manager(here: Any) -> Any:
    """A client signed in as the workspace's manager."""
    from tests.kit import client_of

    return client_of(here.members["manager"])


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Any:
    """Do something and let the jobs that it started run."""
    from csworkspace.jobs.actions import jobs_inline

    def act(do: Any, *args: Any, **named: Any) -> Any:
        with jobs_inline(), django_capture_on_commit_callbacks(execute=True):
            return do(*args, **named)

    return act
