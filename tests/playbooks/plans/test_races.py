"""Two people at the same plan at the same moment."""

import threading
import time

import pytest
from django.db import connection, transaction

from csworkspace.tenancy.database import open_workspace
from playbooks.frameworks.models import Behaviour
from playbooks.plans.actions import create_plan
from playbooks.plans.change import lock_plan
from playbooks.plans.content import adopt_behaviour
from playbooks.plans.models import Practice
from tests.kit import BY, make_world
from tests.playbooks.kit import TODAY, ago, make_framework, make_metric


def wait_until_blocked() -> None:
    """Return when somebody waits for a lock of this database."""
    blocked = "select exists (select from pg_locks where not granted)"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_two_who_adopt_a_behaviour_at_once_adopt_it_once():
    with transaction.atomic():
        world = make_world("home")
        make_framework(make_metric())
        behaviour = Behaviour.objects.select_related("level").get(name="Plans ahead")
        plan = create_plan(world.account, by=BY, title="Plan", starts_on=ago(9), ends_on=TODAY)
    adopted: list[int] = []

    def adopt() -> None:
        try:
            with open_workspace(world.workspace.pk):
                adopted.append(adopt_behaviour(plan, behaviour, by=BY).pk)
        finally:
            connection.close()

    other = threading.Thread(target=adopt)
    with open_workspace(world.workspace.pk):
        lock_plan(plan.pk)
        other.start()
        wait_until_blocked()
        adopted.append(adopt_behaviour(plan, behaviour, by=BY).pk)
    other.join(10)
    with open_workspace(world.workspace.pk):
        assert adopted == [Practice.objects.get().pk] * 2
