"""`check --database default` fails when the app's role could see through the wall."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from csworkspace.embedded import services
from csworkspace.tenancy.checks import app_role_is_confined
from csworkspace.tenancy.owner import as_owner
from tests.services import STATE

PROJECT = Path(__file__).parents[3]


def check(role: str) -> subprocess.CompletedProcess[str]:
    url = services.urls(STATE).database_url.replace("csw_app@", f"{role}@")
    environment = {**os.environ, "DATABASE_URL": url, "OWNER_DATABASE_URL": url, "SECRET_KEY": "x" * 60}
    command = [sys.executable, "manage.py", "check", "--database", "default"]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["postgres", "csw_ops"])
def test_a_role_that_sees_all_is_refused(db, role):
    done = check(role)
    assert done.returncode == 1
    assert "csworkspace.E001" in done.stderr
    assert "could see through the wall" in done.stderr


@pytest.mark.slow
def test_the_apps_own_role_passes(db):
    assert check("csw_app").returncode == 0


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_is_refused():
    with as_owner():
        (error,) = app_role_is_confined(databases=["default"])
    assert error.id == "csworkspace.E001"
    assert app_role_is_confined(databases=["default"]) == []
    assert app_role_is_confined() == []
