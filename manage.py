#!/usr/bin/env python
"""Django's command line; on the embedded default it first sees that the services run."""

import os
import sys


def main() -> None:
    """Prepare what the command needs, then run it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csworkspace.settings")
    from csworkspace.embedded import commands

    commands.prepare(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
