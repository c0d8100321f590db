"""`python -m csworkspace.embedded start|stop|status|urls`: the services by hand, and for the Makefile."""

import argparse
import sys
from dataclasses import asdict

from csworkspace.embedded import services
from csworkspace.embedded.errors import EmbeddedError
from csworkspace.embedded.paths import state_dir


def main() -> None:
    """Do what the arguments say; the exit code is 0 when it worked (status: when all runs)."""
    parser = argparse.ArgumentParser(prog="python -m csworkspace.embedded", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "urls"])
    parser.add_argument("--throw-away", action="store_true", help="servers that may lose data (for tests)")
    options = parser.parse_args()
    try:
        _run(options.action, durable=not options.throw_away)
    except EmbeddedError as error:
        sys.exit(str(error))


def _run(action: str, *, durable: bool) -> None:
    state = state_dir()
    if action == "start":
        services.ensure(state, durable=durable)
    elif action == "stop":
        services.stop(state)
    elif action == "urls":
        print("\n".join(f"{name.upper()}={url}" for name, url in asdict(services.urls(state)).items()))
    elif not services.running(state):
        sys.exit(f"not running ({state})")


if __name__ == "__main__":
    main()
