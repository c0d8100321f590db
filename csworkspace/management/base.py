"""What every shell command of the product shares: a workspace, JSON, and clear failures."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from csworkspace.audit.actor import SHELL
from csworkspace.jobs.actions import jobs_inline
from csworkspace.tenancy.door import WorkspaceRef, find_workspace


class WorkspaceCommand(BaseCommand):
    """A command on one workspace: `manage.py NAME SLUG …`.

    Subclasses write `run(workspace, **options)`, open the workspace themselves
    (long commands do so in parts), return the figures to report, and raise
    CommandError with a sentence that says what is wrong and what to do. Jobs that
    are started run in this process, and one that fails is the command's failure. With
    `--json` the last line is one JSON object; a failure exits with 1, and has "error" in it.
    """

    by = SHELL

    def add_arguments(self, parser: CommandParser) -> None:
        """The workspace's slug, and --json."""
        parser.add_argument("workspace", metavar="SLUG", help="the workspace's slug")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Do the work; see the class."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the workspace, run, and report."""
        figures: Mapping[str, Any] = {}
        try:
            with jobs_inline() as failures:
                figures = self.run(self._find(options.pop("workspace")), **options)
            if failures:
                raise CommandError(f"Done, but not all that follows from it. {' '.join(failures)}")
        except CommandError as error:
            if options["json"]:
                self.report({**figures, "error": str(error)}, as_json=True)
            raise
        self.report(figures, as_json=options["json"])

    def _find(self, slug: str) -> WorkspaceRef:
        found = find_workspace(slug, f"shell: {sys.argv[1] if len(sys.argv) > 1 else 'command'}")
        if found is None:
            raise CommandError(f"There is no workspace {slug!r}. Make one with: manage.py create_workspace")
        return found

    def report(self, figures: Mapping[str, Any], *, as_json: bool) -> None:
        """Print the figures, as JSON on one line or one a line."""
        if as_json:
            self.stdout.write(json.dumps(dict(figures), default=str))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:>16}  {value}")
