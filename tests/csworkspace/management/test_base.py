"""What all commands share."""

import io
import json

import pytest
from django.core.management import CommandError
from django.db import transaction

from csworkspace.jobs.actions import start_job
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.database import current_workspace_id, open_workspace
from tests.csworkspace.jobs import kinds  # noqa: F401 (registers the kinds)
from tests.kit import BY, make_world


class Follow(WorkspaceCommand):
    """Starts a job that refuses."""

    def run(self, workspace, **options):
        with open_workspace(workspace.id):
            start_job("test.refused", "Count the dates", by=BY)
        return {"read": 3}


class Count(WorkspaceCommand):
    def run(self, workspace, **options):
        with open_workspace(workspace.id):
            if options.get("verbosity") == 3:
                raise CommandError("The file is empty.")
            return {"workspace": current_workspace_id(), "seconds": 1.5}


def call(slug: str, **options) -> str:
    out = io.StringIO()
    Count(stdout=out).handle(workspace=slug, json=options.pop("as_json", True), **options)
    return out.getvalue()


def test_figures_as_one_line_of_json(here):
    assert json.loads(call("northwind").splitlines()[-1]) == {"workspace": here.workspace.pk, "seconds": 1.5}
    assert call("northwind", as_json=False).split() == ["workspace", str(here.workspace.pk), "seconds", "1.5"]


def test_failures_are_sentences_and_json_too(here, capsys):
    with pytest.raises(CommandError, match="There is no workspace 'nowhere'"):
        call("nowhere")
    out = io.StringIO()
    with pytest.raises(CommandError, match="The file is empty"):
        Count(stdout=out).handle(workspace="northwind", json=True, verbosity=3)
    assert json.loads(out.getvalue()) == {"error": "The file is empty."}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_the_commands_failure():
    with transaction.atomic():
        make_world("northwind")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Count the dates: Line 3 has no date"):
        Follow(stdout=out).handle(workspace="northwind", json=True)
    figures = json.loads(out.getvalue())
    assert (figures["read"], "Line 3 has no date." in figures["error"]) == (3, True)
