"""`manage.py backfill_scores SLUG --from 2014-01-06 --to 2016-12-26 --every monday --known received`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.accounts.models import Account
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef
from playbooks.frameworks.assessing import CHUNK
from playbooks.frameworks.jobs import chunks
from playbooks.indicators.days import days_between
from playbooks.indicators.evaluating import Known
from playbooks.scores.actions import keep_default_model, refresh_scores
from playbooks.scores.backfill import backfill_scores


class Command(WorkspaceCommand):
    """Write scores for past days that have none; a score that was kept is never replaced."""

    help = "Work out value scores of past days from data that were loaded later; twice does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        """The days, and which data count for them."""
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, metavar="DAY")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="yesterday")
        parser.add_argument("--every", choices=["monday", "month"], default="month", help="month: its end")
        parser.add_argument("--known", choices=list(Known), default=Known.RECEIVED, help="see docs/scores.md")

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Five hundred accounts at a time, each in a transaction of its own."""
        with open_workspace(workspace.id):
            day = today()
            keep_default_model()
            ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
        last = options["last"] or date.fromordinal(day.toordinal() - 1)
        if last >= day or options["first"] > last:
            raise CommandError("Give days in order, the last one before today: --from DAY --to DAY.")
        days = days_between(options["first"], last, options["every"])
        written = 0
        for group in chunks(ids, CHUNK):
            with open_workspace(workspace.id):
                written += backfill_scores(group, days, Known(options["known"]))
                refresh_scores(group)
        return {"days": len(days), "accounts": len(ids), "scores written": written}
