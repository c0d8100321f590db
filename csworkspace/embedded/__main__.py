"""`python -m csworkspace.embedded start|stop|status|urls|throw-away`: the services by hand, and for make."""

import argparse
import sys
from dataclasses import asdict

from csworkspace.embedded import services, supervisor, throwaway
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import state_dir


def main() -> None:
    """Do what the arguments say; the exit code is 0 when it worked (status: when all runs)."""
    parser = argparse.ArgumentParser(prog="python -m csworkspace.embedded", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "urls", "throw-away"])
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run with throw-away services")
    options = parser.parse_args()
    try:
        sys.exit(_run(options.action, options.command))
    except EmbeddedError as error:
        sys.exit(str(error))


def _run(action: str, command: list[str]) -> int:
    state = state_dir()
    if action == "start":
        services.ensure(state)
    elif action == "stop":
        supervisor.stop(state)
        services.stop(state)
    elif action == "urls":
        lines = [f"{name.upper()}={url}\n" for name, url in asdict(services.urls(state)).items()]
        sys.stdout.writelines(lines)
    elif action == "throw-away":
        return throwaway.run(command)
    return 0 if action != "status" or services.running(state) else 1


if __name__ == "__main__":
    main()
