"""`demo`: the workspaces to look around in."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser

from reports.demo.build import build, is_built, write_files
from reports.demo.cast import CUSTOMER, OTHER_SLUG, PASSWORD, SLUG, TEAM


class Command(BaseCommand):
    """Build the demo workspaces, show who may sign in, or write their data as files."""

    help = "Build the two demo workspaces; the same data for the same day."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do; without options the workspaces are built."""
        parser.add_argument("--if-missing", action="store_true", help="do nothing if they are complete")
        parser.add_argument("--sign-ins", action="store_true", help="only print the sign-ins")
        parser.add_argument("--write-files", metavar="DIR", help="only write accounts and usage as files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, print or write."""
        today = datetime.now(ZoneInfo("Europe/Oslo")).date()
        if options["sign_ins"]:
            self.show_sign_ins()
        elif options["write_files"]:
            for path in write_files(Path(options["write_files"]), today):
                self.stdout.write(str(path))
        elif is_built():
            self.stdout.write("The demo workspaces are there.")
        else:
            build(today)
            self.stdout.write("The demo workspaces are ready.")

    def show_sign_ins(self) -> None:
        """One line a person: role, address, password."""
        people: dict[str, str] = {}
        for _, local, role in TEAM:
            people.setdefault(role, f"{local}@{SLUG}.example")
        people |= {"customer": CUSTOMER[1], "another company": f"admin@{OTHER_SLUG}.example"}
        for role, email in people.items():
            self.stdout.write(f"{role:>16}  {email:<38} {PASSWORD}")
