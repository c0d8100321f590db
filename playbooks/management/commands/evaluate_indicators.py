"""`evaluate_indicators SLUG --from 2014-01-06 --to 2016-12-26`: replay indicators on past days."""

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.accounts.models import Account
from csworkspace.exports.csvfile import write_file
from csworkspace.management.base import WorkspaceCommand
from csworkspace.tenancy.clock import today
from csworkspace.tenancy.database import open_workspace
from csworkspace.tenancy.door import WorkspaceRef
from playbooks.indicators.asked import Known
from playbooks.indicators.days import EVERY, days_between
from playbooks.indicators.models import Indicator
from playbooks.indicators.naming import Names
from playbooks.indicators.queries import active_indicators
from playbooks.indicators.replay import Change, Tally, replay

HEADER = ["day", "indicator", "account_id", "account", "change", "value", "compared", "tested"]
LINE = "{:<34} {:>6} {:>9} {:>7} {:>7} {:>9} {:>9} {:>9}"


class Command(WorkspaceCommand):
    """Reads only: the readings of today stay as they are. See docs/indicators.md."""

    help = "Evaluate indicators as of past days, from the data known then, and say when they held."

    def add_arguments(self, parser: CommandParser) -> None:
        """The days, what was known, and the file."""
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", required=True, metavar="DAY", help="like 2014-01-06")
        parser.add_argument("--to", dest="last", required=True, metavar="DAY", help="like 2016-12-26")
        parser.add_argument(
            "--every", choices=list(EVERY), default="monday", help="which days; monday if not said"
        )
        parser.add_argument(
            "--known", choices=[str(known) for known in Known], default="recorded",
            help="recorded: what this workspace had that evening; received: what the source had, for history "
            "that was loaded later; now: what is known today",
        )  # fmt: skip
        parser.add_argument(
            "--indicator", action="append", metavar="KEY", help="only these; all active if not said"
        )
        parser.add_argument(
            "--csv", metavar="OUT.csv", help="one row for each day on which one began or ended to hold"
        )

    def run(self, workspace: WorkspaceRef, **options: Any) -> Mapping[str, Any]:
        """Day by day, each in a transaction of its own."""
        begun = time.monotonic()
        with open_workspace(workspace.id):
            days = _days(options, today())
            tallies = [Tally(one) for one in _indicators(options["indicator"])]
            names = Names()
            # Read before the first day, so that all days go by the same names.
            names.metrics, names.behaviours, names.segments  # noqa: B018
        changes: list[Change] = []
        for day in days:
            with open_workspace(workspace.id):
                changes += replay(tallies, day, Known(options["known"]), names)
        if options["csv"]:
            self._write(workspace, Path(options["csv"]), changes)
        if not options["json"]:
            self._table(tallies)
        return {
            "days": len(days),
            "indicators": len(tallies),
            "changes": len(changes),
            "seconds": round(time.monotonic() - begun, 1),
            **({"by_indicator": [_figures(tally) for tally in tallies]} if options["json"] else {}),
        }

    def _write(self, workspace: WorkspaceRef, path: Path, changes: list[Change]) -> None:
        with open_workspace(workspace.id):
            called = dict(Account.objects.values_list("pk", "name"))
        rows: Iterator[list[object]] = (
            [one.day.isoformat(), one.indicator, one.account_id, called.get(one.account_id, ""), *one[3:]]
            for one in changes
        )
        try:
            write_file(path, HEADER, rows)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}. Choose another place."
            ) from error

    def _table(self, tallies: list[Tally]) -> None:
        """A line for each indicator."""
        heads = ("indicator", "days", "judged", "began", "ended", "held", "no data", "accounts")
        self.stdout.write(LINE.format(*heads))
        for tally in tallies:
            self.stdout.write(LINE.format(*_figures(tally).values()))


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "indicator": tally.indicator.name[:34],
        "days": tally.days,
        "judged": tally.judged,
        "began": tally.began,
        "ended": tally.ended,
        "held": tally.held,
        "no_data": tally.no_data,
        "accounts": len(tally.accounts),
    }


def _days(options: Mapping[str, Any], today: date) -> list[date]:
    try:
        first, last = date.fromisoformat(options["first"]), date.fromisoformat(options["last"])
    except ValueError:
        raise CommandError("Write days like 2014-01-06.") from None
    if first > last or last > today:
        raise CommandError("The days must be in order, and none may lie ahead.")
    days = days_between(first, last, options["every"])
    if not days:
        raise CommandError(f"There is no {options['every']} between these days.")
    return days


def _indicators(keys: list[str] | None) -> list[Indicator]:
    found = list(active_indicators())
    wanted = found if keys is None else [one for one in found if one.key in keys]
    missing = set(keys or ()) - {one.key for one in wanted}
    if missing:
        raise CommandError(f"No active indicator has the key {', '.join(sorted(missing))}.")
    if not wanted:
        raise CommandError("No indicator is active. Add the ready-made set first: Settings, Indicators.")
    return wanted
