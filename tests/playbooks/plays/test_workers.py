"""A play with a real worker that is killed in the middle of a step."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from csworkspace.embedded import services
from playbooks.plays.models import Play
from tests.csworkspace.jobs.test_workers import Worker, flush, stored, wait
from tests.kit import make_world
from tests.playbooks.plays.kit import make_playbook, start, states, step
from tests.services import STATE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class PlayWorker(Worker):
    app = "tests.playbooks.plays.worker_app"


def test_a_killed_worker_repeats_no_step(tmp_path: Path) -> None:
    flush()
    worker: Any = PlayWorker(tmp_path)
    worker.start()
    try:
        with transaction.atomic():
            world = make_world("home")
            steps = [step(key, "linger", folder=str(tmp_path), seconds=0) for key in "abc"]
            steps[1]["params"]["seconds"] = 2
            play = start(make_playbook(steps=steps), world.account)
        wait(lambda: any(tmp_path.glob("began-b-*")), 90)
        worker.kill()
        assert stored(world.workspace.pk) == ["step a"]
        worker.start()
        wait(lambda: ended(world, play), 90)
        with transaction.atomic():
            world.open()
            assert states(play) == [("a", "done"), ("b", "done"), ("c", "done")]
        assert stored(world.workspace.pk) == ["step a", "step b", "step c"]
        assert [len(list(tmp_path.glob(f"began-{key}-*"))) for key in "abc"] == [1, 2, 1]
    finally:
        worker.kill()
        services.ensure(STATE, durable=False)


def ended(world: Any, play: Play) -> bool:
    with transaction.atomic():
        world.open()
        return bool(Play.objects.get(pk=play.pk).state == "done")
